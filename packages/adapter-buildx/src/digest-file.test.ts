import { describe, expect, it } from "vitest";
import { parseDigestFile } from "./digest-file.ts";

const A = `sha256:${"a".repeat(64)}`;
const B = `sha256:${"b".repeat(64)}`;
const parse = (text: string) => parseDigestFile(new TextEncoder().encode(text), "digests");
const summary = (text: string) =>
  parse(text).map(({ digest, names, bare }) => ({ digest, names: names.map(({ name, tag }) => [name, tag]), bare }));

describe("what the tools write", () => {
  it("ko --image-refs: an index, and what is in it", () => {
    expect(summary(`ghcr.io/octo/app@${A}\nghcr.io/octo/app@${B}\n`)).toEqual([
      { digest: A, names: [["ghcr.io/octo/app", null]], bare: false },
      { digest: B, names: [["ghcr.io/octo/app", null]], bare: false },
    ]);
  });

  it("kaniko --image-name-tag-with-digest-file: one image at two destinations", () => {
    expect(summary(`ghcr.io/octo/app:1@${A}\nquay.io/octo/app:1@${A}`)).toEqual([
      {
        digest: A,
        names: [
          ["ghcr.io/octo/app", "1"],
          ["quay.io/octo/app", "1"],
        ],
        bare: false,
      },
    ]);
  });

  it.each([A, `${A}\n`, `${A}\r\n`, `sha512:${"c".repeat(128)}`])("a digest alone: %j", (text) => {
    expect(summary(text)).toEqual([{ digest: text.trim(), names: [], bare: true }]);
  });
});

it.each([
  ["nothing", "", "line 1"],
  ["a digest cut off", A.slice(0, -1), "line 1"],
  ["a digest of another algorithm", `sha384:${"a".repeat(96)}`, "line 1"],
  ["two digests alone", `${A}\n${B}`, "line 1"],
  ["a tag without a digest", `ghcr.io/octo/app@${A}\nghcr.io/octo/app:1`, "line 2"],
])("refuses %s", (_what, text, line) => {
  expect(() => parse(text)).toThrow(
    expect.objectContaining({ code: "INPUT_INVALID", actual: expect.stringContaining(line) }),
  );
});

it.each([
  ["a reference cut off", `ghcr.io/octo/app@${A.slice(0, -1)}`],
  ["a repository in upper case", `ghcr.io/Octo/app@${A}`],
  ["bytes that are no text", `\xff`],
])("refuses %s too", (_what, text) => {
  const bytes = text === "\xff" ? new Uint8Array([0xff]) : new TextEncoder().encode(text);
  expect(() => parseDigestFile(bytes, "digests")).toThrow(expect.objectContaining({ code: "INPUT_INVALID" }));
});

it("shows no password of a line that it refuses", () => {
  const read = () => parse(`https://octo:hunter2@ghcr.io/octo/app@${A}`);
  expect(read).toThrow(expect.objectContaining({ code: "INPUT_INVALID" }));
  expect(read).not.toThrow(expect.objectContaining({ actual: expect.stringContaining("hunter2") }));
});

it("refuses 10,001 lines", () => {
  expect(() => parse(`a.io/b@${A}\n`.repeat(10_001))).toThrow(expect.objectContaining({ code: "LIMIT_EXCEEDED" }));
});
