import { isPurl } from "@touchmark/core";
import type { ArtifactFacts } from "@touchmark/policy";
import { type Artifact, digestsOf } from "@touchmark/verify";

/**
 * What a policy may know of an artifact before anybody's statements are looked at.
 *
 * @param packageName - the purl that the file's content gives; null where there is none, or nobody asked.
 */
export function artifactFacts(artifact: Artifact, packageName: string | null): ArtifactFacts {
  const { kind, name } = artifact;
  return {
    kind,
    name,
    names: [...new Set([...pathsOf(artifact), ...(packageName === null ? [] : [packageName])])],
    digests: digestsOf(artifact),
    platform: artifact.kind === "image" ? artifact.platform : null,
  };
}

/** A folder called `pkg:npm` makes no package of what lies in it: which one a file is, its content says. */
function pathsOf(artifact: Artifact): readonly string[] {
  return namesOf(artifact).filter((name) => !isPurl(name));
}

function namesOf(artifact: Artifact): readonly string[] {
  switch (artifact.kind) {
    case "digest":
    case "tree":
      return [artifact.name];
    case "file":
      return [artifact.name, baseName(artifact.name)];
    case "image": {
      const { repository, layout } = artifact;
      if (repository !== null) return [repository];
      // Of a layout nobody says the repository: what the user called it is all that there is.
      return layout === null ? [] : [layout, baseName(layout)];
    }
  }
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
