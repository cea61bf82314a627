import { cp, rename } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { RELEASE_RUN } from "../packages/testkit/src/sigstore/index.ts";
import { newFolder, touchmark } from "./touchmark-process.ts";

const VECTOR = fileURLToPath(new URL("../packages/vectors/cases/npm-document", import.meta.url));

let folder: Awaited<ReturnType<typeof newFolder>>;
beforeAll(async () => {
  folder = await newFolder();
  await cp(VECTOR, folder.path, { recursive: true });
  await rename(join(folder.path, "bundle.sigstore.json"), join(folder.path, "release/pad.tgz.attestations.json"));
});
afterAll(() => folder?.remove());

const TRUST = [
  ...["--signer-identity", RELEASE_RUN.buildSignerUri ?? "", "--signer-issuer", RELEASE_RUN.issuer ?? ""],
  ...["--trusted-root", "trusted_root.json", "--npm-keys", "npm_keys.json", "--offline"],
];

it("npm's document lies beside the package, and the built program says that the registry vouches", async () => {
  const ended = await touchmark(["verify", "release/pad.tgz", ...TRUST], { cwd: folder.path });
  expect(ended).toMatchObject({ status: 0, stdout: expect.stringMatching(/^VERIFIED {2}1 of 1 artifact\n/) });
  expect(ended.stdout).toContain("published by  https://registry.npmjs.org  key SHA256:registry");
});
