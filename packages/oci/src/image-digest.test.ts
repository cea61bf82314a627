import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { checkBytes, digestParts, digestText, isImageDigest, parseDigestText, sha256Text } from "./image-digest.ts";

const bytes = new TextEncoder().encode("content");
const hex = (algorithm: string) => createHash(algorithm).update(bytes).digest("hex");
const [sha256, sha512] = [`sha256:${hex("sha256")}`, `sha512:${hex("sha512")}`];

test("digests of bytes", () => {
  expect(sha256Text(bytes)).toBe(sha256);
  expect(digestText("sha512", bytes)).toBe(sha512);
});

test.each([sha256, sha512])("%s is read as it stands", (text) => {
  expect(isImageDigest(text)).toBe(true);
  expect(parseDigestText(text, "it")).toBe(text);
  expect(`${digestParts(text).algorithm}:${digestParts(text).hex}`).toBe(text);
});

test.each([
  ["upper case hex", sha256.replace(/[a-f]/, (digit) => digit.toUpperCase())],
  ["an upper case algorithm", sha256.replace("sha", "SHA")],
  ["one digit too few", sha256.slice(0, -1)],
  ["one digit too many", `${sha256}0`],
  ["the length of another algorithm", sha512.replace("sha512", "sha256")],
  ["an algorithm that is not registered", `sha384:${hex("sha384")}`],
  ["a line end", `${sha256}\n`],
  ["a way out of a folder", `sha256:../${"a".repeat(61)}`],
  ["hex alone", hex("sha256")],
  ["nothing", ""],
])("%s is refused", (_what, text) => {
  expect(isImageDigest(text)).toBe(false);
  expect(() => parseDigestText(text, "it")).toThrow(expect.objectContaining({ code: "INPUT_INVALID" }));
});

describe("bytes against what they were asked by", () => {
  test.each([{ digest: sha256 }, { digest: sha256, size: 7 }, { digest: sha512, size: 7 }])("%j holds", (wanted) => {
    expect(() => checkBytes(bytes, wanted, "it")).not.toThrow();
  });

  test.each([
    ["another size", { digest: sha256, size: 8 }, "7 bytes"],
    ["another sha256", { digest: `sha256:${"0".repeat(64)}`, size: 7 }, sha256],
    ["another sha512", { digest: `sha512:${"0".repeat(128)}` }, sha512],
  ])("%s is told", (_what, wanted, actual) => {
    expect(() => checkBytes(bytes, wanted, "it")).toThrow(expect.objectContaining({ code: "DIGEST_MISMATCH", actual }));
  });
});
