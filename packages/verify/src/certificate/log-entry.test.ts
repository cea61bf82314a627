import type { Json } from "@touchmark/core";
import { describe, expect, it } from "vitest";
import { MAX_CHECKPOINT, MAX_INTEGRATED_TIME, MAX_LOG_BODY_BYTES, MAX_PROOF_HASHES } from "./limits.ts";
import { readLogEntries, readLogEntry } from "./log-entry.ts";

const bytes = (count: number, fill = 7) => Buffer.alloc(count, fill);
const base64 = (count: number, fill = 7) => bytes(count, fill).toString("base64");

const PROMISE = { signedEntryTimestamp: base64(70) };
const PROOF = {
  logIndex: "3",
  rootHash: base64(32, 1),
  treeSize: "9",
  hashes: [base64(32, 2), base64(32, 3)],
  checkpoint: { envelope: "a note" },
};
const ENTRY = {
  logIndex: "41",
  logId: { keyId: base64(32) },
  kindVersion: { kind: "dsse", version: "0.0.1" },
  integratedTime: "1700000000",
  inclusionPromise: PROMISE,
  inclusionProof: PROOF,
  canonicalizedBody: base64(100),
};
type Version = Parameters<typeof readLogEntry>[1];

const read = (change: object = {}, version: Version = "0.3") =>
  readLogEntry(JSON.parse(JSON.stringify({ ...ENTRY, ...change })) as Json, version);
const readProof = (change: object) => read({ inclusionProof: { ...PROOF, ...change } });
const malformed = (actual: unknown) =>
  expect.objectContaining({
    code: "LOG_ENTRY_INVALID",
    message: "a log entry of the bundle is malformed",
    expected: "an entry of a transparency log, with its proof",
    actual,
  });
const absent = undefined;

it("is decoded, for us and for Sigstore's verifier", () => {
  const { inclusionProof: _proof, ...forLibrary } = {
    logIndex: "41",
    logId: { keyId: bytes(32) },
    kindVersion: { kind: "dsse", version: "0.0.1" },
    integratedTime: "1700000000",
    inclusionPromise: { signedEntryTimestamp: bytes(70) },
    inclusionProof: null,
    canonicalizedBody: bytes(100),
  };
  const proof = { logIndex: "3", rootHash: bytes(32, 1), treeSize: "9", hashes: [bytes(32, 2), bytes(32, 3)] };
  expect(read()).toEqual({
    logId: bytes(32),
    kind: "dsse",
    version: "0.0.1",
    body: bytes(100),
    integratedTime: 1_700_000_000,
    hasPromise: true,
    proof: { ...proof, checkpoint: "a note" },
    forLibrary: { ...forLibrary, inclusionProof: { ...proof, checkpoint: { envelope: "a note" } } },
  });
});

describe("what may be absent", () => {
  it.each([absent, null])("a promise in v0.2 and v0.3, a proof in v0.1: %j", (none) => {
    for (const version of ["0.2", "0.3"] as const) {
      const unpromised = read({ inclusionPromise: none }, version);
      expect(unpromised).toMatchObject({ hasPromise: false, forLibrary: { inclusionPromise: undefined } });
      expect(() => read({ inclusionProof: none }, version)).toThrow(
        malformed(`no inclusion proof, in a bundle v${version}`),
      );
    }
    const unproven = read({ inclusionProof: none }, "0.1");
    expect(unproven).toMatchObject({ proof: null, forLibrary: { inclusionProof: undefined } });
    expect(() => read({ inclusionPromise: none }, "0.1")).toThrow(malformed("no inclusion promise, in a bundle v0.1"));
  });

  it.each([absent, null, "0", 0])("a time: %j", (integratedTime) => {
    expect(read({ integratedTime })).toMatchObject({ integratedTime: null, forLibrary: { integratedTime: "0" } });
  });

  it.each([absent, null])("a number that is zero, and a path that is empty: %j", (none) => {
    expect(read({ logIndex: none }).forLibrary.logIndex).toBe("0");
    const { inclusionProof } = readProof({ logIndex: none, hashes: none }).forLibrary;
    expect(inclusionProof).toMatchObject({ logIndex: "0", hashes: [] });
  });
});

describe("a whole number", () => {
  it.each([0, 7, "0", "7", "10", Number.MAX_SAFE_INTEGER, `${Number.MAX_SAFE_INTEGER}`])("may be %j", (number) => {
    expect(read({ logIndex: number }).forLibrary.logIndex).toBe(`${number}`);
    expect(readProof({ logIndex: number }).forLibrary.inclusionProof?.logIndex).toBe(`${number}`);
    expect(readProof({ treeSize: number }).proof?.treeSize).toBe(`${number}`);
  });

  it.each(["", "01", "-1", "+1", "1x", "x1", "1.0", "1e3", " 1", "9".repeat(17), -1, 1.5, 1e21, true, {}])(
    "is not %j",
    (number) => {
      expect(() => read({ logIndex: number })).toThrow(malformed(expect.stringMatching(/^logIndex: /)));
      expect(() => read({ integratedTime: number })).toThrow(malformed(expect.stringMatching(/^integratedTime: /)));
      expect(() => readProof({ logIndex: number })).toThrow(
        malformed(expect.stringMatching(/^inclusionProof\.logIndex: /)),
      );
      expect(() => readProof({ treeSize: number })).toThrow(
        malformed(expect.stringMatching(/^inclusionProof\.treeSize: /)),
      );
    },
  );

  it("is one that can be told from the next", () => {
    expect(() => read({ logIndex: "9007199254740992" })).toThrow(
      malformed("logIndex: expected a whole number below 2^53"),
    );
  });

  it("is a time of a calendar, where it is one", () => {
    expect(read({ integratedTime: MAX_INTEGRATED_TIME }).integratedTime).toBe(MAX_INTEGRATED_TIME);
    expect(() => read({ integratedTime: `${MAX_INTEGRATED_TIME + 1}` })).toThrow(
      malformed("integratedTime: a time that no calendar has"),
    );
  });
});

describe("what has a length", () => {
  it.each([
    ["logId.keyId", (keyId: string) => read({ logId: { keyId } })],
    ["inclusionProof.rootHash", (rootHash: string) => readProof({ rootHash })],
    ["inclusionProof.hashes.1", (hash: string) => readProof({ hashes: [base64(32), hash] })],
  ])("%s has 32 bytes", (path, withBytes) => {
    for (const count of [0, 31, 33]) {
      expect(() => withBytes(base64(count))).toThrow(malformed(`${path}: ${count} bytes, expected 32`));
    }
    expect(() => withBytes("A".repeat(65))).toThrow(
      malformed(expect.stringMatching(/^\S+: expected at most 64 characters, got 65$/)),
    );
    expect(() => withBytes("?")).toThrow(malformed(`${path}: a part of a log entry is not valid base64`));
  });

  it.each([
    ["kindVersion.kind", 64, (kind: string) => read({ kindVersion: { kind, version: "1" } }).kind],
    ["kindVersion.version", 16, (version: string) => read({ kindVersion: { kind: "x", version } }).version],
    [
      "inclusionProof.checkpoint.envelope",
      MAX_CHECKPOINT,
      (envelope: string) => readProof({ checkpoint: { envelope } }).proof?.checkpoint,
    ],
    [
      "inclusionPromise.signedEntryTimestamp",
      2 * 1024,
      (signedEntryTimestamp: string) =>
        read({ inclusionPromise: { signedEntryTimestamp } }).forLibrary.inclusionPromise?.signedEntryTimestamp.toString(
          "base64",
        ),
    ],
    [
      "canonicalizedBody",
      2 * MAX_LOG_BODY_BYTES,
      (canonicalizedBody: string) => read({ canonicalizedBody }).body.toString("base64"),
    ],
  ])("%s has at most %i characters", (path, most, withText) => {
    expect(withText("A".repeat(most))).toHaveLength(most);
    expect(() => withText("A".repeat(most + 4))).toThrow(
      malformed(
        expect.stringMatching(new RegExp(`^${path}: expected (?:at most|1 to) ${most} characters, got ${most + 4}$`)),
      ),
    );
  });

  it("a checkpoint has at least one character", () => {
    expect(() => readProof({ checkpoint: { envelope: "" } })).toThrow(
      malformed(expect.stringMatching(/^inclusionProof\.checkpoint\.envelope: expected 1 to 65536 characters, got 0$/)),
    );
  });

  it("a path has at most as many hashes as a tree is high", () => {
    const path = (count: number) => readProof({ hashes: Array<string>(count).fill(base64(32)) });
    expect(path(MAX_PROOF_HASHES).forLibrary.inclusionProof?.hashes).toHaveLength(MAX_PROOF_HASHES);
    expect(() => path(MAX_PROOF_HASHES + 1)).toThrow(
      malformed(expect.stringMatching(/^inclusionProof\.hashes: 65 entries, expected 0 to 64$/)),
    );
  });
});

it.each([
  ["nothing", null],
  ["a list", []],
  ["a text", "entry"],
])("is not %s", (_, json) => {
  expect(() => readLogEntry(json as Json, "0.3")).toThrow(malformed(expect.stringMatching(/^Invalid input/)));
});

describe("entries of one bundle", () => {
  const all = (...entries: readonly object[]) => readLogEntries(JSON.parse(JSON.stringify(entries)), "0.3");
  const elsewhere = { ...ENTRY, logId: { keyId: base64(32, 9) } };
  const about = (fill: number) => ({ ...ENTRY, canonicalizedBody: base64(100, fill) });
  const twice = expect.objectContaining({
    code: "LOG_ENTRY_INVALID",
    message: "the bundle has a log entry twice",
    expected: "each once",
    actual: "a copy",
  });

  it("are each of another log, or about something else", () => {
    expect(all()).toEqual([]);
    expect(all(ENTRY, elsewhere, about(1), about(2))).toHaveLength(4);
  });

  it("are no copies, wherever they stand and whatever index they claim", () => {
    expect(() => all(ENTRY, ENTRY)).toThrow(twice);
    expect(() => all(elsewhere, ENTRY, about(1), { ...ENTRY, logIndex: "42" })).toThrow(twice);
  });

  it("are each read as one alone", () => {
    expect(() => all(ENTRY, { ...about(1), logIndex: "x" })).toThrow(malformed(expect.stringMatching(/^logIndex: /)));
  });
});
