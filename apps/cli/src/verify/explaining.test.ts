import { createHash } from "node:crypto";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { CheckReportSchema } from "@touchmark/engine";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { signedBytes, statementBytes, testKey } from "../../../../packages/verify/test/signed-bundles.ts";
import { callCommand } from "../../test/call-command.ts";
import { verifyCommand } from "../commands/verify.ts";

const vectors = fileURLToPath(new URL("../../../../packages/vectors/cases/", import.meta.url));
let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), "touchmark-explaining-"));
  await cp(path.join(vectors, "complete"), cwd, { recursive: true });
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const call = (options: object, json = false) =>
  callCommand(verifyCommand, ["release"], { key: ["key.pub"], ...options }, { cwd, json });

describe("--explain", () => {
  it("walks through the checks, and says who could have fooled them", async () => {
    const { status, text } = await call({ explain: "tool-amd64" });
    expect(status).toBe(0);
    expect(text).toContain("Why tool-amd64 is verified");
    expect(text).toMatch(/release\.intoto\.jsonl\S* {2}covers it/);
    const checks = text.match(/(?<=passed {7})\S.*$/gm) ?? [];
    expect(checks.map((line) => line.trim())).toEqual([
      "the signature holds, by a key or with its chain, logs and timestamps",
      "what was signed is a statement",
      "the builder is one that you expect",
      "nothing denies the statement",
      "it says where the artifact came from",
      "a subject has the artifact's digests",
      "that subject has the artifact's name",
      "it is what you asked for",
    ]);
    expect(text).toMatch(/key: key\.pub, sha256:[0-9a-f]{64} \(--key\)/);
    expect(text).toContain("FOOLS IT  the signer's key: whoever has key.pub signs what they like");
    expect(text).toContain("does not  the transparency log");
  });

  it("names a verifier's flags where a verification summary is tried", async () => {
    await cp(path.join(vectors, "summary"), path.join(cwd, "summary"), { recursive: true });
    const { status, text } = await callCommand(
      verifyCommand,
      ["release"],
      {
        bundle: ["bundle.sigstore.json"],
        vsaKey: "verifier.pub",
        vsaVerifier: "https://verifier.test/widgets",
        vsaResource: "pkg:generic/widgets@1.0.0",
        explain: "tool",
      },
      { cwd: path.join(cwd, "summary"), json: false },
    );
    expect(text).toMatch(/key: verifier\.pub, sha256:[0-9a-f]{64} \(--vsa-key\)/);
    expect(text).toContain("does not  the signer's key: no key is trusted to sign provenance\n");
    expect(status).toBe(0);
  });

  it("shows what was refused, and what was not reached", async () => {
    await writeFile(path.join(cwd, "release/tool-amd64"), "changed");
    const { status, text } = await call({ explain: "tool-amd64" });
    expect(status).toBe(1);
    expect(text).toMatch(/REFUSED {6}a subject has the artifact's digests/);
    expect(text).toMatch(/not reached {2}that subject has the artifact's name/);
    expect(text).toContain("verdict: SUBJECT_MISMATCH");
  });

  it("names the rule of a policy, and what it expected", async () => {
    const rule = "  - match: '**'\n    any-source: true\n    build-type: https://example.com/mine\n";
    await writeFile(path.join(cwd, "policy.yaml"), `version: 1\nexpires: 2099-01-01\nartifacts:\n${rule}`);
    const { status, text } = await call({ policy: "policy.yaml", explain: "tool-amd64" });
    expect(status).toBe(1);
    expect(text).toContain("Why tool-amd64 is refused by the policy\n");
    expect(text).toMatch(/release\.intoto\.jsonl\S* {2}does not count/);
    expect(text).toMatch(
      /REFUSED {6}it is what you asked for\n +rule: policy\.yaml:4 \(policy\)\n +BUILD_TYPE_MISMATCH .*\n +expected {2}https:\/\/example\.com\/mine\n +got {7}\S/,
    );
  });

  it("is what a report of something that does not hold names last", async () => {
    await writeFile(path.join(cwd, "release/tool-amd64"), "changed");
    const more = /\n {2}more {10}touchmark explain SUBJECT_MISMATCH; the same command with --explain tool-amd64\n$/;
    expect((await call({})).text).toMatch(more);
    expect((await call({ explain: "tool-amd64" })).text).not.toContain("  more  ");
    await rm(path.join(cwd, "release/tool-amd64"));
    expect((await call({ complete: true })).text).toMatch(/\n {2}more {10}touchmark explain SUBJECT_ABSENT\n$/);
    expect((await call({})).text).not.toContain("  more  ");
  });

  it("is named where several pieces of evidence were refused, each for its own reason", async () => {
    const rule = "  - match: '**'\n    any-source: true\n    build-type: https://example.com/mine\n";
    await writeFile(path.join(cwd, "policy.yaml"), `version: 1\nexpires: 2099-01-01\nartifacts:\n${rule}`);
    const line = /\n {6}\d refusals in all: verify --explain tool-amd64 has each with its own words\n/;
    expect((await call({ policy: "policy.yaml" })).text).not.toMatch(line);
    const tool = await readFile(path.join(cwd, "release/tool-amd64"));
    const sha256 = createHash("sha256").update(tool).digest("hex");
    const subject = [{ name: "tool-amd64", digest: { sha256 } }];
    const stranger = signedBytes(testKey(), statementBytes({ subject }));
    await writeFile(path.join(cwd, "release/stranger.intoto.jsonl"), stranger);
    expect((await call({ policy: "policy.yaml" })).text).toMatch(line);
    const { text } = await call({ policy: "policy.yaml", explain: "tool-amd64" });
    expect(text).not.toMatch(line);
    expect(text).toMatch(/^ +SIGNER_UNTRUSTED {2}/m);
  });

  it("is part of the JSON report", async () => {
    const { text } = await call({ explain: "tool-arm64" }, true);
    const report = CheckReportSchema.parse(JSON.parse(text));
    expect(report.explanation).toMatchObject({ artifact: "tool-arm64", status: "verified" });
    expect(report.explanation?.evidence.map(({ covers }) => covers)).toEqual([true]);
  });

  it("wants the name of an artifact", async () => {
    const error = { code: "USAGE", expected: expect.stringContaining("tool-amd64"), actual: "amd64" };
    await expect(call({ explain: "amd64" })).rejects.toMatchObject(error);
  });
});
