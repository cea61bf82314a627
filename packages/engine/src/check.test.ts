import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { withTestHost } from "@touchmark/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sha256, sha512, signedBytes, statementBytes, testKey } from "../../verify/test/signed-bundles.ts";
import { type CheckOptions, check } from "./check.ts";
import { describeEvidence } from "./describe-evidence.ts";
import { exitStatusOf } from "./report.ts";
import { CheckReportSchema } from "./report-schema.ts";

const key = testKey("ed25519", "touchmark.pub");
const stranger = testKey("P-256", "stranger.pub");
const subject = (name: string, content: string) => ({ name, digest: { sha256: sha256(content) } });
const bundleBy = (signer: typeof key, ...subjects: readonly unknown[]) =>
  new TextDecoder().decode(signedBytes(signer, statementBytes({ subject: subjects })));
const bundle = (...subjects: readonly unknown[]) => bundleBy(key, ...subjects);

let base = "";
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "touchmark-check-"));
});
afterAll(() => rm(base, { recursive: true }));

/** A new workspace with these files. */
async function workspace(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(base, "w-"));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

function checked(folder: string, targets: readonly string[], options: Partial<CheckOptions> = {}) {
  const strict = { complete: false, anyName: false, recursive: false, fetchers: [], ignore: [] };
  const all = { targets, bundles: null, trust: [key.trust], ...strict, ...options };
  return withTestHost(folder, (host) => check(all, host));
}

async function statuses(folder: string, targets: readonly string[], options: Partial<CheckOptions> = {}) {
  const report = await checked(folder, targets, options);
  return Object.fromEntries(report.artifacts.map(({ name, status }) => [name, status]));
}

describe("check", () => {
  it("reports everything, with null for what is unknown", async () => {
    const folder = await workspace({
      "release/tool": "a",
      "release/extra": "x",
      "release/app.intoto.jsonl": bundle(subject("tool", "a"), subject("gone", "b")),
    });
    const report = await checked(folder, ["release"]);
    expect(report).toEqual({
      schema: "https://touchmark.dev/schema/verify-v1.json",
      result: "failed",
      counts: {
        verified: 1,
        tampered: 0,
        notCovered: 1,
        untrusted: 0,
        policy: 0,
        evidence: 1,
        exception: 0,
        unknown: 0,
      },
      absent: { count: 1, names: ["gone"] },
      release: null,
      ignored: { count: 0, names: [] },
      skippedLines: 0,
      dependencies: null,
      wholeFailures: 0,
      artifacts: [
        {
          name: "app.intoto.jsonl",
          target: "release",
          digest: expect.any(String),
          platform: null,
          repository: null,
          status: "evidence",
          dependencies: null,
          refusals: { count: 0, listed: [] },
          beside: [],
          rule: null,
          statements: [],
          findings: [],
        },
        {
          name: "extra",
          target: "release",
          digest: `sha256:${sha256("x")}`,
          platform: null,
          repository: null,
          status: "not-covered",
          dependencies: null,
          refusals: { count: 0, listed: [] },
          beside: [],
          rule: null,
          statements: [],
          findings: [
            {
              code: "NOT_COVERED",
              message: expect.any(String),
              expected: expect.any(String),
              actual: `sha256:${sha256("x")}`,
            },
          ],
        },
        {
          name: "tool",
          target: "release",
          digest: `sha256:${sha256("a")}`,
          platform: null,
          repository: null,
          status: "verified",
          dependencies: null,
          refusals: { count: 0, listed: [] },
          beside: [],
          rule: null,
          statements: [
            {
              bundle: "app.intoto.jsonl",
              digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
              predicateType: "https://slsa.dev/provenance/v1",
              signer: `key:sha256:${key.trust.digest}`,
              issuer: null,
              signedAt: null,
              builder: "https://touchmark.dev/builders/local",
              source: "https://github.com/octo/widgets",
              ref: "refs/tags/v1.0.0",
              commit: "ab".repeat(20),
              level: 1,
              entry: null,
              operator: null,
              summary: null,
              published: null,
            },
          ],
          findings: [],
        },
      ],
      findings: [],
      inputs: {
        policy: null,
        trust: null,
        key: { name: "touchmark.pub", digest: `sha256:${key.trust.digest}` },
        identity: null,
        deny: null,
        roots: null,
        cloudBuild: null,
        verifier: null,
        state: null,
      },
    });
    expect(CheckReportSchema.parse(report)).toEqual(report);
  });

  it("lists every key that was trusted", async () => {
    const folder = await workspace({ tool: "a", "tool.sigstore.json": bundleBy(stranger, subject("tool", "a")) });
    const report = await checked(folder, ["tool"], { trust: [key.trust, stranger.trust] });
    expect(report.result).toBe("verified");
    expect(report.inputs.key).toMatchObject([{ name: "touchmark.pub" }, { name: "stranger.pub" }]);
  });

  it("refuses to begin when nobody is trusted, even before it looks for the targets", async () => {
    const folder = await workspace({});
    await expect(checked(folder, ["missing"], { trust: [] })).rejects.toMatchObject({
      code: "TRUST_UNSET",
      exitStatus: 2,
    });
  });

  it.each([
    ["a target", ["missing"], null],
    ["named evidence", ["tool"], ["missing.sigstore.json"]],
  ])("refuses to begin when %s is not there", async (_what, targets, bundles) => {
    const folder = await workspace({ tool: "a" });
    await expect(checked(folder, targets, { bundles })).rejects.toMatchObject({
      code: "TARGET_MISSING",
      exitStatus: 2,
    });
  });

  it("hashes with whatever the trusted subjects use", async () => {
    const strong = { name: "tool", digest: { sha512: sha512("a") } };
    const folder = await workspace({ tool: "a", "tool.sigstore.json": bundle(strong) });
    expect(await statuses(folder, ["tool"])).toEqual({ tool: "verified" });
    await writeFile(join(folder, "tool"), "b");
    expect(await statuses(folder, ["tool"])).toEqual({ tool: "tampered" });
  });

  it("names an artifact untrusted that only a stranger's evidence mentions, and the evidence", async () => {
    const folder = await workspace({ tool: "a", "tool.sigstore.json": bundleBy(stranger, subject("tool", "a")) });
    const report = await checked(folder, ["tool"]);
    expect(report).toMatchObject({
      result: "failed",
      artifacts: [{ status: "untrusted", findings: [{ code: "SIGNER_UNTRUSTED" }] }],
      findings: [{ code: "SIGNER_UNTRUSTED", message: expect.stringContaining("tool.sigstore.json") }],
    });
  });
});

describe("digest targets", () => {
  it("are taken by their form, with named evidence", async () => {
    const folder = await workspace({ "e.json": bundle(subject("tool", "a")), [`sha256:${sha256("a")}`]: "evil" });
    for (const target of [`sha256:${sha256("a")}`, `sha256:${sha256("a").toUpperCase()}`]) {
      const report = await checked(folder, [target], { bundles: ["e.json"] });
      expect(report.artifacts).toMatchObject([{ name: target, digest: `sha256:${sha256("a")}`, status: "verified" }]);
    }
  });

  it.each(["sha256:abc", "sha256:", `sha512:${"0".repeat(64)}`, `sha256:${"x".repeat(64)}`])(
    "%s is refused",
    async (target) => {
      await expect(checked(await workspace({}), [target])).rejects.toMatchObject({ code: "INPUT_INVALID" });
    },
  );

  it("prove nothing with sha1", async () => {
    const report = await checked(await workspace({}), [`sha1:${"0".repeat(40)}`]);
    expect(report).toMatchObject({ result: "failed", artifacts: [{ findings: [{ code: "DIGEST_UNACCEPTABLE" }] }] });
  });
});

describe("evidence in a folder target", () => {
  it("is found at any depth, under every name that says so, and set aside", async () => {
    const files: Record<string, string> = {};
    for (const [index, suffix] of [
      ".sigstore.json",
      ".sigstore.jsonl",
      ".sigstore",
      ".intoto.jsonl",
      ".intoto.json",
    ].entries()) {
      files[`r/f${index}`] = `content ${index}`;
      files[`r/deep/.hidden/e${suffix}`] = bundle(subject(`f${index}`, `content ${index}`));
    }
    const report = await checked(await workspace(files), ["r"]);
    expect(report).toMatchObject({ result: "verified", counts: { verified: 5, evidence: 5 } });
  });

  it("is judged as a file where only a part of it is evidence, and the good part is used", async () => {
    const folder = await workspace({ "r/tool": "a", "r/x.intoto.jsonl": `${bundle(subject("tool", "a"))}\necho\n` });
    const report = await checked(folder, ["r"]);
    expect(report.findings).toMatchObject([
      { code: "BUNDLE_MALFORMED", message: expect.stringContaining("x.intoto.jsonl:2") },
    ]);
    expect(await statuses(folder, ["r"])).toEqual({ tool: "verified", "x.intoto.jsonl": "not-covered" });
  });

  it("is one piece where two files hold the same bundle", async () => {
    const same = bundle(subject("tool", "a"));
    const folder = await workspace({ "r/tool": "a", "r/b.sigstore.json": same, "r/a.intoto.jsonl": `${same}\n` });
    const report = await checked(folder, ["r"]);
    expect(report.artifacts.find(({ name }) => name === "tool")?.statements).toMatchObject([
      { bundle: "a.intoto.jsonl" },
    ]);
    expect(report.counts.evidence).toBe(2);
  });

  it("is one piece where one file holds a bundle twice", async () => {
    const same = bundle(subject("tool", "a"));
    const folder = await workspace({ "r/tool": "a", "r/a.intoto.jsonl": `${same}\n${same}\n` });
    const report = await checked(folder, ["r/tool"]);
    expect(report.artifacts[0]?.statements).toMatchObject([{ bundle: "a.intoto.jsonl:1" }]);
  });

  it("is not what two equal files are that hold none", async () => {
    const folder = await workspace({ "r/x.intoto.jsonl": "echo\n", "r/y.intoto.jsonl": "echo\n" });
    expect(await statuses(folder, ["r"])).toEqual({ "x.intoto.jsonl": "not-covered", "y.intoto.jsonl": "not-covered" });
  });

  it("may be named and lie among the targets", async () => {
    const folder = await workspace({ "r/tool": "a", "r/e.sigstore.json": bundle(subject("tool", "a")) });
    expect(await statuses(folder, ["r"], { bundles: ["r/e.sigstore.json"] })).toEqual({
      tool: "verified",
      "e.sigstore.json": "evidence",
    });
  });

  it("is verified where it is itself an artifact of the release", async () => {
    const inner = bundleBy(stranger, subject("tool", "a"));
    const folder = await workspace({ "r/tool": "a", "r/old.sigstore.json": inner });
    await writeFile(
      join(folder, "r/new.sigstore.json"),
      bundle(subject("tool", "a"), subject("old.sigstore.json", inner)),
    );
    expect(await statuses(folder, ["r"], { complete: true })).toEqual({
      tool: "verified",
      "old.sigstore.json": "verified",
      "new.sigstore.json": "evidence",
    });
  });

  it("is not used when other evidence was named, and still set aside", async () => {
    const good = bundle(subject("tool", "a"));
    const folder = await workspace({
      "r/tool": "a",
      "r/good.sigstore.json": good,
      "empty.json": bundle(subject("else", "b")),
    });
    expect(await statuses(folder, ["r"], { bundles: ["empty.json"] })).toEqual({
      tool: "not-covered",
      "good.sigstore.json": "evidence",
    });
  });

  it("may have any name when it was named", async () => {
    const folder = await workspace({ "r/tool": "a", "r/proof": bundle(subject("tool", "a")) });
    expect(await statuses(folder, ["r"], { bundles: ["r/proof"] })).toEqual({ tool: "verified", proof: "evidence" });
    expect(await statuses(folder, ["r"])).toEqual({ tool: "not-covered", proof: "not-covered" });
  });

  it("is a file like any other above 64 MiB", async () => {
    const folder = await workspace({ "r/tool": "a", "r/e.sigstore.json": "" });
    await truncate(join(folder, "r/e.sigstore.json"), 64 * 1024 * 1024 + 1);
    const report = await checked(folder, ["r"]);
    expect(report.findings).toMatchObject([{ code: "EVIDENCE_TOO_LARGE" }]);
    expect(report.counts).toMatchObject({ evidence: 0, notCovered: 2 });
  });

  it("gives at most 1,000 findings", async () => {
    const report = await checked(await workspace({ "r/e.intoto.jsonl": "{}\n".repeat(1_500) }), ["r"]);
    expect(report.findings).toHaveLength(1_001);
    expect(report.findings.at(-1)).toMatchObject({
      code: "BUNDLE_MALFORMED",
      message: expect.stringContaining("500 more"),
    });
  });
});

describe("evidence for a file target", () => {
  it("lies beside it, under its name or another", async () => {
    for (const name of ["tool.sigstore.json", "tool.intoto.jsonl", "release.intoto.jsonl"]) {
      const folder = await workspace({ "d/tool": "a", [`d/${name}`]: bundle(subject("tool", "a")) });
      expect(await statuses(folder, ["d/tool"])).toEqual({ tool: "verified" });
      expect(await statuses(join(folder, "d"), ["tool"])).toEqual({ tool: "verified" });
    }
  });

  it("is not looked for elsewhere", async () => {
    const folder = await workspace({
      "d/tool": "a",
      "e.sigstore.json": bundle(subject("tool", "a")),
      "d/deeper/e.sigstore.json": bundle(subject("tool", "a")),
    });
    expect(await statuses(folder, ["d/tool"])).toEqual({ tool: "not-covered" });
  });

  it("is set aside when a shell named it among the targets", async () => {
    const folder = await workspace({ tool: "a", "r.intoto.jsonl": bundle(subject("tool", "a")) });
    expect(await statuses(folder, ["r.intoto.jsonl", "tool"])).toEqual({
      tool: "verified",
      "r.intoto.jsonl": "evidence",
    });
  });

  it("is called by its path where two folders have one of the same name", async () => {
    const folder = await workspace({
      "x/tool": "a",
      "x/r.sigstore.json": bundle(subject("tool", "a")),
      "y/tool": "b",
      "y/r.sigstore.json": bundle(subject("tool", "b")),
    });
    const report = await checked(folder, ["x/tool", "y"]);
    expect(report.artifacts.flatMap(({ statements }) => statements.map((one) => one.bundle))).toEqual([
      "x/r.sigstore.json",
      "y/r.sigstore.json",
    ]);
  });
});

describe("what is no regular file", () => {
  it("is refused in a folder, and never followed", async () => {
    const folder = await workspace({
      "r/tool": "a",
      "r/e.sigstore.json": bundle(subject("tool", "a"), subject("link", "a")),
      "out/secret": "s",
    });
    await symlink("tool", join(folder, "r/link"));
    await symlink("../out", join(folder, "r/folder-link"));
    await symlink("nowhere", join(folder, "r/broken"));
    await symlink("e.sigstore.json", join(folder, "r/x.sigstore.json"));
    execFileSync("mkfifo", [join(folder, "r/fifo")]);
    const report = await checked(folder, ["r"]);
    const codes = Object.fromEntries(
      report.artifacts.map((one) => [one.name, [one.status, one.digest === null, one.findings[0]?.code]]),
    );
    expect(codes).toEqual({
      tool: ["verified", false, undefined],
      "e.sigstore.json": ["evidence", false, undefined],
      link: ["not-covered", true, "LINK_REFUSED"],
      "folder-link": ["not-covered", true, "LINK_REFUSED"],
      broken: ["not-covered", true, "LINK_REFUSED"],
      "x.sigstore.json": ["not-covered", true, "LINK_REFUSED"],
      fifo: ["not-covered", true, "FILE_REFUSED"],
    });
    expect(report.result).toBe("failed");
  });

  it.skipIf(process.platform !== "linux")("has a name that is not UTF-8, and the report says so", async () => {
    const folder = await workspace({
      "r/tool": "a",
      "r/tool\uFFFD": "a",
      "r/e.sigstore.json": bundle(subject("tool", "a"), subject("tool\uFFFD", "a")),
    });
    const report = () => checked(folder, ["r"]);
    expect((await report()).result).toBe("verified");
    await writeFile(Buffer.concat([Buffer.from(join(folder, "r/tool")), Buffer.from([0xff])]), "a");
    const failed = CheckReportSchema.parse(await report());
    expect(exitStatusOf(failed)).toBe(1);
    expect(failed.counts).toMatchObject({ verified: 2, notCovered: 1, evidence: 1 });
    expect(failed.artifacts.filter((one) => one.status === "not-covered")).toEqual([
      {
        name: "tool\uFFFD",
        target: "r",
        digest: null,
        platform: null,
        repository: null,
        status: "not-covered",
        dependencies: null,
        refusals: { count: 0, listed: [] },
        beside: [],
        rule: null,
        statements: [],
        findings: [
          {
            code: "NAME_REFUSED",
            message: expect.stringContaining('"tool\uFFFD"'),
            expected: "a name in UTF-8",
            actual: "bytes that are not UTF-8",
          },
        ],
      },
    ]);
  });

  it("is refused as a target", async () => {
    const folder = await workspace({
      tool: "a",
      "tool.sigstore.json": bundle(subject("tool", "a"), subject("link", "a")),
    });
    await symlink("tool", join(folder, "link"));
    execFileSync("mkfifo", [join(folder, "fifo")]);
    const report = await checked(folder, ["link", "fifo"]);
    expect(report.artifacts).toMatchObject([
      { name: "link", status: "not-covered", findings: [{ code: "LINK_REFUSED" }] },
      { name: "fifo", status: "not-covered", findings: [{ code: "FILE_REFUSED" }] },
    ]);
  });
});

describe("ignore", () => {
  it("takes files out, links too, and counts them", async () => {
    const folder = await workspace({
      "r/tool": "a",
      "r/e.sigstore.json": bundle(subject("tool", "a")),
      "r/docs/a.md": "x",
    });
    await symlink("tool", join(folder, "r/latest"));
    const report = await checked(folder, ["r"], { ignore: ["docs/", "latest"] });
    expect(report).toMatchObject({ result: "verified", ignored: { count: 2, names: ["docs/a.md", "latest"] } });
    expect(report.artifacts.map(({ name }) => name)).toEqual(["e.sigstore.json", "tool"]);
  });

  it("leaves nothing to verify when it takes everything", async () => {
    const folder = await workspace({ "r/tool": "a" });
    expect(await checked(folder, ["r"], { ignore: ["*"] })).toMatchObject({
      result: "failed",
      findings: [{ code: "NOTHING_TO_VERIFY", actual: "none" }],
    });
  });
});

describe("nothing to verify", () => {
  it.each([
    ["no target", {}, []],
    ["an empty folder", { "r/.x/keep": "" }, ["r"]],
  ])("is %s", async (_what, files, targets) => {
    const folder = await workspace(files);
    expect(await checked(folder, targets, { ignore: ["keep"] })).toMatchObject({
      result: "failed",
      artifacts: [],
      findings: [{ code: "NOTHING_TO_VERIFY" }],
    });
  });

  it.each([
    [["e"], "1 file of evidence only"],
    [["e", "f"], "2 files of evidence only"],
  ])("is evidence alone: %j", async (names, actual) => {
    const text = bundle(subject("tool", "a"));
    const folder = await workspace(Object.fromEntries(names.map((name) => [`r/${name}.intoto.jsonl`, text])));
    expect((await checked(folder, ["r"])).findings).toMatchObject([{ code: "NOTHING_TO_VERIFY", actual }]);
  });
});

describe("complete", () => {
  it("names the first hundred that are absent and counts the others", async () => {
    const many = Array.from({ length: 150 }, (_one, index) =>
      subject(`f${String(index).padStart(3, "0")}`, `${index}`),
    );
    const folder = await workspace({ "r/f000": "0", "r/e.sigstore.json": bundle(...many) });
    const report = await checked(folder, ["r"], { complete: true });
    expect(report).toMatchObject({ result: "failed", counts: { verified: 1 }, absent: { count: 149 } });
    expect(report.absent.names).toHaveLength(100);
    expect(report.findings).toHaveLength(101);
    expect(report.findings[0]).toMatchObject({ code: "SUBJECT_ABSENT", expected: "f001" });
    expect(report.findings[100]?.message).toContain("49 more");
    expect((await checked(folder, ["r"])).result).toBe("verified");
  });
});

describe("describeEvidence", () => {
  it("says what the evidence says, unchecked", async () => {
    const folder = await workspace({
      tool: "a",
      "a.sigstore.json": bundleBy(stranger, subject("tool", "a"), subject("more", "b")),
      "b.sigstore.json": new TextDecoder().decode(signedBytes(key, new Uint8Array([1]))),
      "c.sigstore.json": "no bundle",
    });
    const found = await withTestHost(folder, (host) =>
      describeEvidence({ targets: ["tool"], bundles: null, fetchers: [] }, host),
    );
    const unknown = { predicateType: null, subjects: 0, builder: null, source: null, ref: null, commit: null };
    const format = "sigstore-bundle";
    expect(found).toEqual([
      {
        unverified: true,
        name: "a.sigstore.json",
        format,
        signer: { kind: "key", hint: stranger.trust.digest },
        certificate: null,
        predicateType: "https://slsa.dev/provenance/v1",
        subjects: 2,
        builder: "https://touchmark.dev/builders/local",
        source: "https://github.com/octo/widgets",
        ref: "refs/tags/v1.0.0",
        commit: "ab".repeat(20),
      },
      {
        unverified: true,
        name: "b.sigstore.json",
        format,
        signer: { kind: "key", hint: key.trust.digest },
        certificate: null,
        ...unknown,
      },
    ]);
  });
});

describe("signatures over files", () => {
  const signature = (content: string) =>
    JSON.stringify({
      mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
      verificationMaterial: { publicKey: { hint: "x" } },
      messageSignature: {
        messageDigest: { algorithm: "SHA2_256", digest: Buffer.from(sha256(content), "hex").toString("base64") },
        signature: "AQID",
      },
    });

  it("are set aside, and are spoken of where something does not hold", async () => {
    const folder = await workspace({
      "r/tool": "a",
      "r/tool.sigstore.json": signature("a"),
      "r/app.intoto.jsonl": bundle(subject("tool", "a")),
    });
    const good = await checked(folder, ["r"]);
    expect(good).toMatchObject({ result: "verified", counts: { verified: 1, evidence: 2 }, findings: [] });
    await writeFile(join(folder, "r/lib"), "b");
    expect((await checked(folder, ["r"])).findings).toMatchObject([
      { code: "NOT_PROVENANCE", message: expect.stringMatching(/^tool\.sigstore\.json: it is a signature without/) },
    ]);
    await rm(join(folder, "r/app.intoto.jsonl"));
    const { artifacts, findings } = await checked(folder, ["r/tool"]);
    expect(artifacts).toMatchObject([{ status: "not-covered", findings: [{ code: "NOT_PROVENANCE" }] }]);
    expect(findings).toHaveLength(1);
    const named = await checked(folder, ["r/lib"], { bundles: ["r/tool.sigstore.json"] });
    expect(named.artifacts).toMatchObject([{ findings: [{ code: "NOT_COVERED" }] }]);
    expect(named.findings).toMatchObject([{ code: "NOT_PROVENANCE" }]);
  });

  it("are artifacts like others where a line is none", async () => {
    const folder = await workspace({ "r/x.sigstore.jsonl": `${signature("a")}\n{}\n` });
    expect(await statuses(folder, ["r"])).toEqual({ "x.sigstore.jsonl": "not-covered" });
  });
});
