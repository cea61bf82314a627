import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Host } from "@touchmark/plugin";
import { withTestHost } from "@touchmark/testkit";
import type { SigningThreads } from "@touchmark/verify";
import { answerSignings } from "@touchmark/verify/signing-answers";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { bytesOf, sign, trusting } from "../../verify/test/certificate-cases.ts";
import { sha256, sha512, signedBytes, statementBytes, testKey } from "../../verify/test/signed-bundles.ts";
import { type CheckOptions, check } from "./check.ts";
import { MAX_SIGNATURES, THREADS_FROM } from "./check-limits.ts";

const [key, stranger] = [testKey("ed25519", "touchmark.pub"), testKey()];
type Signer = typeof key;
const subject = (name: string, content: string) => ({ name, digest: { sha256: sha256(content) } });
const line = (signer: Signer, ...subjects: readonly unknown[]) =>
  new TextDecoder().decode(signedBytes(signer, statementBytes({ subject: subjects })));

let base = "";
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "touchmark-lines-"));
});
afterAll(() => rm(base, { recursive: true }));

interface Asked extends Partial<CheckOptions> {
  readonly edit?: (host: Host) => Host;
}

/** What is reported about files that lie in one folder. */
async function checked(files: Readonly<Record<string, string>>, targets: readonly string[], options: Asked = {}) {
  const { edit = (host) => host, ...asked } = options;
  const folder = await mkdtemp(join(base, "w-"));
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  const strict = { complete: false, anyName: false, recursive: false, fetchers: [], ignore: [] };
  const all = { targets, bundles: ["all.jsonl"], trust: [key.trust], ...strict, ...asked };
  return withTestHost(folder, (host) => check(all, edit(host)));
}

const history = [
  line(key, subject("tool", "new")),
  line(key, subject("other", "x")),
  line(stranger, subject("other", "x")),
  line(key, subject("tool", "old")),
  line(stranger, subject("unrelated", "y")),
].join("\n");

describe("lines of evidence", () => {
  it("are left out and counted where nothing depends on them, and say nothing then", async () => {
    const report = await checked({ tool: "new", "all.jsonl": history }, ["tool"]);
    expect(report).toMatchObject({ result: "verified", skippedLines: 3, findings: [], absent: { count: 1 } });
    expect(report.artifacts[0]?.statements.map(({ bundle }) => bundle)).toEqual(["all.jsonl:1"]);
  });

  it("all count with --complete", async () => {
    const report = await checked({ tool: "new", "all.jsonl": history }, ["tool"], { complete: true });
    expect(report).toMatchObject({ result: "failed", skippedLines: 0, absent: { count: 2 } });
    expect(report.findings.map(({ code }) => code).sort()).toEqual([
      "SIGNER_UNTRUSTED",
      "SIGNER_UNTRUSTED",
      "SUBJECT_ABSENT",
      "SUBJECT_ABSENT",
    ]);
  });

  it("are not left out for their name: other bytes are tampered", async () => {
    const report = await checked({ tool: "evil", "all.jsonl": history }, ["tool"]);
    expect(report).toMatchObject({ result: "failed", skippedLines: 3, counts: { tampered: 1 } });
    expect(report.artifacts[0]?.findings).toMatchObject([{ code: "SUBJECT_MISMATCH" }]);
  });

  it("all left out is not the same as no evidence", async () => {
    const report = await checked({ gone: "z", "all.jsonl": history }, ["gone"]);
    expect(report).toMatchObject({ result: "failed", skippedLines: 5, counts: { notCovered: 1 }, findings: [] });
  });

  it("say whom nobody trusts about these bytes, whatever else somebody trusted states", async () => {
    const mention = line(stranger, { name: "download", digest: { sha512: sha512("new") } });
    const elsewhere = line(key, { name: "other", digest: { sha256: sha256("x"), sha512: sha512("x") } });
    const unrelated = line(stranger, subject("unrelated", "y"));
    for (const lines of [
      [mention, unrelated],
      [mention, elsewhere],
    ]) {
      const report = await checked({ tool: "new", "all.jsonl": lines.join("\n") }, ["tool"]);
      expect(report).toMatchObject({ skippedLines: 1, counts: { untrusted: 1 } });
    }
    const all = await checked({ tool: "new", "all.jsonl": `${mention}\n${elsewhere}` }, ["tool"], { complete: true });
    expect(all).toMatchObject({ skippedLines: 0, counts: { untrusted: 1 } });
  });

  it("are read once more where trusted statements use other digests; changed bytes are not mixed", async () => {
    const both = { name: "tool", digest: { sha256: sha256("new"), sha3_512: sha512("new") } };
    const files = { tool: "new", "all.jsonl": `${history}\n${line(key, both)}` };
    const seen: string[][] = [];
    const watching = (changed: boolean) => (host: Host) => ({
      ...host,
      digest: async (...args: Parameters<Host["digest"]>) => {
        seen.push([...(args[1] ?? [])]);
        const digests = await host.digest(...args);
        return changed && seen.length > 1 ? digests.map((one) => ({ ...one, sha256: sha256("evil") })) : digests;
      },
    });
    const report = await checked(files, ["tool"], { edit: watching(false) });
    expect(report.result).toBe("verified");
    expect(seen).toEqual([["sha256"], ["sha256", "sha3_512"]]);
    seen.length = 0;
    await expect(checked(files, ["tool"], { edit: watching(true) })).rejects.toMatchObject({ code: "FILE_CHANGED" });
  });

  it("are hashed for once where the lines say with what", async () => {
    const both = { name: "tool", digest: { sha256: sha256("new"), sha512: sha512("new") } };
    const digest = vi.fn();
    const edit = (host: Host) => ({
      ...host,
      digest: (...args: Parameters<Host["digest"]>) => {
        digest(args[1]);
        return host.digest(...args);
      },
    });
    await checked({ tool: "new", "all.jsonl": `${history}\n${line(key, both)}` }, ["tool"], { edit });
    expect(digest.mock.calls).toEqual([[["sha256", "sha512"]]]);
  });
});

describe("a file of one value", () => {
  it("is never left out: it was named for these artifacts", async () => {
    const report = await checked({ tool: "new", "all.jsonl": line(stranger, subject("other", "x")) }, ["tool"]);
    expect(report).toMatchObject({ skippedLines: 0, findings: [{ code: "SIGNER_UNTRUSTED" }] });
  });
});

describe("many lines about one artifact", () => {
  /** Lines that ask for 65 signatures each. */
  const costly = (count: number) => {
    const { dsseEnvelope, ...rest } = JSON.parse(line(stranger, subject("tool", "new")));
    const many = Array.from({ length: 32 }, () => ({}));
    return Array.from({ length: count }, (_one, at) => {
      const payload = statementBytes({ subject: [subject("tool", "new")], predicate: { at } });
      rest.verificationMaterial.tlogEntries = many;
      rest.verificationMaterial.timestampVerificationData = { rfc3161Timestamps: many };
      return JSON.stringify({
        ...rest,
        dsseEnvelope: { ...dsseEnvelope, payload: Buffer.from(payload).toString("base64") },
      });
    });
  };

  it("are authenticated up to a limit, which the report names; no file is set aside then", {
    timeout: 60_000,
  }, async () => {
    const count = Math.ceil(MAX_SIGNATURES / 65);
    const good = line(key, subject("tool", "new"));
    const files = { tool: "new", "all.jsonl": [good, ...costly(count)].join("\n"), "b.intoto.jsonl": good };
    const report = await checked(files, ["tool", "b.intoto.jsonl"]);
    expect(report.artifacts.map(({ status }) => status)).toEqual(["verified", "not-covered"]);
    expect(report.findings).toContainEqual(
      expect.objectContaining({
        code: "EVIDENCE_TOO_LARGE",
        message: "1 statement about these artifacts was not looked at",
      }),
    );
    const fewer = await checked({ ...files, "all.jsonl": [good, ...costly(count - 2)].join("\n") }, [
      "tool",
      "b.intoto.jsonl",
    ]);
    expect(fewer.artifacts.map(({ status }) => status)).toEqual(["verified", "evidence"]);
  });
});

describe("threads", () => {
  const trust = [trusting()];
  /** As many bundles by certificates, each with its own statement. */
  const lines = (count: number) =>
    Array.from({ length: count }, (_one, at) => {
      const payload = statementBytes({ subject: [subject("tool", "new")], predicateType: `https://example.com/${at}` });
      return new TextDecoder().decode(bytesOf(sign({}, {}, payload)));
    }).join("\n");
  const here: SigningThreads = { ask: async (question) => answerSignings(question) };

  it("verify where there is enough to do, and are not started for less", { timeout: 60_000 }, async () => {
    for (const [count, times] of [
      [THREADS_FROM - 1, 0],
      [THREADS_FROM, 1],
    ] as const) {
      const threads = vi.fn(async () => here);
      const report = await checked({ tool: "new", "all.jsonl": lines(count) }, ["tool"], { trust, threads });
      expect(report.artifacts[0]?.findings).toMatchObject([{ code: "NOT_PROVENANCE" }]);
      expect(report.findings).toEqual([]);
      expect(threads).toHaveBeenCalledTimes(times);
    }
  });

  it("that fail stop the run: nothing is believed for want of an answer", { timeout: 60_000 }, async () => {
    const broken: SigningThreads = { ask: () => Promise.reject(new Error("broken")) };
    const files = { tool: "new", "all.jsonl": lines(THREADS_FROM) };
    await expect(checked(files, ["tool"], { trust, threads: async () => broken })).rejects.toThrow("broken");
  });
});
