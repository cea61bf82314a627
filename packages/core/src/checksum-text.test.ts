import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ChecksumEntry, parseChecksumText } from "./checksum-text.ts";
import { isTouchmarkError } from "./errors.ts";
import { MAX_METADATA_BYTES, MAX_SUBJECTS } from "./limits.ts";

const A = "87428fc522803d31065e7bce3cf03fe475096631e5e07bbd7a0fde60c4cf25c7";
const B = "0263829989b6fd954f72baaf2fc64bc2e2f01d692d4de72986ea808f6e99813f";
const C = "a3a5e715f0cc574a73c3f9bebb6bc24f32ffd5b67b387244c2c909da779a1478";
const G = "768c71d785bf6bbbf8c4d6af6582041f2659027140a962cd0c55b11eddfd5e3d";

/** Real output of coreutils 9.1 and OpenSSL 3; fixtures/checksums, byte for byte. */
function fixture(name: string): readonly ChecksumEntry[] {
  return parseChecksumText(readFileSync(new URL(`../fixtures/checksums/${name}`, import.meta.url)), name);
}

function parse(text: string): readonly ChecksumEntry[] {
  return parseChecksumText(new TextEncoder().encode(text), "list");
}

function names(entries: readonly ChecksumEntry[]): readonly (string | null)[] {
  return entries.map((entry) => entry.name);
}

function code(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return isTouchmarkError(error) ? error.code : `not ours: ${error}`;
  }
  return "nothing thrown";
}

describe("what real tools write", () => {
  test("sha256sum: odd names, escaped ones, and a name that starts with an asterisk", () => {
    expect(names(fixture("sha256sum-default.txt"))).toEqual([
      "*star.bin",
      "a.txt",
      "back\\slash.txt",
      "cr\r.txt",
      "link.txt",
      "new\nline.txt",
      "with space.txt",
      "ünï.txt",
    ]);
  });

  test.each([
    ["sha256sum-binary.txt", [A, B, G, A]],
    ["sha256sum-crlf.txt", [A, B, G, A]],
    ["sha256sum-bom.txt", [A, B, G, A]],
  ])("%s: the flag, the line ends and the byte order mark are not part of names", (file, digests) => {
    expect(names(fixture(file))).toEqual(["a.txt", "with space.txt", "sub/g.txt", "./a.txt"]);
    expect(fixture(file).map((entry) => entry.hex)).toEqual(digests);
  });

  test("sha256sum --tag: the line names the algorithm, and a name may be escaped", () => {
    const entries = fixture("sha256sum-bsd-tag.txt");
    expect(names(entries)).toEqual(["a.txt", "with space.txt", "new\nline.txt", "back\\slash.txt"]);
    expect(entries.every((entry) => entry.algorithm === "sha256")).toBe(true);
    expect(entries[2]).toEqual({ name: "new\nline.txt", hex: C, algorithm: "sha256", line: 3 });
  });

  test("sha256sum -z: names are raw", () => {
    expect(fixture("sha256sum-zero.bin")).toEqual([
      { name: "a.txt", hex: A, algorithm: null, line: 1 },
      { name: "new\nline.txt", hex: C, algorithm: null, line: 2 },
    ]);
  });

  test.each([
    ["cksum-sha256.txt", "sha256"],
    ["cksum-sm3.txt", "sm3"],
    ["cksum-sha256-untagged.txt", null],
    ["no-trailing-newline.txt", null],
    ["openssl-dgst-r.txt", null],
    ["sha256sum-upper.txt", null],
    ["b2sum.txt", null],
  ])("%s", (file, algorithm) => {
    const entries = fixture(file);
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({ name: "a.txt", algorithm });
    expect(entries[0]?.hex).toMatch(/^[0-9a-f]+$/);
  });

  test("openssl dgst names the algorithm its own way", () => {
    expect(fixture("openssl-dgst.txt")).toEqual([
      { name: "a.txt", hex: A, algorithm: "sha256", line: 1 },
      { name: "sub/g.txt", hex: G, algorithm: "sha256", line: 2 },
    ]);
  });

  test("lines of several algorithms keep their lengths; nothing is guessed", () => {
    expect(fixture("mixed-algs.txt").map((entry) => [entry.hex.length, entry.algorithm])).toEqual([
      [64, null],
      [128, null],
      [40, null],
    ]);
  });

  test("a file with nothing but a digest", () => {
    expect(fixture("bare-hash.sha256")).toEqual([{ name: null, hex: A, algorithm: null, line: 1 }]);
  });

  test("what a list says is handed on, not judged: repeated names, other folders, standard input", () => {
    expect(names(fixture("duplicates-conflict.txt"))).toEqual(["a.txt", "a.txt", "a.txt"]);
    expect(fixture("duplicates-conflict.txt").map((entry) => entry.line)).toEqual([1, 4, 5]);
    expect(names(fixture("traversal.txt"))).toEqual(["../../etc/passwd", "/etc/passwd"]);
    expect(names(fixture("stdin-dash.txt"))).toEqual(["-"]);
  });

  test("b2sum -l 256: a shortened BLAKE2b has no in-toto name", () => {
    expect(code(() => fixture("b2sum-bsd-tag.txt"))).toBe("INPUT_INVALID");
  });
});

describe("forms", () => {
  test("one space: md5 -r of BSD", () => {
    expect(parse(`${A} a b.txt\n${B} c`)).toMatchObject([{ name: "a b.txt" }, { name: "c" }]);
  });

  test.each([
    ["two spaces and an asterisk: the asterisk is part of the name", `${A}  *x`, "*x"],
    ["one space and an asterisk: the binary flag", `${A} *x`, "x"],
    ["three spaces: the name starts with one", `${A}   x`, " x"],
    ["a closing parenthesis and more in a name", `SHA256 (a) = b) = ${A}`, "a) = b"],
    ["an escaped carriage return", `\\${A}  a\\rb`, "a\rb"],
    ["a backslash in the middle escapes nothing", `${A}  a\\nb`, "a\\nb"],
  ])("%s", (_what, text, name) => {
    expect(names(parse(text))).toEqual([name]);
  });

  test.each([
    ["SHA2-512/256", "sha512_256", 64],
    ["SHA3-256", "sha3_256", 64],
    ["BLAKE2b", "blake2b", 128],
    ["BLAKE2S-256", "blake2s", 64],
    ["SHA1", "sha1", 40],
    ["MD5", "md5", 32],
  ])("the tag %s is %s", (tag, algorithm, length) => {
    expect(parse(`${tag} (x) = ${"a".repeat(length)}`)).toMatchObject([{ algorithm }]);
  });
});

describe("what is refused, with the line's number", () => {
  test.each([
    ["words", "this is no list"],
    ["a name without a digest", "  a.txt"],
    ["a digest and nothing after the spaces", `${A}  `],
    ["a digest and nothing after the flag", `${A} *`],
    ["a tab", `${A}\ta.txt`],
    ["a digest that is not hex", `${A.replace("8", "g")}  a.txt`],
    ["seven digits", "1234567  a.txt"],
    ["129 digits", `${"a".repeat(129)}  a.txt`],
    ["an unknown algorithm", `CRC (a.txt) = ${A}`],
    ["a keyed digest", `HMAC-SHA256(a.txt)= ${A}`],
    ["our own key for trees", `narSha256 (a.txt) = ${A}`],
    ["too few digits for the algorithm", `SHA512 (a.txt) = ${A}`],
    ["an escape that coreutils does not write", `\\${A}  a\\tb`],
    ["a backslash at the end of an escaped name", `\\${A}  a\\`],
    ["an escaped digest without a name", `\\${A}`],
    ["a bare digest after another line", `${B}  b\n${A}`],
    ["two bare digests", `${A}\n${B}`],
    ["the BSD and the GNU form in one list", `${A} a\n${B}  b`],
    ["an entry cut off before its NUL", `${A}  a\0${B}  b`],
    ["a NUL entry without a flag", `${A} a\0`],
    ["an empty NUL entry", `${A}  a\0\0`],
  ])("%s", (_what, text) => {
    expect(code(() => parse(text))).toBe("INPUT_INVALID");
  });

  test("the message names the list and the line", () => {
    expect(() => parse(`# comment\r\n\r\n${A}  a\r\nwrong\r\n`)).toThrowError(
      expect.objectContaining({ message: "list line 4 is not a checksum line", actual: '"wrong"' }),
    );
  });

  test("bytes that are not UTF-8", () => {
    const bytes = new Uint8Array([...new TextEncoder().encode(`${A}  `), 0xff]);
    expect(code(() => parseChecksumText(bytes, "list"))).toBe("INPUT_INVALID");
  });

  test("a size above the limit, before anything is read", () => {
    expect(code(() => parseChecksumText(new Uint8Array(MAX_METADATA_BYTES + 1), "list"))).toBe("INPUT_TOO_LARGE");
  });

  test("one line too many", () => {
    const lines = (count: number) => "12345678  a\n".repeat(count);
    expect(parse(lines(MAX_SUBJECTS))).toHaveLength(MAX_SUBJECTS);
    expect(code(() => parse(lines(MAX_SUBJECTS + 1)))).toBe("LIMIT_EXCEEDED");
    expect(code(() => parse("12345678  a\0".repeat(MAX_SUBJECTS + 1)))).toBe("LIMIT_EXCEEDED");
  });
});

describe("properties", () => {
  const hex = fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 64, maxLength: 64 });
  const name = fc
    .string({ unit: "grapheme", minLength: 1 })
    .filter((text) => !text.includes("\0") && !/\r$/.test(text));

  /** As coreutils writes a line: escaped when the name needs it. */
  function gnuLine([digest, file]: readonly [string, string], flag: string): string {
    const escaped = file.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\r", "\\r");
    return `${escaped === file ? "" : "\\"}${digest} ${flag}${escaped}\n`;
  }

  test("whatever coreutils can write is read back", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(hex, name)), fc.constantFrom(" ", "*"), (files, flag) => {
        const read = parse(files.map((file) => gnuLine(file, flag)).join(""));
        expect(read.map((entry) => [entry.hex, entry.name])).toEqual(files);
      }),
    );
  });

  test("any bytes give a list or one of our errors, and never fewer entries than lines", () => {
    const piece = fc.oneof(hex, fc.constantFrom("  ", " *", " ", "\n", "\r\n", "\0", "\\", "SHA256 (", ") = ", "x"));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join("");
        try {
          const wanted = text.includes("\0")
            ? text.split("\0").length - 1
            : text.split("\n").filter((line) => line.trim() !== "").length;
          expect(parse(text)).toHaveLength(wanted);
        } catch (error) {
          if (!isTouchmarkError(error)) throw error;
        }
      }),
      { numRuns: 500 },
    );
  });
});
