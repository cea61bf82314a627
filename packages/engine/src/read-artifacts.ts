import type { AcceptableAlgorithm, Finding } from "@touchmark/core";
import type { Artifact, ImageArtifact, Verdict } from "@touchmark/verify";
import type { ImageItem, Item } from "./check-items.ts";
import { digestBytes } from "./digest-bytes.ts";
import { type Hashing, isVerdict } from "./hash-items.ts";

/** What evidence says of items before they are judged. */
interface Surroundings {
  /** Paths of files that are evidence as a whole. */
  readonly setAside: ReadonlySet<string>;
  /** Why some evidence about an image was not seen. */
  readonly gaps: ReadonlyMap<Item, readonly Finding[]>;
}

/**
 * What the judge needs to know of each item, hashed; of one that is not judged, its verdict. In the order of the items.
 *
 * @throws TouchmarkError as {@link Hashing}.
 */
export async function readArtifacts(
  items: readonly Item[],
  { setAside, gaps }: Surroundings,
  algorithms: readonly AcceptableAlgorithm[],
  hashing: Hashing,
): Promise<ReadonlyMap<Item, Artifact | Verdict>> {
  const { digests: digestsOf, packageNames } = await hashing.with(algorithms);
  const artifacts = new Map<Item, Artifact | Verdict>();
  for (const item of items) {
    switch (item.kind) {
      case "digest":
        artifacts.set(item, item);
        break;
      case "file":
      case "tree": {
        const digests = digestsOf.get(item) ?? {};
        const { name } = item;
        if (isVerdict(digests)) artifacts.set(item, digests);
        else if (item.kind === "tree") artifacts.set(item, { kind: "tree", name, digests });
        else {
          const looksLikeEvidence = setAside.has(item.file.path);
          const identify = packageNames.get(item) ?? null;
          const { package: expected, gaps: unseen } = item.brought ?? { package: null, gaps: [] };
          artifacts.set(item, {
            ...{ kind: "file", name, place: item.place, digests, identify, looksLikeEvidence, gaps: unseen },
            ...(expected === null ? {} : { package: expected }),
          });
        }
        break;
      }
      case "image":
        artifacts.set(item, imageArtifact(item, algorithms, gaps));
        break;
      case "evidence":
        artifacts.set(item, { status: "evidence", statements: [], findings: [] });
        break;
      case "refused":
        artifacts.set(item, { status: item.status, statements: [], findings: [item.finding] });
        break;
    }
  }
  return artifacts;
}

/** The digest by which the image was asked for stands among the others: it may be one that no subject uses. */
function imageArtifact(
  item: ImageItem,
  algorithms: readonly AcceptableAlgorithm[],
  gaps: Surroundings["gaps"],
): ImageArtifact {
  const { name, repository, layout, digest, platform, manifest, obstacle } = item;
  const [algorithm = "", hex = ""] = digest.split(":");
  const digests = { ...(manifest === null ? {} : digestBytes(manifest, algorithms)), [algorithm]: hex };
  const seen = { digests, platform, obstacle, gaps: gaps.get(item) ?? [] };
  return { kind: "image", name, repository, layout, ...(item.isClaimed && { isClaimed: true }), ...seen };
}

export function isArtifact(one: Artifact | Verdict): one is Artifact {
  return "kind" in one;
}
