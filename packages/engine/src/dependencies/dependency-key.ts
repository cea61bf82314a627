import { type Dependency, isTreeAlgorithm, readSource, TREE_ALGORITHMS, type TreeAlgorithm } from "@touchmark/core";

/** How a dependency is known, and with it what may be asked about it. */
export type DependencyKey =
  /** By its bytes. */
  | { readonly kind: "digest"; readonly text: string; readonly algorithm: TreeAlgorithm; readonly hex: string }
  /** A revision of a repository, which the source track is about. */
  | { readonly kind: "revision"; readonly text: string; readonly hex: string }
  /** By its name alone, which proves nothing: nobody can say what it was. */
  | { readonly kind: "name"; readonly text: string };

/** The same dependency, stated by several builds, has one key: where it has several digests, by the first that counts. */
export function dependencyKey({ digest = {}, uri, name }: Dependency): DependencyKey {
  const algorithm = TREE_ALGORITHMS.find((one) => Object.hasOwn(digest, one));
  if (algorithm !== undefined) {
    const hex = digest[algorithm] ?? "";
    return { kind: "digest", text: `${algorithm}:${hex}`, algorithm, hex };
  }
  // Provenance v0.2 has commits as sha1.
  const commit = readSource({ uri, digest })?.commit ?? digest[GIT_COMMIT];
  if (commit !== undefined) return { kind: "revision", text: `${GIT_COMMIT}:${commit}`, hex: commit };
  const [other] = Object.entries(digest).sort(([left], [right]) => (left < right ? -1 : 1));
  const weak = other === undefined ? "" : ` ${other[0]}:${other[1]}`;
  return { kind: "name", text: `${uri ?? name ?? "unnamed"}${weak}` };
}

/** https://slsa.dev/spec/v1.2/source-requirements: a source revision is known by this digest. */
export const GIT_COMMIT = "gitCommit";

/** The key of what a report names by `ALGORITHM:HEX`; null for none. */
export function keyOfDigest(digest: string | null): string | null {
  if (digest === null) return null;
  return isTreeAlgorithm(digest.slice(0, digest.indexOf(":"))) ? digest : null;
}
