import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { EMPTY_SUBJECTS_FILE, encodeJson, encodeSubjectsFile, PROVENANCE_V1, STATEMENT_V1 } from "@touchmark/core";
import { githubRun, rootOf, signBundle, testSigstore } from "@touchmark/testkit/sigstore";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callCommand } from "../../test/call-command.ts";
import { InspectReportSchema } from "../reports/inspect.ts";
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
  await writeFile(path.join(cwd, "two.intoto.jsonl"), `${JSON.stringify(bundle)}\n\n{"no": "evidence"}\n`);
  await writeFile(path.join(cwd, "statement.json"), statement);
  const payload = signBundle(sigstore, new TextEncoder().encode("no statement"), {}).bundle;
  await writeFile(path.join(cwd, "payload.sigstore.json"), JSON.stringify(payload));
  const signed = signBundle(sigstore, new TextEncoder().encode("tool"), { content: "message" }).bundle;
  await writeFile(path.join(cwd, "tool.sigstore.json"), JSON.stringify(signed));
});
afterAll(() => rm(cwd, { recursive: true, force: true }));

async function inspect(file: string, options: { readonly json?: boolean; readonly payload?: boolean } = {}) {
  const { status, text } = await callCommand(inspectCommand, [file], options, { cwd, json: options.json === true });
  return { status, text };
}

async function reported(file: string) {
  const { text } = await inspect(file, { json: true });
  return InspectReportSchema.parse(JSON.parse(text)).files[0];
}

const write = (name: string, content: string | Uint8Array) => writeFile(path.join(cwd, name), content);

describe("inspect", () => {
  it("answers who, what, when, where and why, and says which part says so", async () => {
    const { text, status } = await inspect("r.sigstore.json");
    expect(status).toBe(0);
    expect(text).toContain("r.sigstore.json  (nothing here is verified)");
    for (const [question, answer] of [
      ["format", "a Sigstore bundle, application/vnd.dev.sigstore.bundle.v0.3+json"],
      [
        "who",
        `https://github.com/octo/builders/.github/workflows/go.yml@${COMMIT}, identified by https://token.actions.githubusercontent.com  (says the certificate)`,
      ],
      ["what", "SLSA provenance v1 about tool  (says the statement)"],
      ["when", "2026-01-15T12:00:00.000Z  (says the timestamp)"],
      ["where", "https://github.com/octo/widgets/actions/runs/42/attempts/1 (github-hosted)  (says the certificate)"],
      ["why", "push of refs/tags/v1.2.3  (says the certificate)"],
    ] as const) {
      expect(text.split("\n")).toContain(`  ${question.padEnd(12)}  ${answer}`);
    }
  });

  it("shows every field of the certificate, log entry and timestamp, as not checked", async () => {
    const { text } = await inspect("r.sigstore.json");
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

  it("says which parts belong together, and never that something is verified", async () => {
    const { text } = await inspect("r.sigstore.json");
    expect(text).toContain("    consistent    the signature, and the certificate's key\n");
    expect(text).toContain("    incomparable  the provenance, and the certificate: they say nothing of the same\n");
    expect(text.toLowerCase().match(/(?<!nothing here is )\bverified\b/)).toBeNull();
  });

  it("puts the same into the document, which is as its schema says", async () => {
    expect(await reported("r.sigstore.json")).toMatchObject({
      kind: "evidence",
      problems: [],
      pieces: [
        {
          name: "r.sigstore.json",
          kind: "statement",
          format: "sigstore-bundle",
          statement: { subject: [{ name: "tool" }] },
          predicate: { title: "SLSA provenance v1" },
          answers: { why: { text: "push of refs/tags/v1.2.3", by: "certificate" } },
          signing: {
            unverified: true,
            certificate: { claims: { buildSignerCommit: COMMIT, environment: "production" } },
            logEntries: [{ proof: true, url: null }],
            timestamps: [{ time: "2026-01-15T12:00:00.000Z" }],
          },
          consistency: expect.arrayContaining([
            { what: "the timestamp, and the signature", result: "consistent", why: null },
          ]),
        },
      ],
    });
  });

  it("shows the rest of a bundle whose certificate cannot be read", async () => {
    const { text } = await inspect("broken.sigstore.json");
    expect(text).toMatch(/^ {2}certificate {3}cannot be read: CERTIFICATE_INVALID: /m);
    expect(text).toContain("who           not said");
    expect(text).toContain("subjects      1");
    await reported("broken.sigstore.json");
  });

  it("shows a payload that is no statement, and why", async () => {
    const { text } = await inspect("payload.sigstore.json");
    expect(text).toMatch(/^ {2}statement {5}none: STATEMENT_MALFORMED: /m);
    expect(text).toMatch(/^ {2}payload {7}application\/vnd\.in-toto\+json, 12 bytes, sha256:[0-9a-f]{64}$/m);
    expect(await reported("payload.sigstore.json")).toMatchObject({
      pieces: [{ statement: null, statementProblem: { code: "STATEMENT_MALFORMED" }, answers: { what: null } }],
    });
  });

  it("shows a signature over a file, which states nothing", async () => {
    const { text } = await inspect("tool.sigstore.json");
    expect(text).toContain(`  signs         a file with sha256:${sha256("tool")}`);
    expect(text).toContain("  statement     none: it does not say where the file came from, and covers nothing");
    expect(text).toContain("signer");
    expect(await reported("tool.sigstore.json")).toMatchObject({
      pieces: [{ kind: "signature", signed: `sha256:${sha256("tool")}`, signing: { certificate: {} } }],
    });
    await expect(inspect("tool.sigstore.json", { payload: true })).rejects.toMatchObject({
      code: "USAGE",
      actual: "a signature over a file, which has no payload",
    });
  });

  it("shows what is evidence in a file, says what is not, and ends with 1", async () => {
    const { text, status } = await inspect("two.intoto.jsonl");
    expect(status).toBe(1);
    expect(text).toContain("two.intoto.jsonl:1  (nothing here is verified)");
    expect(text).toMatch(/^no evidence {2}BUNDLE_MALFORMED: two\.intoto\.jsonl:3: /m);
    expect(await reported("two.intoto.jsonl")).toMatchObject({
      pieces: [{}],
      problems: [{ code: "BUNDLE_MALFORMED" }],
    });
    await expect(inspect("two.intoto.jsonl", { payload: true })).rejects.toMatchObject({ code: "BUNDLE_MALFORMED" });
  });

  it("shows a statement that nobody signed, and an SBOM", async () => {
    const { text } = await inspect("statement.json");
    expect(text).toContain("statement.json  (not signed, and nothing here is verified)");
    expect(text).toContain("    builder       https://example.com/builder");
    expect(await reported("statement.json")).toMatchObject({ kind: "unsigned", statement: { subject: [{}] } });
    await write("bom.json", JSON.stringify({ bomFormat: "CycloneDX", specVersion: "1.6", components: [] }));
    expect((await inspect("bom.json")).text).toContain("  document      CycloneDX SBOM\n    format      CycloneDX 1.6");
    await write("spdx.json", JSON.stringify({ spdxVersion: "SPDX-2.3", name: "app" }));
    expect(await reported("spdx.json")).toMatchObject({
      kind: "unsigned",
      statement: null,
      predicate: { title: "SPDX SBOM" },
    });
    await write("none.json", JSON.stringify({ _type: STATEMENT_V1 }));
    await expect(inspect("none.json")).rejects.toMatchObject({ code: "STATEMENT_MALFORMED" });
  });

  it("shows a subjects file", async () => {
    await write("s.json", encodeSubjectsFile(EMPTY_SUBJECTS_FILE));
    expect((await inspect("s.json")).text).toContain("s.json  subjects file (not signed)\n  parts         0: ");
    expect(await reported("s.json")).toMatchObject({ kind: "subjects", subjects: { parts: [] } });
  });

  it.each<[string, string, string, string]>([
    ["roots.json", JSON.stringify(rootOf(sigstore)), "trusted roots", "touchmark roots show --trusted-root roots.json"],
    [
      "gh.jsonl",
      `${JSON.stringify(rootOf(sigstore))}\n`.repeat(2),
      "trusted roots",
      "touchmark roots show --trusted-root gh.jsonl",
    ],
    [
      "config.json",
      '{"mediaType": "application/vnd.dev.sigstore.signingconfig.v0.2+json"}',
      "a signing config",
      "touchmark attest --keyless --signing-config config.json",
    ],
    [
      "root.json",
      '{"signed": {"_type": "root"}, "signatures": []}',
      "the root of a TUF repository",
      "touchmark roots update --mirror URL --root root.json",
    ],
    [
      "report.json",
      '{"schema": "https://touchmark.dev/schema/verify-v1.json", "result": "failed"}',
      "a report of touchmark verify: failed",
      "touchmark verify",
    ],
    ["deny.json", '{"version": 1, "deny": []}', "a deny list", "touchmark verify TARGET --deny deny.json"],
    [
      "my deny.yaml",
      "version: 1\ndeny:\n  - reason: x\n",
      "a deny list",
      "touchmark verify TARGET --deny 'my deny.yaml'",
    ],
    ["t.yaml", "version: 1\nartifacts: {}\n", "a configuration", "touchmark check --config t.yaml"],
    ["t.json", '{"version": 1, "artifacts": {}}', "a configuration", "touchmark check --config t.json"],
    [
      "p.yaml",
      "version: 1\ntrust: ./t.yaml\nartifacts:   # rules\n\n  # the first\n  - match: a\ndeny: []\n",
      "a policy",
      "touchmark policy check p.yaml",
    ],
    ["flow.yaml", "version: 1\nartifacts: [{ match: a }]\n", "a policy", "touchmark policy check flow.yaml"],
    ["p.json", '{"version": 1, "artifacts": [], "deny": []}', "a policy", "touchmark policy check p.json"],
    ["trust.yaml", "version: 1\ntrust:\n  - name: a\n", "a trust file", "touchmark trust show trust.yaml"],
    ["trust.json", '{"version": 1, "trust": []}', "a trust file", "touchmark trust show trust.json"],
    [
      "seen.json",
      '{"releases": {}, "roots": [], "version": 1}',
      "what a verifier has seen",
      "touchmark verify TARGET --state seen.json",
    ],
    [
      "MANIFEST.json",
      '{"schema": "https://touchmark.dev/schema/kit-v1.json", "files": []}',
      "the list of a kit",
      "touchmark verify kit:FOLDER",
    ],
  ])("says what %s is, and which command shows it", async (name, content, title, command) => {
    await write(name, content);
    const { text } = await inspect(name);
    expect(text).toContain(`${name}  ${title}`);
    expect(text).toContain(`  see           ${command}\n`);
    expect(await reported(name)).toMatchObject({ kind: "other", command });
  });

  it.each([
    ["empty", ""],
    ["words", "version one\n"],
    ["yaml.yaml", "version: 1\nelse: 2\n"],
    ["array.json", "[1]"],
    ["other.json", '{"version": 2, "artifacts": {}}'],
    ["bare.json", '{"version": 1}'],
  ])("refuses %s, which is nothing that it knows", async (name, content) => {
    await write(name, content);
    await expect(inspect(name)).rejects.toMatchObject({ code: expect.stringMatching(/^BUNDLE_MALFORMED$/) });
  });
});
