import { newTestKey, publicPem } from "@touchmark/testkit/sigstore";
import { expect, it } from "vitest";
import { PAE_KEY_V1, PAE_KEY_V01, REGION_KEY_ID } from "../test/gcb-cases.ts";
import { gcbKeyName, gcbKeys, readGcbKey } from "./gcb-keys.ts";

it("a key's id says where it is, and what it signs", () => {
  expect(gcbKeyName(REGION_KEY_ID)).toEqual({ name: "us-west2", over: "payload" });
  expect(gcbKeyName(PAE_KEY_V1)).toEqual({ name: "global-pae-google-hosted-worker_1", over: "pae" });
  expect(gcbKeyName(PAE_KEY_V01)).toEqual({ name: "global-pae-provenanceSigner_1", over: "pae" });
  expect(gcbKeyName("x")).toBeNull();
});

it("some came with the program", async () => {
  const keys = await gcbKeys();
  expect(
    ["global", "us-west2", "europe-west1", "global-pae-provenanceSigner_1"].filter((name) => !keys.has(name)),
  ).toEqual([]);
});

it("only EC keys in PEM are read", () => {
  expect(readGcbKey(Buffer.from(publicPem(newTestKey())), "a.key").asymmetricKeyType).toBe("ec");
  for (const bytes of [Buffer.from("x"), Buffer.from(publicPem(newTestKey("ed25519")))]) {
    expect(() => readGcbKey(bytes, "a.key")).toThrow(expect.objectContaining({ code: "KEY_INVALID" }));
  }
});
