import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { RELEASE_RUN } from "@touchmark/testkit/sigstore";
import { afterAll, beforeAll, expect, it } from "vitest";
import { recordingTerminal } from "../../test/recording-terminal.ts";
import { verifyCommand } from "./verify.ts";

const VECTOR = fileURLToPath(new URL("../../../../packages/vectors/cases/npm-document", import.meta.url));

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), "touchmark-packages-"));
  await cp(VECTOR, cwd, { recursive: true });
});
afterAll(() => rm(cwd, { recursive: true, force: true }));

const trusted = {
  signerIdentity: [RELEASE_RUN.buildSignerUri ?? ""],
  signerIssuer: RELEASE_RUN.issuer ?? "",
  trustedRoot: "trusted_root.json",
  bundle: ["bundle.sigstore.json"],
};

async function verify(options: object, json = false) {
  const terminal = recordingTerminal({ json });
  const context = { terminal, env: {}, cwd, signal: new AbortController().signal };
  const status = await verifyCommand(context, ["release/pad.tgz"], { ...trusted, ...options });
  return { status, text: terminal.text() };
}

it("says which registry vouches for a package, and with which key", async () => {
  const { status, text } = await verify({ npmKeys: "npm_keys.json" });
  expect(status).toBe(0);
  expect(text).toContain("  published by  https://registry.npmjs.org  key SHA256:registry\n");
  const document = JSON.parse((await verify({ npmKeys: "npm_keys.json" }, true)).text);
  expect(document.artifacts[0].statements[0].published).toEqual({
    registry: "https://registry.npmjs.org",
    name: "@octo/pad",
    version: "1.0.0",
    keyId: "SHA256:registry",
    key: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    signedAt: "2026-01-15T12:00:00.000Z",
  });
});

it("believes npm's own keys where no others are named", async () => {
  const { status, text } = await verify({});
  expect(status).toBe(1);
  expect(text).toContain("SIGNER_UNTRUSTED");
  expect(text).toContain("SHA256:jl3bwswu80PjjokCgh0o2w5c2U4LhQAE57gj9cz1kzA");
});

it("asks for one package", async () => {
  const keys = { npmKeys: "npm_keys.json" };
  expect((await verify({ ...keys, package: "pkg:npm/@octo/pad@1.0.0" })).status).toBe(0);
  const { status, text } = await verify({ ...keys, package: "pkg:npm/@octo/pad@1.0.1" });
  expect(status).toBe(1);
  expect(text).toContain("PACKAGE_MISMATCH");
});

it.each([
  ["keys that are none", { npmKeys: "trusted_root.json" }, "KEY_INVALID"],
  ["keys that are not there", { npmKeys: "none.json" }, "INPUT_MISSING"],
  ["a package without a version", { package: "pkg:npm/pad" }, "USAGE"],
])("%s are refused before anything is read", async (_what, options, code) => {
  await expect(verify({ ...options, bundle: ["none"] })).rejects.toMatchObject({ code });
});
