import { compareText, TouchmarkError } from "@touchmark/core";
import { parseReference } from "@touchmark/oci";
import type { BuiltImage } from "./built-image.ts";
import { grouped } from "./grouped.ts";

/** A repository that an image is in, and its tags there. */
export interface Place {
  readonly registry: string;
  readonly repository: string;
  /** `registry/repository`: the subject's name. */
  readonly name: string;
  /** Sorted. */
  readonly tags: readonly string[];
}

/** The option `repository`. */
export type Repository = Pick<Place, "registry" | "repository" | "name">;

/** @throws TouchmarkError `CONFIG_INVALID` for what is no repository, or more than one. */
export function readRepository(text: string): Repository {
  try {
    const { registry, repository, name, tag, digest } = parseReference(text, "the option repository");
    if (tag === null && digest === null) return { registry, repository, name };
  } catch (cause) {
    throw notRepository(text, cause);
  }
  throw notRepository(text, undefined);
}

function notRepository(text: string, cause: unknown): TouchmarkError {
  return new TouchmarkError("CONFIG_INVALID", "the option repository is not a repository", {
    expected: "HOST/REPOSITORY without tag and digest, such as ghcr.io/octo/app",
    actual: JSON.stringify(text.replace(/^.*@/s, "…@").slice(0, 200)),
    cause,
  });
}

/**
 * Every repository that an image is in: those that its tool named, else the one that the user named.
 *
 * What docker fills in for a name without a registry, `docker.io/library/`, gives way to the user's word: only Docker
 * pushes there.
 *
 * @returns sorted by name, each once.
 * @throws TouchmarkError `INPUT_INVALID` when nobody named one; `ARTIFACT_UNEXPECTED` when the tool named others than the
 * user: which of them is meant is not for us to say.
 */
export function placesOf(image: BuiltImage, repository: Repository | null): readonly Place[] {
  const { names, label } = image;
  const elsewhere = names.filter(({ registry, repository: path }) => !isFilledIn(registry, path));
  if (repository !== null && elsewhere.length === 0) {
    return [{ ...repository, tags: tagsOf(names) }];
  }
  if (names.length === 0) {
    throw new TouchmarkError("INPUT_INVALID", `${label} does not say which repository the image is in`, {
      expected: "the option repository, such as --from buildx:FILE,repository=ghcr.io/octo/app",
      actual: image.digest,
    });
  }
  const byName = grouped(names, ({ name }) => name);
  if (repository !== null && !byName.has(repository.name)) {
    throw new TouchmarkError("ARTIFACT_UNEXPECTED", `${label} names another repository than the option repository`, {
      expected: repository.name,
      actual: [...byName.keys()].sort(compareText).slice(0, 20).join(", "),
    });
  }
  return [...byName]
    .map(([name, references]) => ({
      registry: references[0]?.registry ?? "",
      repository: references[0]?.repository ?? "",
      name,
      tags: tagsOf(references),
    }))
    .sort((left, right) => compareText(left.name, right.name));
}

function isFilledIn(registry: string, path: string): boolean {
  return registry === "docker.io" && path.startsWith("library/");
}

function tagsOf(names: BuiltImage["names"]): readonly string[] {
  return [...new Set(names.flatMap(({ tag }) => (tag === null ? [] : [tag])))].sort(compareText);
}
