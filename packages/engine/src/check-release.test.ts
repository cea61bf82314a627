import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { RELEASE_V02, type Statement } from "@touchmark/core";
import { withTestHost } from "@touchmark/testkit";
import type { Verdict } from "@touchmark/verify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { file as testArtifact } from "../../verify/test/judge-cases.ts";
import { listed } from "../../verify/test/release-cases.ts";
import { sha256, signedBytes, statementBytes, testKey } from "../../verify/test/signed-bundles.ts";
import { testPolicy } from "../test/test-policy.ts";
import { type CheckOptions, check } from "./check.ts";
import { checkRelease } from "./check-release.ts";
import { CheckReportSchema } from "./report-schema.ts";

const key = testKey("ed25519", "touchmark.pub");
const stranger = testKey("ed25519", "stranger.pub");
const ANY = { version: null };
type Files = Readonly<Record<string, string>>;

let base = "";
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "touchmark-release-"));
});
afterAll(() => rm(base, { recursive: true }));

const subjectsOf = (files: Files) =>
  Object.entries(files).map(([name, content]) => ({ name, digest: { sha256: sha256(content) } }));
const signedBy = (signer: typeof key, statement: Partial<Statement> & Pick<Statement, "subject">) =>
  new TextDecoder().decode(signedBytes(signer, statementBytes(statement)));
const provenance = (files: Files) => signedBy(key, { subject: subjectsOf(files) });
const list = (files: Files, version = "1.0.0", signer = key) =>
  signedBy(signer, {
    subject: subjectsOf(files),
    predicateType: RELEASE_V02,
    predicate: { purl: `pkg:generic/widgets@${version}` },
  });

const artifacts = { tool: "t", "linux/app": "a" };
const proof = provenance(artifacts);
const evidence = { "w.intoto.jsonl": proof, "w.sigstore.json": proof };
const whole = { ...artifacts, ...evidence };
const release = { ...whole, "w.release.sigstore.json": list(whole) };

async function checked(files: Files, options: Partial<CheckOptions> = {}) {
  const folder = await mkdtemp(join(base, "w-"));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, "r", name)), { recursive: true });
    await writeFile(join(folder, "r", name), content);
  }
  const strict = { complete: false, anyName: false, recursive: false, fetchers: [], ignore: [] };
  const all = { targets: ["r"], bundles: null, trust: [key.trust], ...strict, ...options };
  const report = await withTestHost(folder, (host) => check(all, host));
  expect(CheckReportSchema.parse(report)).toEqual(report);
  return report;
}

/** The result, and the codes that it comes from. */
async function outcome(files: Files, options: Partial<CheckOptions> = {}) {
  const { result, findings, artifacts: judged } = await checked(files, options);
  const codes = [...findings, ...judged.flatMap((one) => one.findings)].map(({ code }) => code);
  return [result, ...new Set(codes)];
}

const without = (files: Files, name: string): Files =>
  Object.fromEntries(Object.entries(files).filter(([one]) => one !== name));

describe("a list that is demanded", () => {
  it("holds where all of it is here, and nothing else", async () => {
    const report = await checked(release, { release: ANY });
    expect(report).toMatchObject({
      result: "verified",
      release: {
        required: true,
        version: null,
        lists: [
          {
            bundle: "w.release.sigstore.json",
            signer: `key:sha256:${key.trust.digest}`,
            purl: "pkg:generic/widgets@1.0.0",
            version: "1.0.0",
            subjects: 4,
            absent: { count: 0 },
            unlisted: { count: 0 },
          },
        ],
      },
    });
  });

  it.each<[string, Files, string[]]>([
    ["an artifact is missing", without(release, "tool"), ["failed", "RELEASE_INCOMPLETE"]],
    ["evidence is missing", without(release, "w.sigstore.json"), ["failed", "RELEASE_INCOMPLETE"]],
    [
      "an artifact of another release is here",
      { ...release, more: "m", "more.sigstore.json": provenance({ more: "m" }) },
      ["failed", "RELEASE_UNLISTED"],
    ],
    [
      "an artifact has the bytes of another release",
      { ...release, tool: "T", "older.sigstore.json": provenance({ tool: "T" }) },
      ["failed", "RELEASE_INCOMPLETE", "RELEASE_UNLISTED"],
    ],
    ["there is none", whole, ["failed", "RELEASE_MISSING"]],
    [
      "it is by somebody else",
      { ...whole, "w.release.sigstore.json": list(whole, "1.0.0", stranger) },
      ["failed", "RELEASE_MISSING", "SIGNER_UNTRUSTED"],
    ],
    [
      "it says no release",
      {
        ...whole,
        "w.release.sigstore.json": signedBy(key, { subject: subjectsOf(whole), predicateType: RELEASE_V02 }),
      },
      ["failed", "RELEASE_MISSING", "STATEMENT_MALFORMED"],
    ],
  ])("fails where %s", async (_name, files, expected) => {
    expect((await outcome(files, { release: ANY })).sort()).toEqual([...expected].sort());
  });

  it("covers nothing: each artifact needs provenance", async () => {
    const files = { ...release, more: "m" };
    const listed = { ...files, "w.release.sigstore.json": list({ ...whole, more: "m" }) };
    const report = await checked(listed, { release: ANY });
    expect(report.result).toBe("failed");
    expect(report.artifacts.filter(({ status }) => status === "not-covered").map(({ name }) => name)).toEqual(["more"]);
    expect(report.release?.lists).toMatchObject([{ absent: { count: 0 }, unlisted: { count: 0 } }]);
  });

  it("leaves no artifact out for the sake of an exception", async () => {
    const one = testArtifact("more", "m");
    const evidence = [listed(key, subjectsOf({ tool: "t" }))];
    const gathered = {
      evidence,
      setAside: new Set<string>(),
      beside: [],
      findings: [],
      notes: [],
      gaps: new Map(),
      skipped: 0,
    };
    const options = { anyName: false, release: ANY, verdicts: [] };
    const { against } = await withTestHost(base, (host) => checkRelease([one], gathered, options, host));
    const codes = ({ status, findings }: Verdict) => [status, ...findings.map(({ code }) => code)];
    const verdict = (status: Verdict["status"]): Verdict => ({ status, statements: [], findings: [] });
    expect(codes(against(one, verdict("exception")))).toEqual(["policy", "RELEASE_UNLISTED"]);
    expect(codes(against(one, verdict("verified")))).toEqual(["policy", "RELEASE_UNLISTED"]);
    expect(codes(against(one, verdict("tampered")))).toEqual(["tampered"]);
  });

  it("is not bothered by further evidence, trusted or not", async () => {
    const more = {
      "x.sigstore.json": provenance({ tool: "t" }),
      "y.sigstore.json": list({ z: "z" }, "9.0.0", stranger),
    };
    expect((await checked({ ...release, ...more }, { release: ANY })).result).toBe("verified");
  });

  it("counts what --ignore takes out as missing", async () => {
    expect(await outcome(release, { release: ANY, ignore: ["tool"] })).toEqual(["failed", "RELEASE_INCOMPLETE"]);
  });

  it("takes evidence that was named, or that lies beside a file", async () => {
    const files = { tool: "t", ...{ "w.sigstore.json": provenance({ tool: "t" }) } };
    const named = { ...files, "w.release.sigstore.json": list(files) };
    expect(await outcome(named, { release: ANY, targets: ["r/tool"] })).toEqual(["verified"]);
    const bundles = ["r/w.sigstore.json", "r/w.release.sigstore.json"];
    expect(await outcome(named, { release: ANY, targets: ["r/tool"], bundles })).toEqual(["verified"]);
    expect(await outcome(named, { release: ANY, targets: ["r/tool"], bundles: bundles.slice(1) })).toEqual([
      "failed",
      "RELEASE_INCOMPLETE",
      "NOT_PROVENANCE",
    ]);
  });

  it("is read also in a line that is about nothing here", async () => {
    const lines = `${provenance({ tool: "t" })}\n${list({ gone: "g" })}\n`;
    expect(await outcome({ tool: "t", "w.intoto.jsonl": lines }, { release: ANY })).toEqual([
      "failed",
      "RELEASE_INCOMPLETE",
      "RELEASE_UNLISTED",
    ]);
  });

  it("must be the only one, or one version must be chosen", async () => {
    const older = { ...release, "v.release.sigstore.json": list(artifacts, "0.9.0") };
    await expect(outcome(older, { release: ANY })).rejects.toMatchObject({ code: "RELEASE_AMBIGUOUS" });
    expect(await outcome(older, { release: { version: "1.0.0" } })).toEqual(["verified"]);
    expect(await outcome(older, { release: { version: "1.1.0" } })).toEqual(["failed", "RELEASE_MISSING"]);
  });

  it("must not be of an older release than one that was seen", async () => {
    const seen = (version: string) => ({
      name: "s",
      digest: null,
      releases: { "pkg:generic/widgets": { "": version } },
    });
    expect(await outcome(release, { release: ANY, seen: seen("1.0.1") })).toEqual(["failed", "ROLLBACK"]);
    expect(await outcome(release, { release: ANY, seen: seen("1.0.0") })).toEqual(["verified"]);
    // Whoever takes the list away must not gain by it.
    expect(await outcome(release, { seen: seen("1.0.1") })).toEqual(["verified"]);
  });

  it("fails by each file that is taken away or changed", async () => {
    for (const name of Object.keys(release)) {
      expect((await checked(without(release, name), { release: ANY })).result, `without ${name}`).toBe("failed");
      const changed = { ...release, [name]: `${Object.entries(release).find(([one]) => one === name)?.[1]} ` };
      // White space behind a list changes nothing of what it says.
      const expected = name === "w.release.sigstore.json" ? "verified" : "failed";
      expect((await checked(changed, { release: ANY })).result, `changed ${name}`).toBe(expected);
    }
  });
});

describe("a list that a policy demands", () => {
  const demanding = (version: string | null = null) =>
    testPolicy(
      {},
      {
        release: {
          version,
          monotonic: false,
          list: { of: version, accepts: (one) => version === null || one.version === version },
        },
      },
    );

  it("holds and fails as one that the caller demands", async () => {
    const policy = demanding();
    expect(await checked(release, { policy })).toMatchObject({ result: "verified", release: { required: true } });
    expect(await outcome(whole, { policy })).toEqual(["failed", "RELEASE_MISSING"]);
    expect(await outcome(without(release, "tool"), { policy })).toEqual(["failed", "RELEASE_INCOMPLETE"]);
    const more = { ...release, more: "m", "more.sigstore.json": provenance({ more: "m" }) };
    expect(await outcome(more, { policy })).toEqual(["failed", "RELEASE_UNLISTED"]);
  });

  it("must be of its version, and of the caller's", async () => {
    expect(await outcome(release, { policy: demanding("1.0.0") })).toEqual(["verified"]);
    expect(await outcome(release, { policy: demanding("1.1.0") })).toEqual(["failed", "RELEASE_MISSING"]);
    const both = { policy: demanding("1.0.0"), release: { version: "1.1.0" } };
    const two = { ...release, "v.release.sigstore.json": list(whole, "1.1.0") };
    expect(await outcome(two, both)).toEqual(["failed", "RELEASE_MISSING"]);
    expect(await outcome(two, { policy: demanding("1.0.0") })).toEqual(["verified"]);
  });

  it("is read also in a line that is about nothing here", async () => {
    const lines = `${provenance({ tool: "t" })}\n${list({ gone: "g" })}\n`;
    expect(await outcome({ tool: "t", "w.intoto.jsonl": lines }, { policy: demanding() })).toEqual([
      "failed",
      "RELEASE_INCOMPLETE",
      "RELEASE_UNLISTED",
    ]);
  });
});

describe("a list that nobody demanded", () => {
  it("changes no verdict, and says what it misses", async () => {
    const files = { ...without(release, "tool"), more: "m", "more.sigstore.json": provenance({ more: "m" }) };
    const report = await checked(files);
    expect(report).toMatchObject({
      result: "verified",
      findings: [],
      release: {
        required: false,
        lists: [{ absent: { count: 1, names: ["tool"] }, unlisted: { count: 1, names: ["more"] } }],
      },
    });
    const { release: _said, ...rest } = report;
    const alone = await checked(without(files, "w.release.sigstore.json"));
    expect(rest.artifacts.filter(({ name }) => name !== "w.release.sigstore.json")).toEqual(alone.artifacts);
  });

  it("may be one of several, of which the first are compared", async () => {
    const many = Object.fromEntries(
      Array.from({ length: 18 }, (_, at) => [`${at + 10}.release.sigstore.json`, list(whole, `1.${at}.0`)]),
    );
    const { release: said } = await checked({ ...whole, ...many });
    expect(said?.lists.map(({ bundle }) => bundle)).toEqual(Object.keys(many).slice(0, 16));
  });
});
