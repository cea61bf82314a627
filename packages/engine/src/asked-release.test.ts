import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withTestHost } from "@touchmark/testkit";
import { githubRun } from "@touchmark/testkit/sigstore";
import { standing, trustedKey } from "@touchmark/verify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bytesOf, githubPredicate, sign, trusting } from "../../verify/test/certificate-cases.ts";
import { cloudBuildTrust, description, record, statementV1 } from "../../verify/test/cloud-build-cases.ts";
import { PREDICATE, sha256, signedBytes, statementBytes, testKey } from "../../verify/test/signed-bundles.ts";
import { testPolicy } from "../test/test-policy.ts";
import type { BroughtTarget } from "./brought-target.ts";
import { type CheckOptions, check } from "./check.ts";

const key = testKey("ed25519", "touchmark.pub");
const subject = [{ name: "tool", digest: { sha256: sha256("tool") } }];

let base = "";
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "touchmark-asked-"));
});
afterAll(() => rm(base, { recursive: true }));

/** Provenance of the file that names this source, which is a git URI with its ref; null for none. */
function from(uri: string | null): Uint8Array {
  const resolvedDependencies = uri === null ? [] : [{ uri, digest: { gitCommit: "ab".repeat(20) } }];
  const buildDefinition = { ...PREDICATE.buildDefinition, resolvedDependencies };
  return signedBytes(key, statementBytes({ subject, predicate: { ...PREDICATE, buildDefinition } }));
}

const OWN = "git+https://github.com/octo/tool@refs/tags/v1.2.3";
const OLDER = "git+https://github.com/octo/tool@refs/tags/v1.0.0";

/** The file, in a release that was asked for as `octo/tool` v1.2.3, with some evidence. */
async function checked(
  evidence: readonly Uint8Array[],
  options: Partial<CheckOptions> = {},
  release: BroughtTarget["release"] = { repository: "octo/tool", tag: "v1.2.3" },
  content = "tool",
) {
  const folder = await mkdtemp(join(base, "w-"));
  await writeFile(join(folder, "tool"), content);
  for (const [index, bytes] of evidence.entries()) await writeFile(join(folder, `${index}.sigstore.json`), bytes);
  const target = "gh:octo/tool@v1.2.3";
  const brought = new Map([[target, { folder, package: null, release, gaps: [] }]]);
  const strict = { bundles: null, complete: false, anyName: false, recursive: false, fetchers: [], ignore: [] };
  const all = { targets: [target], brought, trust: [key.trust], ...strict, ...options };
  const report = await withTestHost(base, (host) => check(all, host), { roots: [folder] });
  const tool = report.artifacts.find(({ name }) => name === "tool");
  return {
    result: report.result,
    status: tool?.status,
    reasons: tool?.findings.map(({ code, expected, actual }) => [code, expected, actual]),
    notes: report.findings.map(({ code, message, actual }) => [code, message, actual]),
    beside: tool?.beside,
  };
}

const HOLDS = { result: "verified", status: "verified", reasons: [], notes: [] };
const REFUSED = { result: "failed", status: "policy", reasons: [["TAG_MISMATCH", "v1.2.3", "v1.0.0"]], notes: [] };
const unproven = (actual: string) => ({
  ...HOLDS,
  notes: [
    [
      "TAG_UNPROVEN",
      "gh:octo/tool@v1.2.3: no evidence says that 1 of its files was built from refs/tags/v1.2.3",
      actual,
    ],
  ],
});

describe("a release that was asked for by its tag", () => {
  it("holds by evidence of that tag, however the repository is written", async () => {
    expect(await checked([from(OWN)])).toMatchObject(HOLDS);
    expect(await checked([from("git+https://GitHub.com/Octo/Tool.git@refs/tags/v1.2.3")])).toMatchObject(HOLDS);
    expect(await checked([from("git+https://ghe.example/octo/tool@refs/tags/v1.2.3")])).toMatchObject(HOLDS);
  });

  it("does not hold by evidence of another one, which could be an older release", async () => {
    expect(await checked([from(OLDER)])).toMatchObject(REFUSED);
    expect(await checked([from("git+https://ghe.example/Octo/Tool.git@refs/tags/v1.0.0")])).toMatchObject(REFUSED);
    expect(await checked([from(OLDER)], {}, null)).toMatchObject(HOLDS);
  });

  it("holds by one piece of evidence, whatever stands beside it", async () => {
    expect(await checked([from(OLDER), from(OWN)])).toMatchObject(HOLDS);
    const branch = from("git+https://github.com/octo/tool@refs/heads/main");
    expect(await checked([from(OLDER), branch])).toMatchObject(
      unproven("refs/heads/main of https://github.com/octo/tool"),
    );
    expect(await checked([branch, from(OWN)])).toMatchObject(HOLDS);
  });

  it.each([
    ["a branch", "git+https://github.com/octo/tool@refs/heads/main", "refs/heads/main of https://github.com/octo/tool"],
    ["no ref", "git+https://github.com/octo/tool", "no ref of https://github.com/octo/tool"],
    [
      "another repository",
      "git+https://github.com/octo/other@refs/tags/v9",
      "refs/tags/v9 of https://github.com/octo/other",
    ],
    ["nothing", null, "no ref of no repository"],
  ])("holds by evidence that names %s, and it is said", async (_what, uri, actual) => {
    expect(await checked([from(uri)])).toMatchObject(unproven(actual));
  });

  it("names a few refs, and counts the others", async () => {
    const branches = ["a", "b", "c", "d", "e"].map((name) =>
      from(`git+https://github.com/octo/tool@refs/heads/${name}`),
    );
    const of = (name: string) => `refs/heads/${name} of https://github.com/octo/tool`;
    expect(await checked(branches)).toMatchObject(unproven(`${of("a")}, ${of("b")}, ${of("c")}, 2 more`));
  });

  it("says what a certificate says, before the provenance", async () => {
    const claims = githubRun({ repository: "octo/tool", ref: "refs/tags/v1.0.0" });
    const bundle = bytesOf(
      sign({ leaf: { claims } }, {}, statementBytes({ subject, predicate: githubPredicate(claims) })),
    );
    const trust = [trusting({ identity: claims.buildSignerUri ?? "" })];
    expect(await checked([bundle], { trust })).toMatchObject(REFUSED);
  });

  it("gives way to a ref that the user names", async () => {
    const claims = githubRun({ repository: "octo/tool", ref: "refs/tags/v1.0.0" });
    const bundle = bytesOf(
      sign({ leaf: { claims } }, {}, statementBytes({ subject, predicate: githubPredicate(claims) })),
    );
    const identity = claims.buildSignerUri ?? "";
    for (const named of [{ source: "octo/tool@refs/tags/v1.0.0" }, { fields: { sourceRef: "refs/tags/v1.0.0" } }]) {
      expect(await checked([bundle], { trust: [trusting({ identity, ...named })] })).toMatchObject(HOLDS);
    }
    const trust = [trusting({ identity, source: "octo/tool" })];
    expect(await checked([bundle], { trust })).toMatchObject(REFUSED);
  });

  it("gives way to a ref that a trust file names for a key", async () => {
    const entry = {
      entry: "ours",
      place: "trust.yaml:1",
      maxLevel: 2,
      operator: null,
      window: { from: null, until: null },
    };
    const builders = [PREDICATE.runDetails.builder.id];
    const trusted = (source: string) =>
      trustedKey(key.pem, key.trust.label, {
        standing: standing({ ...entry, builders }),
        source,
        builderIds: [],
        roots: null,
      });
    const named = trusted("octo/tool@refs/tags/v1.0.0");
    expect(await checked([from(OLDER)], { trust: [named] })).toMatchObject(HOLDS);
    expect(await checked([from(OLDER)], { trust: [trusted("octo/tool")] })).toMatchObject(REFUSED);
  });

  it("gives way to a ref that Google Cloud Build must name", async () => {
    const evidence = [bytesOf(description(record(statementV1())))];
    const other = { repository: "octo/widgets", tag: "v9.0.0" };
    const by = (source: string) =>
      checked(evidence, { trust: [cloudBuildTrust(source)], anyName: true }, other, "image");
    expect(await by("octo/widgets@refs/tags/v1.2.0")).toMatchObject(HOLDS);
    expect((await by("octo/widgets")).reasons).toEqual([["TAG_MISMATCH", "v9.0.0", "v1.2.0"]]);
  });

  it("gives way to a policy whose rule names the ref, and to no other", async () => {
    expect(await checked([from(OLDER)], { policy: testPolicy({ namesRef: true }) })).toMatchObject(HOLDS);
    expect(await checked([from(OLDER)], { policy: testPolicy() })).toMatchObject(REFUSED);
    const lacking = { code: "DENIED", message: "not this", expected: null, actual: null } as const;
    const policy = testPolicy({ statement: () => [lacking] });
    expect((await checked([from(OWN)], { policy })).reasons).toEqual([["DENIED", null, null]]);
  });

  it("shows nothing beside the statement that nobody asked for", async () => {
    const other = signedBytes(key, statementBytes({ subject, predicateType: "https://example.com/sbom" }));
    expect((await checked([from(OWN), other])).beside).toEqual([]);
    expect((await checked([from(OWN), other], { policy: testPolicy() })).beside).toHaveLength(1);
  });
});
