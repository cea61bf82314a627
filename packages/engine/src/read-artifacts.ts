import { type Code, type DigestSet, isTouchmarkError } from "@touchmark/core";
import type { Host } from "@touchmark/plugin";
import {
  type Artifact,
  acceptableAlgorithms,
  type Denials,
  findingOf,
  type ImageArtifact,
  type Verdict,
} from "@touchmark/verify";
import type { ImageItem, Item, TreeItem } from "./check-items.ts";
import { digestBytes } from "./digest-bytes.ts";
import type { Gathered } from "./gather-evidence.ts";
import { packageNameReader } from "./package-name.ts";

type Algorithms = ReturnType<typeof acceptableAlgorithms>;

/** What the judge needs to know of each item, hashed; of one that is not judged, its verdict. In the order of the items. */
export async function readArtifacts(
  items: readonly Item[],
  { evidence, setAside, gaps }: Pick<Gathered, "evidence" | "setAside" | "gaps">,
  denials: Denials | undefined,
  host: Host,
): Promise<ReadonlyMap<Item, Artifact | Verdict>> {
  const algorithms = acceptableAlgorithms(evidence, denials);
  const files = items.filter((item) => item.kind === "file");
  const hashed = await host.digest(
    files.map(({ file }) => file),
    algorithms,
  );
  const digestsOf = new Map<Item, DigestSet>(files.map((item, index) => [item, hashed[index] ?? {}]));
  const artifacts = new Map<Item, Artifact | Verdict>();
  for (const item of items) {
    switch (item.kind) {
      case "digest":
        artifacts.set(item, item);
        break;
      case "file": {
        const { name, place, file } = item;
        const digests = digestsOf.get(item) ?? {};
        const identify = packageNameReader(file, digests["sha256"], host);
        const looksLikeEvidence = setAside.has(file.path);
        artifacts.set(item, { kind: "file", name, place, digests, identify, looksLikeEvidence });
        break;
      }
      case "image":
        artifacts.set(item, imageArtifact(item, algorithms, gaps));
        break;
      case "tree":
        artifacts.set(item, await treeArtifact(item, algorithms, host));
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
function imageArtifact(item: ImageItem, algorithms: Algorithms, gaps: Gathered["gaps"]): ImageArtifact {
  const { name, repository, digest, platform, manifest, obstacle } = item;
  const [algorithm = "", hex = ""] = digest.split(":");
  const digests = { ...(manifest === null ? {} : digestBytes(manifest, algorithms)), [algorithm]: hex };
  return { kind: "image", name, repository, digests, platform, obstacle, gaps: gaps.get(item) ?? [] };
}

/** What a tree may hold that no NAR can. */
const REFUSED: readonly Code[] = ["FILE_REFUSED", "LIMIT_EXCEEDED", "NAME_REFUSED"];

async function treeArtifact({ name, path }: TreeItem, algorithms: Algorithms, host: Host): Promise<Artifact | Verdict> {
  try {
    const { kind, narSha256 } = await host.digestTree(path, { files: false });
    const [bytes] = kind === "file" ? await host.digest([await host.file(path)], algorithms) : [];
    return { kind: "tree", name, digests: { ...bytes, narSha256 } };
  } catch (error) {
    if (!isTouchmarkError(error) || !REFUSED.includes(error.code)) throw error;
    return { status: "not-covered", statements: [], findings: [findingOf(error, name)] };
  }
}
