import { newTestKey, publicPem } from "@touchmark/testkit/sigstore";
import { expect, it } from "vitest";
import { PAE_V1_KEY_ID, PAE_V01_KEY_ID, REGION_KEY_ID } from "../../test/cloud-build-cases.ts";
import { cloudBuildKey, cloudBuildKeys, readCloudBuildKey } from "./keys.ts";

it("a key's name says where it is, and what it signs", () => {
  expect(cloudBuildKey(REGION_KEY_ID)).toEqual({ name: "us-west2", over: "payload", version: "v0.1" });
  expect(cloudBuildKey(PAE_V1_KEY_ID)).toEqual({
    name: "global-pae-google-hosted-worker_1",
    over: "pae",
    version: "v1",
  });
  expect(cloudBuildKey(PAE_V01_KEY_ID)).toEqual({
    name: "global-pae-provenanceSigner_1",
    over: "pae",
    version: "v0.1",
  });
  for (const other of ["x", `x${REGION_KEY_ID}`, `${REGION_KEY_ID}x`, `${REGION_KEY_ID}/2`]) {
    expect(cloudBuildKey(other)).toBeNull();
  }
});

it("some came with the program", async () => {
  const keys = await cloudBuildKeys();
  expect(
    ["global", "us-west2", "europe-west1", "global-pae-provenanceSigner_1"].filter((name) => !keys.has(name)),
  ).toEqual([]);
});

it("only EC keys in PEM are read", () => {
  expect(readCloudBuildKey(Buffer.from(publicPem(newTestKey())), "a.key").asymmetricKeyType).toBe("ec");
  for (const [bytes, actual] of [
    [Buffer.from("x"), "something else"],
    [Buffer.from(publicPem(newTestKey("ed25519"))), "ed25519"],
  ] as const) {
    expect(() => readCloudBuildKey(bytes, "a.key")).toThrow(
      expect.objectContaining({ code: "KEY_INVALID", expected: "a public key in PEM: EC", actual }),
    );
  }
});
