import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  ACCEPTABLE_ALGORITHMS,
  algorithmByName,
  compareWithBytes,
  compareWithDigest,
  compareWithTree,
  DigestSet,
  DigestSetOrEmpty,
  isAcceptableAlgorithm,
  isDigestAlgorithm,
  isWellFormedDigest,
  OwnDigestSet,
  parseDigest,
  parseIntegrity,
  sameDigests,
  showDigest,
} from "./digest.ts";

const hex = (length: number, digit = "a") => digit.repeat(length);
const [A, B] = [hex(64, "a"), hex(64, "b")];

describe("digest sets in somebody's document", () => {
  test.each([
    ["one", { sha256: A }],
    ["several", { sha256: A, sha512: hex(128), sha1: hex(40), gitCommit: hex(40), dirHash: "h1:x=" }],
    ["a git object of a SHA-256 repository", { gitTree: hex(64) }],
    ["32 of them", Object.fromEntries(Array.from({ length: 32 }, (_, at) => [`k${at}`, "v"]))],
    ["an unknown key in any spelling", { SHA256: "x y" }],
  ])("%s", (_what, set) => {
    expect(DigestSet.parse(set)).toEqual(set);
  });

  test.each([
    ["upper case", { sha256: hex(64, "A") }],
    ["the length of another algorithm", { sha256: hex(128) }],
    ["no hex", { sha256: hex(64, "g") }],
    ["a line end after it", { sha256: `${A}\n` }],
    ["an empty value", { other: "" }],
    ["an empty key", { "": "v" }],
    ["a long key", { [hex(65)]: "v" }],
    ["a long value", { other: hex(1025) }],
    ["a number", { other: 1 }],
    ["a git commit in upper case", { gitCommit: hex(40, "A") }],
    ["a short git commit", { gitCommit: hex(7) }],
    ["33 of them", Object.fromEntries(Array.from({ length: 33 }, (_, at) => [`k${at}`, "v"]))],
    ["a list", [A]],
    ["text", A],
    ["null", null],
  ])("%s is refused, with one issue", (_what, set) => {
    expect(DigestSet.safeParse(set).error?.issues).toHaveLength(1);
    expect(DigestSetOrEmpty.safeParse(set).error?.issues).toHaveLength(1);
  });

  test("the empty set is no digest", () => {
    expect(DigestSetOrEmpty.safeParse({}).success).toBe(true);
    expect(DigestSet.safeParse({}).error?.issues).toMatchObject([
      { message: "a digest set needs at least one digest" },
    ]);
  });
});

describe("digest sets in our own documents", () => {
  test.each([["sha256"], ["narSha256"], ["sha3_256"], ["sha512_256"], ["blake2b"]])("%s", (name) => {
    const set = { [name]: hex(name === "blake2b" ? 128 : 64) };
    expect(OwnDigestSet.parse(set)).toEqual(set);
  });

  test("other keys of in-toto", () => {
    expect(OwnDigestSet.parse({ dirHash: "h1:abc=", gitTag: hex(40), swhid: "x" })).toHaveProperty("dirHash");
  });

  test.each([
    ["another case", "SHA256"],
    ["another spelling", "sha2_256"],
    ["another spelling with a mark", "sha3-256"],
    ["another case of our own key", "NARSHA256"],
    ["another case of a git object", "gitcommit"],
    ["the alias of coreutils", "blake2b_512"],
    ["a space", "my hash"],
    ["a letter that looks like one", "shа256"],
    ["a member of every object", "__proto__x"],
  ])("%s is refused: %s", (_what, name) => {
    expect(OwnDigestSet.safeParse({ sha256: A, [name]: A }).success).toBe(false);
  });

  test.each([["two\nlines"], ["a b"], ["\u202e"], ["é"]])("the value %j is refused", (value) => {
    expect(OwnDigestSet.safeParse({ sha256: A, other: value }).success).toBe(false);
  });

  test("refuses a value that no text can be made of", () => {
    expect(OwnDigestSet.safeParse({ sha256: A, sha1: { toString: 1, valueOf: 1 } }).success).toBe(false);
  });
});

test.each([
  ["SHA-256", "sha256"],
  ["sha256", "sha256"],
  ["SHA2-256", "sha256"],
  ["SHA_256", "sha256"],
  ["sha512/256", "sha512_256"],
  ["SHA2-512/224", "sha512_224"],
  ["SHA3-512", "sha3_512"],
  ["SHA-3-384", "sha3_384"],
  [" md5 ", "md5"],
  ["BLAKE2b-512", "blake2b"],
  ["BLAKE2b", "blake2b"],
  ["BLAKE2s-256", "blake2s"],
  ["SM3", "sm3"],
  ["SHA-1", "sha1"],
  ["blake3", null],
  ["crc32", null],
  ["sha", null],
  ["sha2-1", null],
  ["sha2-3-256", null],
  ["BLAKE2b-256", null],
  ["narSha256", null],
  ["constructor", null],
  ["__proto__", null],
  ["", null],
])("the algorithm %j is %j", (name, algorithm) => {
  expect(algorithmByName(name)).toBe(algorithm);
});

test("known and acceptable algorithms", () => {
  expect(isDigestAlgorithm("narSha256")).toBe(true);
  expect(isDigestAlgorithm("toString")).toBe(false);
  expect(ACCEPTABLE_ALGORITHMS.filter((name) => !isAcceptableAlgorithm(name) || !isDigestAlgorithm(name))).toEqual([]);
  // Below 128 bits of second-preimage resistance, or not over an artifact's bytes.
  for (const weak of ["md5", "sha1", "sha224", "sha512_224", "sha3_224", "sm3", "narSha256", "dirHash"]) {
    expect([weak, isAcceptableAlgorithm(weak)]).toEqual([weak, false]);
  }
});

test("lengths of node's own digests are those of the table", () => {
  const names = {
    sha256: "sha256",
    sha384: "sha384",
    sha512: "sha512",
    sha512_256: "sha512-256",
    sha3_384: "sha3-384",
  };
  for (const [name, node] of Object.entries({ ...names, blake2b: "blake2b512", blake2s: "blake2s256", md5: "md5" })) {
    expect([name, isWellFormedDigest(name, createHash(node).digest("hex"))]).toEqual([name, true]);
    expect([name, isWellFormedDigest(name, createHash(node).digest("hex").slice(1))]).toEqual([name, false]);
  }
});

describe("parseDigest", () => {
  test("names in any spelling, hex in any case", () => {
    expect(parseDigest(`SHA-512:${hex(128, "A")}`)).toEqual({ algorithm: "sha512", hex: hex(128) });
  });

  test.each([
    "",
    A,
    `:${A}`,
    "sha256",
    "sha256:",
    `sha256:${A}0`,
    `sha256:${hex(64, "x")}`,
    `blake3:${A}`,
    `sha512:${A}`,
  ])("%j is refused", (text) => {
    expect(() => parseDigest(text, "the target")).toThrow(
      expect.objectContaining({ code: "INPUT_INVALID", message: "the target is not a digest that we know" }),
    );
  });
});

test("showDigest asks for algorithms by name, strongest custom first", () => {
  expect(showDigest({ md5: hex(32), sha512: hex(128), sha256: A })).toBe(`sha256:${A}`);
  expect(showDigest({ blake2s: B, sha3_256: A })).toBe(`sha3_256:${A}`);
  expect(showDigest({ narSha256: A, sha512: hex(128) })).toBe(`sha512:${hex(128)}`);
  expect(showDigest({ narSha256: A, md5: hex(32) })).toBe(`narSha256:${A}`);
  expect(showDigest({ dirHash: A, md5: hex(32) })).toBeNull();
});

test("sameDigests compares keys and values", () => {
  expect(sameDigests({ sha256: A, md5: "m" }, { md5: "m", sha256: A })).toBe(true);
  expect(sameDigests({ sha256: A }, { sha256: B })).toBe(false);
  expect(sameDigests({ sha256: A }, { sha512: A })).toBe(false);
  expect(sameDigests({ sha256: A }, { sha256: A, md5: "m" })).toBe(false);
  expect(sameDigests({ constructor: "x" }, { toString: "x" })).toBe(false);
});

describe("comparing", () => {
  const other = { sha256: B, sha512: hex(128, "b") };
  const own = { sha256: A, sha512: hex(128, "a") };

  test.each([
    ["all equal", own, { kind: "match", algorithm: "sha256" }],
    ["one, equal", { sha512: own.sha512 }, { kind: "match", algorithm: "sha512" }],
    ["weak ones do not count", { sha256: A, md5: "0".repeat(32) }, { kind: "match", algorithm: "sha256" }],
    ["all different", other, { kind: "differ" }],
    [
      "two files' digests in one set",
      { sha256: A, sha512: other.sha512 },
      { kind: "conflict", equal: "sha256", different: "sha512" },
    ],
    [
      "an algorithm that nobody computed",
      { sha256: A, blake2s: B },
      { kind: "conflict", equal: "sha256", different: "blake2s" },
    ],
    ["only weak ones", { md5: hex(32), sha1: hex(40) }, { kind: "incomparable" }],
    ["a directory", { narSha256: A }, { kind: "incomparable" }],
    ["nothing", {}, { kind: "incomparable" }],
  ])("with bytes: %s", (_what, subject, expected) => {
    expect(compareWithBytes(subject, { ...own, md5: hex(32), narSha256: A })).toEqual(expected);
  });

  test.each([
    ["equal", own, { kind: "match", algorithm: "sha256" }],
    ["different", { sha256: B, sha512: own.sha512 }, { kind: "differ" }],
    ["another algorithm", { sha512: own.sha512 }, { kind: "incomparable" }],
  ])("with one digest: %s", (_what, subject, expected) => {
    expect(compareWithDigest(subject, "sha256", A)).toEqual(expected);
  });

  const folder = { narSha256: A };
  const single = { narSha256: A, sha256: B };
  test.each([
    ["a folder, equal", { narSha256: A }, folder, { kind: "match", algorithm: "narSha256" }],
    ["a folder, another", { narSha256: B, dirHash: A }, folder, { kind: "differ" }],
    ["a folder that has a digest of bytes", { narSha256: A, sha256: B }, folder, { kind: "conflict" }],
    ["a folder for a file", { sha256: A }, folder, { kind: "incomparable" }],
    ["a folder with dirHash alone", { dirHash: A }, { ...folder, dirHash: A }, { kind: "incomparable" }],
    ["a file by its tree", { narSha256: A }, single, { kind: "match", algorithm: "narSha256" }],
    ["a file by its bytes", { sha256: B }, single, { kind: "match", algorithm: "sha256" }],
    ["a file by both", { sha256: B, narSha256: A }, single, { kind: "match", algorithm: "sha256" }],
    ["a file with another tree", { sha256: B, narSha256: B }, single, { kind: "conflict" }],
    ["a tree's digest in the place of the bytes'", { sha256: A }, single, { kind: "differ" }],
  ])("with a tree: %s", (_what, subject, actual, expected) => {
    expect(compareWithTree(subject, actual)).toMatchObject(expected);
  });

  test("match means every acceptable digest is equal, and there is one", () => {
    const algorithm = fc.constantFrom("sha256", "sha512", "blake2b", "md5", "narSha256", "dirHash");
    const set = fc.dictionary(algorithm, fc.constantFrom("a", "b"), { maxKeys: 4 });
    const actual = fc.record({
      sha256: fc.constantFrom("a", "b"),
      sha512: fc.constantFrom("a", "b"),
      blake2b: fc.constantFrom("a", "b"),
    });
    fc.assert(
      fc.property(set, actual, (subject, computed) => {
        const strong = Object.entries(subject).filter(([name]) => Object.hasOwn(computed, name));
        const equal = strong.filter(([name, value]) => computed[name as "sha256"] === value).length;
        const expected =
          strong.length === 0
            ? "incomparable"
            : equal === 0
              ? "differ"
              : equal === strong.length
                ? "match"
                : "conflict";
        const compared = compareWithBytes(subject, computed);
        expect(compared.kind).toBe(expected);
        // What bytes match, each of their digests matches alone; never the other way round.
        if (compared.kind !== "match") return;
        for (const [name, value] of strong) {
          expect(compareWithDigest(subject, name as "sha256", value).kind).toBe("match");
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("Subresource Integrity", () => {
  const of = (algorithm: string, text: string) => `${algorithm}-${createHash(algorithm).update(text).digest("base64")}`;
  const sha512 = createHash("sha512").update("x").digest("hex");
  const sha1 = createHash("sha1").update("x").digest("hex");

  test.each([
    ["one", of("sha512", "x"), { sha512 }],
    ["two", ` ${of("sha1", "x")}  ${of("sha512", "x")}\n`, { sha1, sha512 }],
    ["options", `${of("sha512", "x")}?size=3`, { sha512 }],
    ["the same twice", `${of("sha512", "x")} ${of("sha512", "x")}`, { sha512 }],
    ["unknown algorithms", `md5-abcd sha3-512-abcd ${of("sha1", "x")}`, { sha1 }],
    ["nothing known", "md5-abcd", {}],
    ["nothing", "", {}],
  ])("%s", (_what, integrity, digests) => {
    expect(parseIntegrity(integrity)).toEqual(digests);
  });

  test.each([
    ["two different values", `${of("sha512", "x")} ${of("sha512", "y")}`],
    ["a value of another length", `sha512-${createHash("sha256").update("x").digest("base64")}`],
    ["no base64", "sha512-!!!!"],
    ["a cut value", of("sha512", "x").slice(0, -1)],
    ["no value", "sha512-"],
  ])("%s is refused", (_what, integrity) => {
    expect(() => parseIntegrity(integrity)).toThrow(expect.objectContaining({ code: "INPUT_INVALID" }));
  });
});
