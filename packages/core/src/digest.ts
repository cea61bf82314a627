import * as z from "zod/mini";
import { decodeBase64 } from "./base64.ts";
import { TouchmarkError } from "./errors.ts";

/**
 * Digest algorithms by their in-toto name, with the length of the value in hex digits.
 * Source: https://github.com/in-toto/attestation/blob/main/spec/v1/digest_set.md
 * `narSha256` is our own key: SHA-256 over the NAR serialisation of a tree (docs/digests.md).
 */
const HEX_LENGTH = {
  sha256: 64,
  sha224: 56,
  sha384: 96,
  sha512: 128,
  sha512_224: 56,
  sha512_256: 64,
  sha3_224: 56,
  sha3_256: 64,
  sha3_384: 96,
  sha3_512: 128,
  blake2b: 128,
  blake2s: 64,
  sm3: 64,
  sha1: 40,
  md5: 32,
  narSha256: 64,
} as const;

/** in-toto digest_set.md: SHA-1 or SHA-256 of a git object, in lowercase hex. */
const GIT_OBJECTS: readonly string[] = ["gitCommit", "gitTree", "gitBlob", "gitTag"];

/** An algorithm that is computed over bytes, by its in-toto name. */
export type DigestAlgorithm = keyof typeof HEX_LENGTH;

/**
 * Algorithms that may decide whether an artifact is covered: second-preimage resistance of 128 bits or more, over the
 * artifact's bytes. in-toto, DigestSet: "Consumers MUST only accept algorithms they consider secure and MUST ignore the
 * rest" (https://github.com/in-toto/attestation/blob/main/spec/v1/digest_set.md).
 */
export const ACCEPTABLE_ALGORITHMS = [
  "sha256",
  "sha384",
  "sha512",
  "sha512_256",
  "sha3_256",
  "sha3_384",
  "sha3_512",
  "blake2b",
  "blake2s",
] as const satisfies readonly DigestAlgorithm[];

export type AcceptableAlgorithm = (typeof ACCEPTABLE_ALGORITHMS)[number];

/**
 * Algorithms that may decide about a tree: `narSha256` over all of it, the acceptable ones for the bytes of a single file.
 * `dirHash` is not among them: two trees that behave differently can have the same one (docs/digests.md).
 */
export const TREE_ALGORITHMS = [...ACCEPTABLE_ALGORITHMS, "narSha256"] as const satisfies readonly DigestAlgorithm[];

export type TreeAlgorithm = (typeof TREE_ALGORITHMS)[number];

/** Algorithm name → lowercase hex; other keys of in-toto (gitCommit, dirHash …) may stand in it too. */
export type DigestSet = Readonly<Record<string, string>>;

/** A digest set in somebody's document, where `{}` says as little as null. One issue, however many entries are wrong. */
export const DigestSetOrEmpty = z.record(z.string(), z.unknown()).check(
  z.refine((set) => Object.keys(set).length <= 32, { message: "a digest set has at most 32 digests", abort: true }),
  z.refine((set) => Object.entries(set).every(isEntry), {
    message: "a digest is not text, or not lowercase hex of its algorithm's length",
  }),
  z.meta({
    propertyNames: { minLength: 1, maxLength: 64 },
    additionalProperties: { type: "string", minLength: 1, maxLength: 1024 },
  }),
) as unknown as z.ZodMiniType<DigestSet>;

function isEntry([name, value]: readonly [string, unknown]): boolean {
  return (
    inRange(name.length, 64) &&
    typeof value === "string" &&
    inRange(value.length, 1024) &&
    isWellFormedDigest(name, value)
  );
}

function inRange(length: number, max: number): boolean {
  return length > 0 && length <= max;
}

/** `{sha256: "<64 hex>"}` and the like; every value a non-empty string, known algorithms as lowercase hex of their length. */
export const DigestSet = DigestSetOrEmpty.check(
  z.refine((set) => Object.keys(set).length > 0, "a digest set needs at least one digest"),
);

/**
 * A digest set in a document of our own. Also refuses keys by which one set could look like another: `SHA256` and
 * `sha2-256` beside in-toto's `sha256`; and values with white space or anything else that a terminal would not show.
 */
export const OwnDigestSet = DigestSet.check(
  z.refine((set) => Object.entries(set).every(isOwnEntry), {
    message: "a digest has a key that is not in-toto's spelling, or a value that is not printable ASCII",
  }),
);

/** @param entry - of a set that is not known to be well formed: zod asks every refinement, whatever failed before it. */
function isOwnEntry([name, value]: readonly [string, unknown]): boolean {
  const known = [...Object.keys(HEX_LENGTH), ...GIT_OBJECTS].find((key) => key.toLowerCase() === name.toLowerCase());
  return (
    /^[A-Za-z][A-Za-z0-9_]*$/.test(name) &&
    (known ?? algorithmByName(name) ?? name) === name &&
    typeof value === "string" &&
    /^[\x21-\x7e]+$/.test(value)
  );
}

export function isDigestAlgorithm(name: string): name is DigestAlgorithm {
  return Object.hasOwn(HEX_LENGTH, name);
}

export function isAcceptableAlgorithm(name: string): name is AcceptableAlgorithm {
  return (ACCEPTABLE_ALGORITHMS as readonly string[]).includes(name);
}

export function isTreeAlgorithm(name: string): name is TreeAlgorithm {
  return (TREE_ALGORITHMS as readonly string[]).includes(name);
}

/** True unless `name` is a known algorithm whose `value` is not lowercase hex of the right length. */
export function isWellFormedDigest(name: string, value: string): boolean {
  if (isDigestAlgorithm(name)) return value.length === HEX_LENGTH[name] && /^[0-9a-f]+$/.test(value);
  if (GIT_OBJECTS.includes(name)) return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(value);
  return true;
}

/**
 * Reads `sha256:<hex>` and the like. Upper case hex is accepted and lowered; the algorithm is taken by its name, never
 * guessed from the length.
 *
 * @throws TouchmarkError `INPUT_INVALID` for an unknown algorithm or a value that is not hex of its length.
 */
export function parseDigest(text: string, what = "digest"): { algorithm: DigestAlgorithm; hex: string } {
  const colon = text.indexOf(":");
  const algorithm = algorithmByName(text.slice(0, Math.max(colon, 0)));
  const hex = text.slice(colon + 1).toLowerCase();
  if (colon < 1 || algorithm === null || !isWellFormedDigest(algorithm, hex)) {
    throw new TouchmarkError("INPUT_INVALID", `${what} is not a digest that we know`, {
      expected: "ALGORITHM:HEX, such as sha256:<64 hex digits>",
      actual: JSON.stringify(text.slice(0, 160)),
    });
  }
  return { algorithm, hex };
}

/**
 * The in-toto name of an algorithm that a tool wrote its own way: `SHA2-256`, `sha3-256`, `SHA512`, `BLAKE2b-512`.
 * `null` for names without an in-toto key (blake3, crc32): they are never emitted.
 */
export function algorithmByName(name: string): DigestAlgorithm | null {
  const spelled = name.trim().toLowerCase().replaceAll(/[-/]/g, "_");
  const plain = spelled.replace(/^sha2_(?=\d{3}(?:_|$))/, "sha").replace(/^sha_(?=\d)/, "sha");
  const candidate = plain === "blake2b_512" ? "blake2b" : plain === "blake2s_256" ? "blake2s" : plain;
  return isDigestAlgorithm(candidate) ? candidate : null; // narSha256 has a capital and is never found
}

/** `"sha256:ab…"`: sha256 when it is in the set, else the first acceptable one, else narSha256, else null. */
export function showDigest(set: DigestSet): string | null {
  const algorithm = TREE_ALGORITHMS.find((name) => Object.hasOwn(set, name));
  return algorithm === undefined ? null : `${algorithm}:${set[algorithm]}`;
}

/** True when both sets have the same keys with the same values. */
export function sameDigests(left: DigestSet, right: DigestSet): boolean {
  const names = Object.keys(left);
  return names.length === Object.keys(right).length && names.every((name) => left[name] === right[name]);
}

/** How a subject's digests compare with an artifact's. */
export type DigestComparison =
  /** Every acceptable algorithm of the subject was there to compare and is equal. */
  | { readonly kind: "match"; readonly algorithm: TreeAlgorithm }
  /** No acceptable digest is equal. */
  | { readonly kind: "differ" }
  /** Some acceptable digests are equal and others are not: the set was made from different bytes. */
  | { readonly kind: "conflict"; readonly equal: TreeAlgorithm; readonly different: TreeAlgorithm }
  /** The subject has no algorithm that we accept and know of the artifact. */
  | { readonly kind: "incomparable" };

/**
 * Compares a subject's digest set with the digests of an artifact whose bytes we hold.
 *
 * in-toto lets any equal digest match; with bytes at hand every acceptable one must, so that a set that mixes the
 * digests of two files covers neither.
 *
 * @param actual - digests computed over the artifact; must have every acceptable algorithm of `subject` for a `match`.
 */
export function compareWithBytes(subject: DigestSet, actual: DigestSet): DigestComparison {
  return compareBy(ACCEPTABLE_ALGORITHMS, subject, actual);
}

/**
 * Compares a subject's digest set with the digests of a tree that was read: `narSha256`, and of a single file also those
 * of its bytes. A digest of bytes in a set about a folder cannot be right, so that such a set covers none.
 *
 * @returns `incomparable` also when the subject has digests of another kind only: those of a file, for a folder.
 */
export function compareWithTree(subject: DigestSet, actual: DigestSet): DigestComparison {
  const comparable = TREE_ALGORITHMS.some((name) => Object.hasOwn(subject, name) && Object.hasOwn(actual, name));
  return comparable ? compareBy(TREE_ALGORITHMS, subject, actual) : { kind: "incomparable" };
}

function compareBy(algorithms: readonly TreeAlgorithm[], subject: DigestSet, actual: DigestSet): DigestComparison {
  const names = algorithms.filter((name) => Object.hasOwn(subject, name));
  const equal = names.find((name) => subject[name] === actual[name]);
  const different = names.find((name) => subject[name] !== actual[name]);
  if (names.length === 0) return { kind: "incomparable" };
  if (equal === undefined) return { kind: "differ" };
  if (different !== undefined) return { kind: "conflict", equal, different };
  return { kind: "match", algorithm: equal };
}

/** Compares a subject's digest set with one digest that the user named; there are no bytes, so one equal digest matches. */
export function compareWithDigest(subject: DigestSet, algorithm: TreeAlgorithm, hex: string): DigestComparison {
  const value = Object.hasOwn(subject, algorithm) ? subject[algorithm] : undefined;
  if (value === undefined) return { kind: "incomparable" };
  return value === hex ? { kind: "match", algorithm } : { kind: "differ" };
}

/**
 * Digests of a Subresource Integrity string (npm's `integrity`), as hex: `sha512-<base64> sha1-<base64>?opt`.
 * Source: https://www.w3.org/TR/SRI/ ; unknown algorithms are ignored, as the recommendation wants.
 *
 * @returns an empty set when no algorithm in it is known.
 * @throws TouchmarkError `INPUT_INVALID` for a value that its algorithm cannot have, and for two different values of one
 * algorithm: the recommendation would take either, and a statement must not choose.
 */
export function parseIntegrity(integrity: string): DigestSet {
  const digests: Record<string, string> = {};
  for (const part of integrity.trim().split(/\s+/)) {
    const match = /^(sha(?:1|256|384|512))-([^?]*)/.exec(part);
    if (match?.[1] === undefined || match[2] === undefined) continue;
    const [, algorithm, base64] = match;
    const hex = Buffer.from(decodeBase64(base64, `the integrity ${algorithm}`)).toString("hex");
    if (!isWellFormedDigest(algorithm, hex) || (digests[algorithm] ?? hex) !== hex) {
      throw new TouchmarkError("INPUT_INVALID", `the integrity has no single ${algorithm} digest`, {
        expected: `one ${algorithm}-<base64 of its length>`,
        actual: JSON.stringify(integrity.slice(0, 300)),
      });
    }
    digests[algorithm] = hex;
  }
  return digests;
}
