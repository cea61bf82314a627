import type { AcceptableAlgorithm } from "@touchmark/core";
import { describe, expect, it, vi } from "vitest";
import { digest, file, subject, tarball } from "../test/judge-cases.ts";
import { pieceOf, sha256, signed, type TestStatement, testKey } from "../test/signed-bundles.ts";
import type { Artifact } from "./artifact.ts";
import { claimedAlgorithms, concernOf } from "./concern.ts";

const stranger = testKey();
const claim = (...subjects: readonly unknown[]) => pieceOf(signed(stranger, { subject: subjects }));
const hex = "ab".repeat(64);

function touches(
  artifacts: readonly Artifact[],
  statement: TestStatement,
  hashedWith: readonly AcceptableAlgorithm[] = ["sha256", "sha512"],
): Promise<boolean> {
  return concernOf(artifacts, hashedWith).touches(pieceOf(signed(stranger, statement)));
}

describe("concernOf", () => {
  const tool = file("linux/tool", "a");

  it.each([
    ["another name and other bytes", subject("other", "b"), false],
    ["its bytes", subject("other", "a"), true],
    ["its path", subject("linux/tool", "b"), true],
    ["its base name elsewhere", subject("windows/tool", "b"), true],
    ["a name that ends like it", subject("linux/mytool", "b"), false],
    ["no name", subject(undefined, "b"), false],
    ["a digest by an algorithm that nobody hashed with", { name: "other", digest: { blake2b: hex } }, true],
    ["the same beside one that is known", { name: "other", digest: { sha256: sha256("b"), blake2b: hex } }, true],
    ["a digest that counts for nothing", { name: "other", digest: { gitCommit: "ab".repeat(20) } }, false],
    ["the digest of a folder", { name: "other", digest: { narSha256: sha256("b") } }, false],
  ])("%s", async (_what, one, expected) => {
    expect(await touches([tool], { subject: [subject("elsewhere", "c"), one] })).toBe(expected);
  });

  it("knows the digests of targets that have no bytes, whatever their algorithm", async () => {
    const target = digest(hex, "sha512");
    expect(await touches([target], { subject: [{ name: "x", digest: { sha512: hex } }] }, ["sha256"])).toBe(true);
    expect(await touches([target], { subject: [{ name: "x", digest: { sha512: "cd".repeat(64) } }] })).toBe(false);
    expect(await touches([target], { subject: [{ name: "x", digest: { blake2b: hex } }] })).toBe(false);
  });

  it("takes what does not tell: a summary's predicate, a payload that is no statement", async () => {
    const elsewhere = { subject: [subject("other", "b")] };
    const summary = { ...elsewhere, predicateType: "https://slsa.dev/verification_summary/v1" };
    expect(await touches([tool], summary)).toBe(true);
    expect(await touches([tool], { subject: [] })).toBe(true);
    const { bundle, ...rest } = pieceOf(signed(stranger, elsewhere));
    const other = { ...rest, bundle: { ...bundle, payloadType: "text/plain" } };
    expect(await concernOf([tool], ["sha256", "sha512"]).touches(other)).toBe(true);
  });

  it("opens packages once, and only where a package is stated", async () => {
    const identify = vi.fn(async () => "pkg:npm/pad@1.0.0");
    const concern = concernOf([{ ...tarball("renamed.tgz", "a", null), identify }], ["sha256", "sha512"]);
    expect(await concern.touches(claim(subject("other", "b")))).toBe(false);
    expect(identify).not.toHaveBeenCalled();
    expect(await concern.touches(claim(subject("pkg:npm/other@1.0.0", "b")))).toBe(false);
    expect(await concern.touches(claim(subject("pkg:npm/pad@1.0.0", "b")))).toBe(true);
    expect(identify).toHaveBeenCalledTimes(1);
  });
});

describe("claimedAlgorithms", () => {
  it("names those of SHA-2 that any claim uses, and no others", () => {
    const claims = [
      claim({ name: "a", digest: { sha512: hex, sha3_512: hex } }),
      claim({ name: "b", digest: { sha256: sha256("b"), gitCommit: "ab".repeat(20) } }),
    ];
    expect(claimedAlgorithms(claims)).toEqual(["sha256", "sha512"]);
    expect(claimedAlgorithms([])).toEqual([]);
  });
});

it("opens no more than a hundred packages for what anybody claims: then it cannot tell", async () => {
  let opened = 0;
  const identify = async () => {
    opened += 1;
    return null;
  };
  const packages = Array.from({ length: 101 }, (_, at) => file(`${at}.tgz`, `${at}`, { identify }));
  const statement = { subject: [subject("pkg:npm/pad@1.0.0", "x")] };
  expect(await touches(packages, statement)).toBe(true);
  expect(opened).toBe(0);
  expect(await touches(packages.slice(1), statement)).toBe(false);
  expect(opened).toBe(100);
});
