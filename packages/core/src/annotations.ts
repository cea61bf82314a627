/**
 * The prefix of annotation keys that only Touchmark writes, at the time the statement is generated. A subjects file or
 * an adapter that brings one is refused: a build job must not speak for the generator. Page: docs/annotations.md
 */
export const RESERVED_ANNOTATION_PREFIX = "https://touchmark.dev/";

/** On what a build tool reported: the adapter's name; on a checkout: `checkout`. */
export const REPORTED_BY = `${RESERVED_ANNOTATION_PREFIX}reported-by`;
/** On a subject whose digest was declared by a list and never compared with bytes. */
export const DECLARED = `${RESERVED_ANNOTATION_PREFIX}declared`;
/** On a checkout whose tracked files differed from its commit. */
export const DIRTY = `${RESERVED_ANNOTATION_PREFIX}dirty`;

/**
 * True for a key that is ours, and for one that a person or a careless parser would take for ours: another case or
 * scheme, a port, `www.`, full-width letters, other dots, invisible characters.
 */
export function isReservedAnnotation(key: string): boolean {
  const plain = key
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[\u3002\uff61]/g, ".") // IDNA (UTS 46) maps both to a full stop
    .replaceAll(/[\p{Cf}\p{Cc}\s]/gu, "");
  return plain.includes("touchmark.dev");
}
