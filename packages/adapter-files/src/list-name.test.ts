import { expect, test } from "vitest";
import { algorithmOfListName, stemOfDigestFile } from "./list-name.ts";

test.each([
  ["SHA256SUMS", "sha256"],
  ["SHA512SUMS.txt", "sha512"],
  ["SHASUMS256.txt", "sha256"],
  ["sha256sum.txt", "sha256"],
  ["tool_1.0.0_sha256_checksums.txt", "sha256"],
  ["tool.tar.gz.sha512", "sha512"],
  ["tool.sha3-256", "sha3_256"],
  ["tool.sha-256", "sha256"],
  ["tool.sha512-256", "sha512_256"],
  ["b2sum.txt", "blake2b"],
  ["B2SUMS", "blake2b"],
  ["md5sums", "md5"],
  ["list.sm3", "sm3"],
])("%s is a list of %s", (name, algorithm) => {
  expect(algorithmOfListName(name)).toBe(algorithm);
});

test.each(["checksums.txt", "SHASUMS", "sha256-and-sha512.txt", "b3sums.txt", "masha256.txt", "tool.narSha256"])(
  "%s says nothing",
  (name) => {
    expect(algorithmOfListName(name)).toBeNull();
  },
);

test.each([
  ["tool.sha256", "tool"],
  ["tool.tar.gz.sha3-256", "tool.tar.gz"],
  ["tool.sha256sum", "tool"],
  ["tool.exe.sha512.txt", "tool.exe"],
])("%s stands beside %s", (name, stem) => {
  expect(stemOfDigestFile(name)).toBe(stem);
});

test.each(["sha256", ".sha256", "tool.txt", "tool", "tool.sha256.sig"])("%s stands beside nothing", (name) => {
  expect(stemOfDigestFile(name)).toBeNull();
});
