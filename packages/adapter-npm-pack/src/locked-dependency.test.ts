import { describe, expect, it } from "vitest";
import { archiveDependency, gitDependency, originOf, registryDependency } from "./locked-dependency.ts";

const invalid = expect.objectContaining({ code: "INPUT_INVALID" });
const COMMIT = "3aabc671ca276ba76fca14316e1b47648f56709c";

describe("gitDependency", () => {
  it.each([
    ["git+ssh://git@github.com/o/r.git", "git+ssh://github.com/o/r.git"],
    ["git+https://user:secret@example.com/o/r.git?token=x", "git+https://example.com/o/r.git"],
    ["git://example.com/o/r.git", "git+git://example.com/o/r.git"],
    ["git@github.com:o/r.git", "git+ssh://github.com/o/r.git"],
    ["https://example.com:8443/o/r", "git+https://example.com:8443/o/r"],
    ["github:o/r", "git+https://github.com/o/r"],
  ])("%s is %s", (repository, uri) => {
    expect(gitDependency("x", repository, COMMIT)).toEqual({ uri, digest: { gitCommit: COMMIT } });
  });

  it.each(["git+file:///home/ci/r", "file:///home/ci/r", "../r", "/home/ci/r", "~/r"])(
    "leaves out a repository of the machine: %s",
    (repository) => {
      expect(gitDependency("x", repository, COMMIT)).toBeNull();
    },
  );

  it.each(["", "data:text/plain,x", "javascript://x"])("refuses the address %j", (repository) => {
    expect(() => gitDependency("x", repository, COMMIT)).toThrow(invalid);
  });

  it.each(["", "main", "3aabc67", COMMIT.toUpperCase()])("refuses the commit %j", (commit) => {
    expect(() => gitDependency("x", "https://example.com/o/r", commit)).toThrow(invalid);
  });
});

describe("originOf", () => {
  it.each([
    ["https://registry.example/ms/-/ms-2.1.3.tgz", { kind: "registry" }],
    ["https://mirror.example/api/npm/all/@a/b/-/b-1.0.0.tgz#0123", { kind: "registry" }],
    ["https://packages.example/download/@o/x/1.0.0/0123", { kind: "registry" }],
    ["https://example.com/x-1.0.0.tgz", { kind: "archive" }],
    ["file:local", { kind: "local" }],
    ["../x.tgz", { kind: "local" }],
    ["link:x", { kind: "local" }],
    [
      `git+ssh://git@github.com/o/r.git#${COMMIT}`,
      { kind: "git", repository: "git+ssh://git@github.com/o/r.git", commit: COMMIT },
    ],
    [
      `https://github.com/o/r.git#commit=${COMMIT}`,
      { kind: "git", repository: "https://github.com/o/r.git", commit: COMMIT },
    ],
    [
      `https://codeload.github.com/o/r/tar.gz/${COMMIT}`,
      { kind: "git", repository: "https://github.com/o/r", commit: COMMIT },
    ],
    ["github:o/r", { kind: "git", repository: "github:o/r", commit: "" }],
  ])("%s", (address, origin) => {
    expect(originOf(address)).toEqual(origin);
  });
});

describe("descriptors", () => {
  it("name a registry's package by purl, with what the lock pins", () => {
    expect(registryDependency("@a/b", "1.0.0+x", "sha1-V0yBOM4dK1hh8LRFedut1gxmFbI=")).toEqual({
      uri: "pkg:npm/%40a/b@1.0.0",
      digest: { sha1: "574c8138ce1d2b5861f0b44579dbadd60c6615b2" },
    });
    expect(registryDependency("a", "1.0.0", undefined)).toEqual({ uri: "pkg:npm/a@1.0.0" });
  });

  it("do not call anybody's tarball a package of npm", () => {
    expect(archiveDependency("a", "1.0.0", "sha1-V0yBOM4dK1hh8LRFedut1gxmFbI=")).toEqual({
      name: "a@1.0.0",
      digest: { sha1: "574c8138ce1d2b5861f0b44579dbadd60c6615b2" },
    });
    expect(archiveDependency("@a/b", "1.0.0", undefined)).toEqual({ uri: "pkg:generic/%40a%2Fb@1.0.0" });
  });

  it.each(["sha512-short", "none", "sha3-AAAA"])("refuse the integrity %j", (integrity) => {
    expect(() => registryDependency("a", "1.0.0", integrity)).toThrow(invalid);
    expect(() => archiveDependency("a", "1.0.0", integrity)).toThrow(invalid);
  });
});
