import { createHash } from "node:crypto";
import { MAX_SMALL_FILE_BYTES } from "@touchmark/core";
import { expect, it } from "vitest";
import { bytesOf } from "../../test/certificate-cases.ts";
import { KEY_ID, keysJson, npmKeysOf, REGISTRY_KEY } from "../../test/npm-cases.ts";
import { npmKeys, readNpmKeys } from "./npm-keys.ts";

const [KEY] = keysJson().keys;

it("only the keys for attestations are read, each with its time", () => {
  const keys = npmKeysOf({ validFor: { end: "2026-02-01T00:00:00Z" } });
  expect([...keys.keys()]).toEqual([KEY_ID]);
  expect(keys.get(KEY_ID)).toMatchObject({
    digest: createHash("sha256").update(REGISTRY_KEY.spki).digest("hex"),
    start: new Date("2026-01-01"),
    end: new Date("2026-02-01"),
  });
});

it("a key need not say when it counts", () => {
  expect(npmKeysOf({ validFor: null }).get(KEY_ID)).toMatchObject({ start: null, end: null });
});

it("some came with the program; the first one has ended", async () => {
  const keys = await npmKeys();
  expect(keys.get("SHA256:jl3bwswu80PjjokCgh0o2w5c2U4LhQAE57gj9cz1kzA")).toMatchObject({
    start: new Date("2022-12-01"),
    end: new Date("2025-01-29"),
  });
});

it.each([
  ["no JSON", new TextEncoder().encode("{")],
  ["no list", bytesOf({})],
  ["no key for attestations", bytesOf({ keys: [{ ...KEY, keyUsage: "npm:signatures" }] })],
  ["a key without an id", bytesOf({ keys: [{ ...KEY, keyId: undefined }] })],
  ["a key without bytes", bytesOf({ keys: [{ ...KEY, publicKey: {} }] })],
  ["bytes that are no key", bytesOf({ keys: [{ ...KEY, publicKey: { rawBytes: "AAAA" } }] })],
  ["an id twice", bytesOf({ keys: [KEY, KEY] })],
  ["a time that is none", bytesOf(keysJson({ validFor: { start: "always" } }))],
  ["more keys than a registry has", bytesOf({ keys: Array.from({ length: 257 }, () => ({})) })],
])("%s is refused", (_what, bytes) => {
  expect(() => readNpmKeys(bytes)).toThrow(expect.objectContaining({ code: "KEY_INVALID" }));
});

it("of a key its start or its end may be missing", () => {
  expect(npmKeysOf({ validFor: { start: null } }).get(KEY_ID)).toMatchObject({ start: null, end: null });
  expect(npmKeysOf({ validFor: { start: "2026-01-01T01:00:00+01:00" } }).get(KEY_ID)).toMatchObject({
    start: new Date("2026-01-01"),
    end: null,
  });
});

it.each<[string, unknown, string]>([
  ["no list", {}, "keys: expected an array"],
  ["no key for attestations", { keys: [{ ...KEY, keyUsage: "npm:signatures" }] }, "no key for npm:attestations"],
  ["an id twice", { keys: [KEY, KEY] }, `the id ${KEY_ID} twice`],
  ["bytes that are no key", { keys: [{ ...KEY, publicKey: { rawBytes: "AAAA" } }] }, "bytes that are no key"],
])("what is wrong is said: %s", (_what, json, actual) => {
  expect(() => readNpmKeys(bytesOf(json))).toThrow(
    expect.objectContaining({ code: "KEY_INVALID", expected: "keys.json of Sigstore's TUF repository", actual }),
  );
});

it("a file has a megabyte at most", () => {
  const padded = (size: number) => new TextEncoder().encode(JSON.stringify(keysJson()).padEnd(size));
  expect(readNpmKeys(padded(MAX_SMALL_FILE_BYTES)).size).toBe(1);
  expect(() => readNpmKeys(padded(MAX_SMALL_FILE_BYTES + 1))).toThrow(expect.objectContaining({ code: "KEY_INVALID" }));
});

it("an id has 1,024 characters at most, and there are 256 keys at most", () => {
  const named = (keyId: string) => bytesOf({ keys: [{ ...KEY, keyId }] });
  expect(readNpmKeys(named("x".repeat(1_024))).size).toBe(1);
  expect(() => readNpmKeys(named("x".repeat(1_025)))).toThrow(expect.objectContaining({ code: "KEY_INVALID" }));
  expect(readNpmKeys(bytesOf({ keys: [KEY, ...Array.from({ length: 255 }, () => ({}))] })).size).toBe(1);
});
