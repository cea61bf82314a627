import {
  type AcceptableAlgorithm,
  type Code,
  type DigestSet,
  findingOf,
  isTouchmarkError,
  TouchmarkError,
} from "@touchmark/core";
import type { Host } from "@touchmark/plugin";
import type { Verdict } from "@touchmark/verify";
import type { FileItem, Item, TreeItem } from "./check-items.ts";
import { packageNameReader } from "./package-name.ts";

/** Files and trees, read and hashed. */
interface HashedItems {
  /** Digests of the bytes; of a tree `narSha256` as well, or why it has none. */
  readonly digests: ReadonlyMap<Item, DigestSet | Verdict>;
  /** For files that may be packages; each is opened once at most. */
  readonly packageNames: ReadonlyMap<Item, () => Promise<string | null>>;
}

/** Hashes the same items again and again, and reads them again only where it must. */
export interface Hashing {
  /**
   * @param algorithms - those that are wanted, and no others.
   * @throws TouchmarkError `FILE_CHANGED` when bytes that were hashed before are others now; what the host throws.
   */
  with(algorithms: readonly AcceptableAlgorithm[]): Promise<HashedItems>;
}

export function hashingOf(items: readonly Item[], host: Host): Hashing {
  let known: (HashedItems & { readonly algorithms: readonly AcceptableAlgorithm[] }) | null = null;
  return {
    async with(algorithms) {
      if (known === null || algorithms.some((name) => !known?.algorithms.includes(name))) {
        const again = await hashAll(items, algorithms, host);
        if (known !== null) requireSame(known, again);
        known = { ...again, packageNames: known?.packageNames ?? again.packageNames, algorithms };
      }
      const { digests, packageNames } = known;
      if (known.algorithms.every((name) => algorithms.includes(name))) return known;
      return { digests: new Map([...digests].map(([item, found]) => [item, among(found, algorithms)])), packageNames };
    },
  };
}

async function hashAll(
  items: readonly Item[],
  algorithms: readonly AcceptableAlgorithm[],
  host: Host,
): Promise<HashedItems> {
  const digests = new Map<Item, DigestSet | Verdict>();
  const packageNames = new Map<Item, () => Promise<string | null>>();
  const files = items.filter((item): item is FileItem => item.kind === "file");
  const hashed = await host.digest(
    files.map(({ file }) => file),
    algorithms,
  );
  for (const [index, item] of files.entries()) {
    const found = hashed[index] ?? {};
    digests.set(item, found);
    const read = packageNameReader(item.file, found["sha256"], host);
    if (read !== null) packageNames.set(item, once(read));
  }
  for (const item of items) if (item.kind === "tree") digests.set(item, await hashTree(item, algorithms, host));
  return { digests, packageNames };
}

/** What a tree may hold that no NAR can. */
const REFUSED: readonly Code[] = ["FILE_REFUSED", "LIMIT_EXCEEDED", "NAME_REFUSED"];

async function hashTree(
  { name, path }: TreeItem,
  algorithms: readonly AcceptableAlgorithm[],
  host: Host,
): Promise<DigestSet | Verdict> {
  try {
    const { kind, narSha256 } = await host.digestTree(path, { files: false });
    const [bytes] = kind === "file" ? await host.digest([await host.file(path)], algorithms) : [];
    return { ...bytes, narSha256 };
  } catch (error) {
    if (!isTouchmarkError(error) || !REFUSED.includes(error.code)) throw error;
    return { status: "not-covered", statements: [], findings: [findingOf(error, name)] };
  }
}

/** Two readings of one file must not be mixed: somebody could show other bytes to each. */
function requireSame(before: HashedItems, after: HashedItems): void {
  for (const [item, found] of after.digests) {
    const known = before.digests.get(item);
    const changed = Object.entries(found).some(
      ([name, value]) => typeof value === "string" && known !== undefined && differs(known, name, value),
    );
    if (!changed) continue;
    throw new TouchmarkError("FILE_CHANGED", `${item.name} changed while it was verified`, {
      expected: "a file that nobody writes any more",
      actual: "other bytes than those that were hashed before",
    });
  }
}

function differs(known: DigestSet | Verdict, name: string, value: string): boolean {
  return !isVerdict(known) && known[name] !== undefined && known[name] !== value;
}

function among(found: DigestSet | Verdict, algorithms: readonly string[]): DigestSet | Verdict {
  if (isVerdict(found)) return found;
  return Object.fromEntries(
    Object.entries(found).filter(([name]) => name === "narSha256" || algorithms.includes(name)),
  );
}

export function isVerdict(found: DigestSet | Verdict): found is Verdict {
  return Array.isArray(found["findings"]);
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => {
    made ??= make();
    return made;
  };
}
