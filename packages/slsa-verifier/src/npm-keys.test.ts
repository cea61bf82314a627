import { expect, it } from "vitest";
import { bytesOf } from "../test/github-cases.ts";
import { keysJson } from "../test/npm-cases.ts";
import { reasonOf } from "../test/reason.ts";
import { npmKey, npmKeys, readNpmKeys } from "./npm-keys.ts";

const [KEY] = keysJson().keys;

it("only the keys for attestations are read", () => {
  const keys = readNpmKeys(bytesOf(keysJson()));
  expect([...keys.keys()]).toEqual([KEY?.keyId]);
  expect(reasonOf(() => npmKey(keys, KEY?.keyId ?? ""))).toBe("passed");
  expect(reasonOf(() => npmKey(keys, "SHA256:other"))).toBe("ErrorInvalidPublicKey");
  expect(reasonOf(() => npmKey(keys, null))).toBe("ErrorInvalidPublicKey");
});

it("some came with the program", async () => {
  expect((await npmKeys()).has("SHA256:jl3bwswu80PjjokCgh0o2w5c2U4LhQAE57gj9cz1kzA")).toBe(true);
});

it.each([
  ["no JSON", new TextEncoder().encode("{")],
  ["no list", bytesOf({})],
  ["no key for attestations", bytesOf({ keys: [{ ...KEY, keyUsage: "npm:signatures" }] })],
  ["a key without an id", bytesOf({ keys: [{ ...KEY, keyId: undefined }] })],
  ["a key without bytes", bytesOf({ keys: [{ ...KEY, publicKey: {} }] })],
  ["bytes that are no key", bytesOf({ keys: [{ ...KEY, publicKey: { rawBytes: "AAAA" } }] })],
  ["an id twice", bytesOf({ keys: [KEY, KEY] })],
])("%s is refused", (_what, bytes) => {
  expect(() => readNpmKeys(bytes)).toThrow(expect.objectContaining({ code: "KEY_INVALID" }));
});
