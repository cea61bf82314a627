import { encodeImageSignatures, simpleSigningPayload } from "@touchmark/oci";
import type { Host } from "@touchmark/plugin";
import { describe, expect, it } from "vitest";
import { signedBytes, statementBytes, testKey } from "../../verify/test/signed-bundles.ts";
import { MAX_EVIDENCE_FILES } from "./check-limits.ts";
import type { Candidate } from "./find-evidence.ts";
import { readEvidence } from "./read-evidence.ts";

const bundle = signedBytes(testKey(), statementBytes({ subject: [{ name: "a", digest: { sha256: "0".repeat(64) } }] }));

/** A host of files with one content. */
function host(content: Uint8Array): Host {
  const openRead = async function* () {
    yield content;
  };
  return { readBytes: async () => content, openRead } as Partial<Host> as Host;
}

function candidate(name: string, size: number, used = true): Candidate {
  return { name, used, tried: false, file: { path: name, name, size } };
}

async function read(candidates: readonly Candidate[], content = bundle, maxFiles?: number, maxLines?: number) {
  const files = [];
  for await (const file of readEvidence(candidates, host(content), maxFiles, maxLines)) files.push(file);
  return files;
}

describe("readEvidence", () => {
  it("stops at the limit of bytes for all files, and says so", async () => {
    const half = 256 * 1024 * 1024;
    const lines = Buffer.concat([bundle, Buffer.from("\n"), bundle]);
    const all = [candidate("a", half), candidate("b", half), candidate("c", 1), candidate("d", 1)];
    const files = await read(all, lines);
    expect(files.map(({ name, whole }) => [name, whole])).toEqual([
      ["a", true],
      ["b", true],
      ["c", false],
    ]);
    expect(files[0]?.pieces).toMatchObject([
      { name: "a:1", line: 1 },
      { name: "a:2", line: 2 },
    ]);
    expect(files[2]?.findings).toMatchObject([
      { code: "EVIDENCE_TOO_LARGE", message: expect.stringContaining("2 files") },
    ]);
  });

  it("names the one file that is over the limit, with its size", async () => {
    const size = 512 * 1024 * 1024 + 1;
    const files = await read([candidate("a", 1), candidate("b", size)]);
    expect(files.at(-1)?.findings).toMatchObject([
      {
        code: "EVIDENCE_TOO_LARGE",
        message: "b, which may be evidence, was not read",
        actual: `b alone has ${size} bytes`,
      },
    ]);
  });

  it("stops at the limit of files", async () => {
    const many = Array.from({ length: 102 }, (_one, index) => candidate(`${index}`, 1));
    const files = await read(many, new Uint8Array(), 100);
    expect(files).toHaveLength(101);
    expect(files.at(-1)?.findings).toMatchObject([
      { code: "EVIDENCE_TOO_LARGE", message: "2 files that may be evidence were not read" },
    ]);
    expect(files.at(-2)?.findings).toMatchObject([{ code: "BUNDLE_MALFORMED" }]);
    expect(MAX_EVIDENCE_FILES).toBe(100_000);
  });

  it("reads files of many lines in parts, of which the last says whether all of it is evidence", async () => {
    const line = new TextDecoder().decode(bundle);
    const many = (broken: string) => new TextEncoder().encode(`${`${line}\n`.repeat(599)}${broken}`);
    for (const size of [1, 100 * 1024 * 1024]) {
      const good = await read([candidate("a", size)], many(line));
      expect(good.map(({ whole, pieces }) => [whole, pieces.length])).toEqual([
        [false, 256],
        [false, 256],
        [true, 88],
      ]);
      expect(good[2]?.pieces.at(-1)).toMatchObject({ name: "a:600", line: 600 });
      const bad = await read([candidate("a", size)], many("{}"));
      expect(bad.map(({ whole, findings }) => [whole, findings.length])).toEqual([
        [false, 0],
        [false, 0],
        [false, 1],
      ]);
    }
  });

  it("answers a million lines, after the first 100,000 of a file that is read line by line", {
    timeout: 120_000,
  }, async () => {
    const million = new TextEncoder().encode("{}\n".repeat(1_000_000));
    const small = await read([candidate("a", million.byteLength)], million);
    expect(small).toMatchObject([{ whole: false, pieces: [], findings: [{ code: "EVIDENCE_TOO_LARGE" }] }]);
    const large = await read([candidate("a", 100 * 1024 * 1024)], million);
    expect(large.at(-1)).toMatchObject({ whole: false, findings: [{ code: "EVIDENCE_TOO_LARGE" }] });
    expect(large.flatMap(({ findings }) => findings)).toHaveLength(100_000 - (100_000 % 256) + 1);
  });

  it("stops at the limit of lines for all files, and reads on what is one value", async () => {
    const encoder = new TextEncoder();
    const line = new TextDecoder().decode(bundle);
    for (const count of [2, 300]) {
      const hostOfTwo = (name: string) => encoder.encode(name === "one" ? line : `${`${line}\n`.repeat(count)}${name}`);
      const several = { ...host(bundle), readBytes: async (path: string) => hostOfTwo(path) } as Host;
      const files = [];
      const all = [candidate("a", 1), candidate("b", 1), candidate("one", 1)];
      for await (const file of readEvidence(all, several, 10, 2 * count + 1)) files.push(file);
      const ofSecond = files.filter(({ name }) => name === "b");
      expect(ofSecond.flatMap(({ pieces }) => pieces)).toHaveLength(count);
      expect(ofSecond.at(-1)).toMatchObject({
        ...{ whole: false, unread: true },
        findings: [{ code: "EVIDENCE_TOO_LARGE", message: expect.stringContaining(`b:${count + 1}`) }],
      });
      expect(files.at(-1)).toMatchObject({ name: "one", whole: true, pieces: [{ line: null }] });
      expect(files.filter(({ unread }) => unread === true)).toHaveLength(1);
    }
  });

  it("sets signatures of images aside, which cover nothing; and nothing else under their name", async () => {
    const key = testKey();
    const image = { name: "ghcr.io/octo/app", digest: `sha256:${"ab".repeat(32)}` };
    const payload = simpleSigningPayload(image);
    const signature = key.sign(payload);
    const publicKey = new TextDecoder().decode(key.pem);
    const signatures = encodeImageSignatures([{ ...image, payload, signature, publicKey }]);
    const name = "r.image-signatures.jsonl";
    expect(await read([candidate(name, 1)], signatures)).toMatchObject([{ whole: true, pieces: [], findings: [] }]);
    for (const content of [bundle, new Uint8Array(), signatures.subarray(1)]) {
      expect(await read([candidate(name, 1)], content)).toMatchObject([{ whole: false, pieces: [] }]);
    }
    expect(await read([candidate("r.intoto.jsonl", 1)], signatures)).toMatchObject([{ whole: false }]);
  });

  it("gives equal bundles once, to a file that is used", async () => {
    const files = await read([candidate("a", 1, false), candidate("b", 1), candidate("c", 1)]);
    expect(files.map(({ whole, used, pieces }) => [whole, used, pieces.length])).toEqual([
      [true, false, 1],
      [true, true, 1],
      [true, true, 0],
    ]);
  });
});
