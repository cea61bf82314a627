import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { encodeJson, PROVENANCE_V1, STATEMENT_V1 } from "@touchmark/core";
import { githubRun, signBundle, testSigstore } from "@touchmark/testkit/sigstore";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recordingTerminal } from "../../test/recording-terminal.ts";
import { inspectCommand } from "./inspect.ts";

const sigstore = testSigstore();
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const COMMIT = "ab".repeat(20);

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), "touchmark-inspect-"));
  const statement = encodeJson({
    _type: STATEMENT_V1,
    subject: [{ name: "tool", digest: { sha256: sha256("tool") } }],
    predicateType: PROVENANCE_V1,
    predicate: {
      buildDefinition: { buildType: "https://example.com/type", externalParameters: {} },
      runDetails: { builder: { id: "https://example.com/builder" } },
    },
  });
  const claims = {
    ...githubRun({
      repository: "octo/widgets",
      ref: "refs/tags/v1.2.3",
      workflow: `octo/builders/.github/workflows/go.yml@${COMMIT}`,
    }),
    environment: "production",
  };
  const { bundle } = signBundle(sigstore, statement, { leaf: { claims } });
  await writeFile(path.join(cwd, "r.sigstore.json"), JSON.stringify(bundle));
  const broken = {
    ...bundle,
    verificationMaterial: { ...bundle.verificationMaterial, certificate: { rawBytes: "AAAA" } },
  };
  await writeFile(path.join(cwd, "broken.sigstore.json"), JSON.stringify(broken));
  const signed = signBundle(sigstore, new TextEncoder().encode("tool"), { content: "message" }).bundle;
  await writeFile(path.join(cwd, "tool.sigstore.json"), JSON.stringify(signed));
});
afterAll(() => rm(cwd, { recursive: true, force: true }));

async function inspect(file: string, options: { readonly json?: boolean; readonly payload?: boolean } = {}) {
  const terminal = recordingTerminal({ json: options.json === true });
  const context = { terminal, env: {}, cwd, signal: new AbortController().signal };
  expect(await inspectCommand(context, [file], options)).toBe(0);
  return terminal.text();
}

describe("inspect", () => {
  it("shows every field of the certificate, log entry and timestamp, as not checked", async () => {
    const text = await inspect("r.sigstore.json");
    expect(
      text
        .split("\n")
        .filter((line) => line.includes("(not checked)"))
        .map((line) => line.trim().split(/ {2,}/)[0]),
    ).toEqual(["certificate", "log entry", "timestamp"]);
    for (const [name, value] of [
      ["signer", `https://github.com/octo/builders/.github/workflows/go.yml@${COMMIT}`],
      ["issuer", "https://token.actions.githubusercontent.com"],
      ["its commit", COMMIT],
      ["source", "https://github.com/octo/widgets@refs/tags/v1.2.3"],
      ["commit", "0123456789abcdef0123456789abcdef01234567"],
      ["repository id", "1001"],
      ["owner id", "2002"],
      ["started", "https://github.com/octo/widgets/.github/workflows/release.yml@refs/tags/v1.2.3"],
      ["trigger", "push"],
      ["runner", "github-hosted"],
      ["environment", "production"],
      ["run", "https://github.com/octo/widgets/actions/runs/42/attempts/1"],
      ["valid", "2026-01-15T12:00:00.000Z to 2026-01-15T12:10:00.000Z"],
    ] as const) {
      expect(text).toMatch(new RegExp(`^ {4}${name} +${value.replaceAll(/[.?+]/g, "\\$&")}$`, "m"));
    }
    expect(text).toMatch(
      /^ {2}log entry {5}\d+ of \S*rekor\S*.*, hashedrekord 0\.0\.2, with proof {2}\(not checked\)$/m,
    );
    expect(text).toContain("  timestamp     2026-01-15T12:00:00.000Z  (not checked)");
  });

  it("puts the same into the document", async () => {
    expect(JSON.parse(await inspect("r.sigstore.json", { json: true }))).toMatchObject([
      {
        kind: "bundle",
        statement: { subject: [{ name: "tool" }] },
        signing: {
          unverified: true,
          certificate: { claims: { buildSignerCommit: COMMIT, environment: "production" } },
          logEntries: [{ proof: true }],
          timestamps: [{ time: "2026-01-15T12:00:00.000Z" }],
        },
      },
    ]);
  });

  it("shows the rest of a bundle whose certificate cannot be read", async () => {
    const text = await inspect("broken.sigstore.json");
    expect(text).toMatch(/^ {2}certificate {3}cannot be read: CERTIFICATE_INVALID: /m);
    expect(text).toContain("subjects      1");
  });

  it("shows a signature over a file, which states nothing", async () => {
    const text = await inspect("tool.sigstore.json");
    expect(text).toContain(`  signs         a file with sha256:${sha256("tool")}`);
    expect(text).toContain("  statement     none: it does not say where the file came from, and covers nothing");
    expect(text).toContain("signer");
    expect(JSON.parse(await inspect("tool.sigstore.json", { json: true }))).toMatchObject([
      { kind: "signature", digest: `sha256:${sha256("tool")}`, signing: { certificate: {} } },
    ]);
    await expect(inspect("tool.sigstore.json", { payload: true })).rejects.toMatchObject({
      code: "USAGE",
      actual: "a signature over a file, which has no payload",
    });
  });
});
