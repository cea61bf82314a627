import { createHash, sign } from "node:crypto";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type BundleOptions,
  githubRun,
  newTestKey,
  pae,
  publicPem,
  rootOf,
  signBundle,
  testSigstore,
} from "@touchmark/testkit/sigstore";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callCommand } from "../../test/call-command.ts";
import { slsaVerifier } from "./main.ts";

const GENERIC = "slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml";
const SOURCE = "git+https://github.com/octo/widgets@refs/tags/v1.2.3";
const COMMIT = "0123456789abcdef".repeat(3).slice(0, 40);
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

const sigstore = testSigstore();

/** Provenance of slsa-github-generator 2.1.0; with spaces, so that what is printed can be seen to be what was signed. */
function provenance(names: readonly string[], version = "v2.1.0", options: BundleOptions = {}): string {
  const uri = { uri: SOURCE, digest: { sha1: COMMIT } };
  const statement = {
    _type: "https://in-toto.io/Statement/v0.1",
    predicateType: "https://slsa.dev/provenance/v0.2",
    subject: names.map((name) => ({ name, digest: { sha256: sha256(name) } })),
    predicate: {
      builder: { id: `https://github.com/${GENERIC}@refs/tags/${version}` },
      buildType: "https://github.com/slsa-framework/slsa-github-generator/generic@v1",
      invocation: {
        configSource: { ...uri, entryPoint: ".github/workflows/release.yml" },
        environment: {
          github_event_name: "workflow_dispatch",
          github_event_payload: { inputs: { a: "1", b: "2" } },
          github_ref: "refs/tags/v1.2.3",
          github_ref_type: "tag",
          github_base_ref: "",
        },
      },
      materials: [uri],
    },
  };
  const workflow = `${GENERIC}@refs/tags/${version}`;
  const claims = githubRun({ repository: "octo/widgets", ref: "refs/tags/v1.2.3", workflow });
  const payload = new TextEncoder().encode(JSON.stringify(statement, null, 1));
  return JSON.stringify(signBundle(sigstore, payload, { leaf: { claims }, ...options }).bundle);
}

/** As Rekor's answers of old: an entry without the signature, and a promise alone. */
const PROMISED = { version: "0.1", entry: "intoto-0.0.1", entryOptions: { proof: false }, timestamp: null } as const;

const BASE = ["--trusted-root", "root.json", "--source-uri", "github.com/octo/widgets"];
const WITH = [...BASE, "--provenance-path", "a.intoto.jsonl"];

let cwd = "";

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "touchmark-slsa-verifier-"));
  await mkdir(join(cwd, "keys"));
  await mkdir(join(cwd, "no-keys"));
  await mkdir(join(cwd, "many-keys"));
  const files: Record<string, string> = {
    "root.json": JSON.stringify(rootOf(sigstore)),
    a: "a",
    b: "b",
    c: "c",
    "a.intoto.jsonl": `${provenance(["a", "b"])}\n`,
    "c.intoto.jsonl": provenance(["c"], "v2.0.0"),
    "not.json": "{",
    "empty.jsonl": "",
    "keys/us-west2.key": publicPem(newTestKey()),
    "no-keys/readme": "x",
  };
  for (let at = 0; at < 257; at += 1) files[`many-keys/${at}.key`] = "x";
  for (const [name, text] of Object.entries(files)) await writeFile(join(cwd, name), text);
  await symlink(join(cwd, "a"), join(cwd, "link"));
});

afterAll(() => rm(cwd, { recursive: true, force: true }));

const call = (...args: readonly string[]) => callCommand(slsaVerifier, args, {}, { cwd });

describe("verify-artifact", () => {
  it("says what slsa-verifier says, and nothing on standard output", async () => {
    expect(await call("verify-artifact", ...WITH, "a")).toEqual({
      status: 0,
      text: "",
      noted: [
        `Verified build using builder "https://github.com/${GENERIC}@refs/tags/v2.1.0" at commit ${COMMIT}`,
        "Verifying artifact a: PASSED",
        "",
        "PASSED: SLSA verification passed",
      ].join("\n"),
    });
  });

  it("stops at the first that fails", async () => {
    const { status, noted } = await call("verify-artifact", ...WITH, "a", "c", "b");
    expect(status).toBe(1);
    expect(noted).toContain("Verifying artifact a: PASSED");
    expect(noted).toMatch(/Verifying artifact c: FAILED: expected hash '[0-9a-f]{64}' not found \(ErrorMismatchHash\)/);
    expect(noted).toMatch(/\nFAILED: SLSA verification failed: expected hash .*$/);
    expect(noted).not.toContain("artifact b");
  });

  it("takes digests for files, several files of provenance, and links", async () => {
    const digest = ["--artifact-digest", `sha256:${sha256("b")}`];
    expect(await call("verify-artifact", ...WITH, ...digest, "link")).toMatchObject({ status: 0 });
    const two = [...BASE, "--provenance-path", "c.intoto.jsonl", "--provenance-path", "a.intoto.jsonl"];
    expect(await call("verify-artifact", ...two, "a", "b")).toMatchObject({ status: 0 });
    expect(await call("verify-artifact", ...two, "c")).toMatchObject({ status: 0 });
  });

  it("all artifacts are of one builder", async () => {
    const two = [...BASE, "--provenance-path", "c.intoto.jsonl", "--provenance-path", "a.intoto.jsonl"];
    const { status, noted } = await call("verify-artifact", ...two, "a", "c");
    expect([status, noted]).toEqual([1, expect.stringContaining("encountered different builderIDs")]);
  });

  it("inputs are repeated", async () => {
    const inputs = ["--build-workflow-input", "a=1", "--build-workflow-input=b=2"];
    expect(await call("verify-artifact", ...WITH, ...inputs, "a")).toMatchObject({ status: 0 });
    const { status, noted } = await call("verify-artifact", ...WITH, "--build-workflow-input", "a=2", "a");
    expect([status, noted]).toEqual([1, expect.stringContaining("(ErrorMismatchWorkflowInputs)")]);
    const odd = await call("verify-artifact", ...WITH, "--build-workflow-input", "a", "a");
    expect([odd.status, odd.noted]).toEqual([1, expect.stringContaining("expected 'key=value' format")]);
  });

  it("an empty builder is none", async () => {
    expect(await call("verify-artifact", ...WITH, "--builder-id", "", "a")).toMatchObject({ status: 0 });
  });

  it("prints the statement as it was signed", async () => {
    const { text, status } = await call("verify-artifact", ...WITH, "--print-provenance=true", "a");
    expect(status).toBe(0);
    const { dsseEnvelope } = JSON.parse(provenance(["a", "b"]));
    expect(text).toBe(`${Buffer.from(dsseEnvelope.payload, "base64").toString()}\n`);
    expect(await call("verify-artifact", ...WITH, "--print-provenance=false", "a")).toMatchObject({ text: "" });
    expect(await call("verify-artifact", ...WITH, "--print-provenance", "c")).toMatchObject({ status: 1, text: "" });
  });

  it.each([
    ["no artifact", [...WITH], "expects at least one artifact"],
    ["no provenance", [...BASE, "a"], 'required flag(s) "provenance-path" not set'],
    ["no such file", [...WITH, "missing"], "missing cannot be read"],
    ["a folder", [...WITH, "keys"], "keys is not a file"],
    ["provenance that is none", [...BASE, "--provenance-path", "not.json", "a"], "FAILED"],
    ["an empty file of provenance", [...BASE, "--provenance-path", "empty.jsonl", "a"], "FAILED"],
    ["no such root", [...WITH, "--trusted-root", "missing.json", "a"], "missing.json cannot be read"],
    ["a digest that is none", [...WITH, "--artifact-digest", "sha256:a"], "is not a digest"],
    ["a digest of another length", [...WITH, "--artifact-digest", `sha512:${sha256("a")}`], "is not a digest"],
    ["an unknown flag", [...WITH, "--unknown", "a"], "unknown flag: --unknown"],
  ])("%s: 1, and why", async (_what, args, message) => {
    const { status, text, noted } = await call("verify-artifact", ...args);
    expect([status, text, noted]).toEqual([1, "", expect.stringContaining(message)]);
    expect(noted).toContain("FAILED: SLSA verification failed");
  });

  it("what a stranger wrote moves no cursor", async () => {
    const { noted } = await call("verify-artifact", ...WITH, "\u001b[2J\u202e");
    expect(noted).not.toContain("\u001b");
    expect(noted).toContain("\\u001b[2J\\u202e");
  });
});

describe("provenance without a log entry", () => {
  const bare = [...BASE, "--provenance-path", "bare.intoto.jsonl"];

  beforeAll(async () => {
    const { dsseEnvelope, verificationMaterial } = JSON.parse(provenance(["a"], "v2.0.0", PROMISED));
    const [{ rawBytes }] = verificationMaterial.x509CertificateChain.certificates;
    const cert = `-----BEGIN CERTIFICATE-----\n${rawBytes}\n-----END CERTIFICATE-----\n`;
    const [{ sig }] = dsseEnvelope.signatures;
    await writeFile(
      join(cwd, "bare.intoto.jsonl"),
      JSON.stringify({ ...dsseEnvelope, signatures: [{ keyid: "", sig, cert }] }),
    );
    const [entry] = verificationMaterial.tlogEntries;
    const answer = {
      body: entry.canonicalizedBody,
      integratedTime: Number(entry.integratedTime),
      logID: Buffer.from(entry.logId.keyId, "base64").toString("hex"),
      logIndex: Number(entry.logIndex),
      verification: entry.inclusionPromise,
    };
    await writeFile(join(cwd, "rekor.json"), JSON.stringify({ id: answer }));
    await writeFile(join(cwd, "other.json"), JSON.stringify({ id: { ...answer, integratedTime: 1 } }));
  });

  it("says what it needs", async () => {
    const { status, noted } = await call("verify-artifact", ...bare, "a");
    expect([status, noted]).toEqual([1, expect.stringMatching(/--rekor-entry FILE.*\(ErrorRekorSearch\)/)]);
  });

  it("passes with it", async () => {
    expect(await call("verify-artifact", ...bare, "--rekor-entry", "rekor.json", "a")).toMatchObject({ status: 0 });
  });

  it.each(["other.json", "root.json", "a", "missing"])("fails with %s", async (file) => {
    expect(await call("verify-artifact", ...bare, "--rekor-entry", file, "a")).toMatchObject({
      status: 1,
      noted: expect.stringContaining("FAILED: SLSA verification failed"),
    });
  });
});

describe("verify-image", () => {
  const image = `example.com/octo/widgets@sha256:${sha256("a")}`;
  const worker = ["--builder-id", "https://cloudbuild.googleapis.com/GoogleHostedWorker"];

  it.each([
    ["a tag", [...BASE, "example.com/octo/widgets:1"], "the image is mutable"],
    ["two images", [...BASE, image, image], "expects a single path to an image"],
    ["no layout", [...BASE, "--image-layout", "keys", image], "FAILED"],
    ["Cloud Build without its provenance", [...BASE, ...worker, image], '"provenance-path" not set'],
    [
      "no keys",
      [...BASE, ...worker, "--provenance-path", "root.json", "--gcb-keys", "no-keys", image],
      "no file ends in .key",
    ],
    [
      "too many keys",
      [...BASE, ...worker, "--provenance-path", "root.json", "--gcb-keys", "many-keys", image],
      "more than 256 keys",
    ],
    [
      "no folder of keys",
      [...BASE, ...worker, "--provenance-path", "root.json", "--gcb-keys", "missing", image],
      "ENOENT",
    ],
    [
      "another document",
      [...BASE, ...worker, "--provenance-path", "root.json", "--gcb-keys", "keys", image],
      "no provenance found",
    ],
    [
      "a builder with two versions",
      [...BASE, "--builder-id", `${worker[1]}@a@b`, "--provenance-path", "root.json", image],
      "FAILED",
    ],
    ["a builder that is none", [...BASE, "--builder-id", "a@b@c", image], "(ErrorVerifierNotSupported)"],
  ])("%s: 1, and why", async (_what, args, message) => {
    const { status, noted } = await call("verify-image", ...args);
    expect([status, noted]).toEqual([1, expect.stringContaining(message)]);
  });
});

describe("verify-npm-package", () => {
  const npm = [...BASE, "--attestations-path", "root.json"];

  it.each([
    ["a branch", [...npm, "--source-branch", "main", "a"], "--source-branch not supported"],
    ["a tag", [...npm, "--source-tag", "v1", "a"], "--source-tag not supported"],
    ["a version", [...npm, "--source-versioned-tag", "v1", "a"], "--source-versioned-tag not supported"],
    ["printing", [...npm, "--print-provenance=false", "a"], "--print-provenance not supported"],
    ["no package", npm, "expects a single path to an image"],
    ["another document", [...npm, "a"], "(ErrorInvalidNpmAttestations)"],
    ["keys that are none", [...npm, "--npm-keys", "root.json", "a"], "the keys of npm's registry cannot be read"],
  ])("%s: 1, and why", async (_what, args, message) => {
    const { status, noted } = await call("verify-npm-package", ...args);
    expect([status, noted]).toEqual([1, expect.stringContaining(message)]);
  });
});

describe("verify-github-attestation", () => {
  const attested = [...BASE, "--attestation-path", "a.intoto.jsonl"];

  it("wants a builder, and one file", async () => {
    expect(await call("verify-github-attestation", ...attested, "a")).toMatchObject({
      status: 1,
      noted: expect.stringContaining("(ErrorUntrustedReusableWorkflow)"),
    });
    expect(await call("verify-github-attestation", ...attested, "a", "b")).toMatchObject({
      status: 1,
      noted: expect.stringContaining("expects a single path to a module file"),
    });
    const named = ["--builder-id", `https://github.com/${GENERIC}`];
    expect(await call("verify-github-attestation", ...attested, ...named, "a")).toMatchObject({ status: 0 });
  });
});

describe("verify-vsa", () => {
  const key = newTestKey();
  const type = "application/vnd.in-toto+json";
  const summary = JSON.stringify({
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name: "a", digest: { sha256: sha256("a") } }],
    predicateType: "https://slsa.dev/verification_summary/v1",
    predicate: {
      verifier: { id: "v" },
      resourceUri: "r",
      verificationResult: "PASSED",
      verifiedLevels: ["SLSA_BUILD_LEVEL_3"],
    },
  });
  const needed = [
    "--attestation-path",
    "vsa.json",
    "--verifier-id",
    "v",
    "--resource-uri",
    "r",
    "--public-key-path",
    "vsa.pem",
  ];
  const subject = ["--subject-digest", `sha256:${sha256("a")}`];

  beforeAll(async () => {
    const sig = sign("sha256", pae(type, Buffer.from(summary)), { key: key.privateKey, dsaEncoding: "ieee-p1363" });
    const payload = Buffer.from(summary).toString("base64");
    const envelope = { payloadType: type, payload, signatures: [{ sig: sig.toString("base64") }] };
    await writeFile(join(cwd, "vsa.json"), JSON.stringify(envelope));
    await writeFile(join(cwd, "vsa.pem"), publicPem(key));
  });

  it("passes, prints, and says so", async () => {
    const { status, text, noted } = await call("verify-vsa", ...needed, ...subject, "--print-attestation");
    expect([status, text]).toEqual([0, `${summary}\n`]);
    expect(noted).toBe("Verifying VSA: PASSED\n\nPASSED: SLSA verification passed");
  });

  it.each([
    ["another level", ["--verified-level", "SLSA_BUILD_LEVEL_4"], "(ErrorMismatchVerifiedLevels)"],
    ["another subject", ["--subject-digest", "sha256:x"], "(ErrorMissingSubjectDigest)"],
    ["another key", ["--public-key-path", "keys/us-west2.key"], "(ErrorNoValidSignature)"],
    ["no key", ["--public-key-path", "a"], "invalid public key"],
    ["an argument", ["a"], 'unknown command "a"'],
  ])("%s: 1, and why", async (_what, args, message) => {
    const { status, noted } = await call("verify-vsa", ...needed, ...subject, ...args);
    expect([status, noted]).toEqual([1, expect.stringContaining(message)]);
  });

  it("no subject at all", async () => {
    expect(await call("verify-vsa", ...needed)).toMatchObject({ status: 1 });
  });
});

describe("help, version and what is no command", () => {
  it("each command names its flags", async () => {
    const { text } = await call("--help");
    const commands = [...text.matchAll(/^ {2}(verify-\S+)/gm)].map(([, name]) => name ?? "");
    expect(commands).toHaveLength(5);
    for (const name of commands) {
      const asked = await call(name, "--help");
      expect(asked).toMatchObject({ status: 0, noted: "" });
      expect(asked.text).toContain(`Usage: touchmark slsa-verifier ${name}`);
      expect(asked.text).toContain("--trusted-root FILE");
      expect(await call("help", name)).toEqual(asked);
    }
  });

  it("no line of it is wider than a page", async () => {
    for (const name of [
      "verify-artifact",
      "verify-image",
      "verify-npm-package",
      "verify-github-attestation",
      "verify-vsa",
    ]) {
      const { text } = await call(name, "-h");
      expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(128);
    }
  });

  it("the version is that of the rules", async () => {
    expect(await call("version")).toMatchObject({ status: 0, text: expect.stringContaining("2.7.1") });
  });

  it.each([[[]], [["sign"]], [["constructor"]]])("%j is no command: 1", async (args) => {
    expect(await call(...args)).toMatchObject({ status: 1, text: "", noted: expect.stringMatching(/./) });
  });
});
