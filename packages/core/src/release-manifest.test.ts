import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_RELEASE_VERSION } from "./limits.ts";
import { RELEASE_PREDECESSOR, type ReleaseContent, readRelease, stateRelease } from "./release-manifest.ts";
import { RELEASE_V01, RELEASE_V02 } from "./release-type.ts";
import { encodeStatement, parseStatement, STATEMENT_V1, type Statement } from "./statement.ts";
import type { Subject } from "./subject.ts";

const [A, B] = ["a".repeat(64), "b".repeat(64)];
const tool: Subject = { name: "tool", digest: { sha256: A } };
const proof: Subject = { name: "tool.intoto.jsonl", digest: { sha256: B } };
const content: ReleaseContent = { name: "tool", version: "1.2.3", predecessor: null, subjects: [proof, tool] };

function read(predicate: unknown, predicateType = RELEASE_V02) {
  const statement = { _type: STATEMENT_V1, subject: [tool], predicateType, predicate } as Statement;
  return readRelease(parseStatement(encodeStatement(statement)));
}

describe("stateRelease", () => {
  it("lists by name, and says which release it is", () => {
    expect(stateRelease(content)).toEqual({
      _type: STATEMENT_V1,
      subject: [tool, proof],
      predicateType: "https://in-toto.io/attestation/release/v0.2",
      predicate: { purl: "pkg:generic/tool@1.2.3" },
    });
  });

  it("names the list of the release before", () => {
    const predecessor = { version: "1.2.2", sha256: B };
    expect(stateRelease({ ...content, predecessor }).predicate).toEqual({
      purl: "pkg:generic/tool@1.2.3",
      "https://touchmark.dev/release-predecessor/v1": { version: "1.2.2", digest: { sha256: B } },
    });
  });

  it("gives the same bytes in any order", () => {
    const subjects = fc
      .uniqueArray(fc.stringMatching(/^[a-z]{1,4}$/), { minLength: 1 })
      .map((names) => names.map((name) => ({ name, digest: { sha256: A } })));
    fc.assert(
      fc.property(subjects, (all) => {
        const bytes = (these: readonly Subject[]) => encodeStatement(stateRelease({ ...content, subjects: these }));
        expect(bytes(all.toReversed())).toEqual(bytes(all));
      }),
    );
  });

  it.each<[string, string, Partial<ReleaseContent>]>([
    ["nothing to list", "SUBJECTS_EMPTY", { subjects: [] }],
    ["two contents of one name", "SUBJECT_CONFLICT", { subjects: [tool, { ...tool, digest: { sha256: B } }] }],
    ["a name that is a path", "NAME_REFUSED", { subjects: [{ ...tool, name: "../tool" }] }],
    ["an empty version", "INPUT_INVALID", { version: "" }],
    ["a version with an at sign", "INPUT_INVALID", { version: "1@2" }],
    ["a version that is too long", "INPUT_INVALID", { version: "1".repeat(MAX_RELEASE_VERSION + 1) }],
    ["itself as the release before", "INPUT_INVALID", { predecessor: { version: "1.2.3", sha256: B } }],
  ])("refuses %s", (_name, code, change) => {
    expect(() => stateRelease({ ...content, ...change })).toThrow(expect.objectContaining({ code }));
  });
});

describe("readRelease", () => {
  it("reads what was stated, whatever the name", () => {
    const version = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._+-]{0,20}$/);
    const name = fc.stringMatching(/^[^\s\p{C}/\\.][^\p{C}/\\]{0,20}$/u).filter((text) => text.isWellFormed());
    fc.assert(
      fc.property(name, version, (called, number) => {
        const stated = stateRelease({ ...content, name: called, version: number });
        const series = `pkg:generic/${encodeURIComponent(called)}`;
        expect(readRelease(parseStatement(encodeStatement(stated)))).toMatchObject({ series, version: number });
      }),
    );
  });

  it.each([
    ["pkg:npm/%40octo/pad@1.0.0", "pkg:npm/%40octo/pad", "1.0.0"],
    ["pkg:generic/tool@1.0.0%2Bbuild", "pkg:generic/tool", "1.0.0+build"],
    ["pkg:oci/app@sha256%3Aaa?repository_url=ghcr.io/octo/app&tag=v1@x", "pkg:oci/app", "sha256:aa"],
  ])("%s", (purl, series, version) => {
    expect(read({ purl, more: 1 })).toEqual({ purl, series, version, predecessor: null });
  });

  it("v0.1 as well, and with its predecessor", () => {
    const before = { version: "1.0.0", digest: { sha256: A } };
    expect(read({ purl: "pkg:generic/tool@1.0.1", [RELEASE_PREDECESSOR]: before }, RELEASE_V01)).toMatchObject({
      predecessor: { version: "1.0.0", sha256: A },
    });
  });

  it("null for any other statement", () => {
    expect(read({ purl: "pkg:generic/tool@1.0.0" }, "https://example.com/release/v0.2")).toBeNull();
  });

  it.each<[string, unknown]>([
    ["no predicate", null],
    ["no purl", {}],
    ["a purl that is none", { purl: "tool@1.0.0" }],
    ["no version", { purl: "pkg:generic/tool" }],
    ["an empty version", { purl: "pkg:generic/tool@" }],
    ["a version in a qualifier alone", { purl: "pkg:generic/tool?x=y@1.0.0" }],
    ["two versions", { purl: "pkg:generic/tool@1@2" }],
    ["a version that is too long", { purl: `pkg:generic/tool@${"1".repeat(MAX_RELEASE_VERSION + 1)}` }],
    ["an escape that is none", { purl: "pkg:generic/tool@1%zz" }],
    ["a predecessor without digest", { purl: "pkg:generic/t@1", [RELEASE_PREDECESSOR]: { version: "0" } }],
    [
      "a predecessor with more",
      { purl: "pkg:generic/t@1", [RELEASE_PREDECESSOR]: { version: "0", digest: { sha256: A }, uri: "x" } },
    ],
    [
      "a predecessor in another digest",
      { purl: "pkg:generic/t@1", [RELEASE_PREDECESSOR]: { version: "0", digest: { sha256: A, sha512: A } } },
    ],
  ])("refuses %s", (_name, predicate) => {
    expect(() => read(predicate)).toThrow(expect.objectContaining({ code: "STATEMENT_MALFORMED" }));
  });
});
