import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { recordingTerminal } from "../../test/recording-terminal.ts";
import { verifyCommand } from "./verify.ts";

const IMAGE = `sha256:${createHash("sha256").update("the image\n").digest("hex")}`;
const KEY = "projects/verified-builder/locations/us-west2/keyRings/attestor/cryptoKeys/builtByGCB/cryptoKeyVersions/1";
const cwd = fileURLToPath(new URL("../../../../packages/vectors/cases/cloud-build/", import.meta.url));
const bundle = ["widgets.provenance.json"];
const trusted = { bundle, cloudBuild: true, gcbKeys: "gcb-keys", source: "octo/widgets@refs/tags/v1.2.0" };

async function verify(options: object, json = false) {
  const terminal = recordingTerminal({ json });
  const context = { terminal, env: {}, cwd, signal: new AbortController().signal };
  const status = await verifyCommand(context, [IMAGE], options as never);
  return { status, text: terminal.text(), noted: terminal.noted() };
}

describe("verify --cloud-build", () => {
  it("says which of Google's keys signed, and whose keys these are", async () => {
    const { status, text, noted } = await verify(trusted);
    expect(status).toBe(0);
    expect(text).toContain(
      "trusted       Google Cloud Build, built from https://github.com/octo/widgets@refs/tags/v1.2.0",
    );
    expect(text).toContain(`signed by     Google Cloud Build, key ${KEY}`);
    expect(text).toMatch(/its keys {6}gcb-keys {2}sha256:[0-9a-f]{12}…\n/);
    expect(noted).toContain("trusted: Google Cloud Build; keys gcb-keys, sha256:");
  });

  it("puts the same into the document", async () => {
    expect(JSON.parse((await verify(trusted, true)).text)).toMatchObject({
      artifacts: [
        {
          statements: [
            {
              signer: `cloud-build:${KEY}`,
              issuer: null,
              signedAt: null,
              source: "https://github.com/octo/widgets",
              ref: "refs/tags/v1.2.0",
              level: 1,
            },
          ],
        },
      ],
      inputs: {
        key: null,
        identity: null,
        roots: null,
        cloudBuild: {
          name: "gcb-keys",
          digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
          date: null,
          source: "https://github.com/octo/widgets",
          ref: "refs/tags/v1.2.0",
        },
      },
    });
  });

  it("takes the keys that came with it, of a day, where none are named", async () => {
    const { status, text } = await verify({ bundle, cloudBuild: true, source: "octo/widgets" });
    expect(status).toBe(1);
    expect(text).toContain("SIGNATURE_INVALID");
    expect(text).toMatch(/its keys {6}those that came with touchmark {2}sha256:[0-9a-f]{12}… {2}of 20\d\d-\d\d-\d\d/);
  });

  it.each([
    ["without a source", { cloudBuild: true }, "SOURCE_UNSET"],
    ["keys alone", { gcbKeys: "gcb-keys" }, "USAGE"],
    ["a folder without keys", { ...trusted, gcbKeys: "." }, "USAGE"],
    ["a source alone", { source: "octo/widgets" }, "USAGE"],
    ["an identity by halves", { ...trusted, signerIssuer: "https://example.com" }, "USAGE"],
  ])("%s is refused", async (_what, options, code) => {
    await expect(verify({ bundle, ...options })).rejects.toMatchObject({ code });
  });

  it("is proposed where the evidence is of this kind", async () => {
    await expect(verify({ bundle })).rejects.toMatchObject({
      code: "TRUST_UNSET",
      expected: expect.stringMatching(/--cloud-build --source OWNER\/REPO$/),
    });
  });
});
