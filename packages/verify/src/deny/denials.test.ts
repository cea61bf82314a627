import { parseBundle } from "@touchmark/core";
import { type BundleOptions, type FulcioClaims, githubRun } from "@touchmark/testkit/sigstore";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesOf, githubPredicate, IDENTITY, ISSUER, SUBJECT, sign, trusting } from "../../test/certificate-cases.ts";
import { digest, file, image, subject, tree } from "../../test/judge-cases.ts";
import { PREDICATE, pieceOf, sha256, sha512, signed, statementBytes, testKey } from "../../test/signed-bundles.ts";
import type { Artifact } from "../artifact.ts";
import { acceptableAlgorithms, type Evidence } from "../evidence.ts";
import { examine } from "../examine.ts";
import { judge } from "../judge.ts";
import type { IdentityOptions } from "../trust-identity.ts";
import { type Denials, denials } from "./denials.ts";
import { denyList } from "./deny-list.ts";

const REASON = "it is bad";
const denying = (...entries: readonly object[]): Denials => {
  const deny = entries.map((entry) => ({ reason: REASON, ...entry }));
  return denials([denyList({ version: 1, deny }, { label: "denied.yaml", digest: "ab".repeat(32) })]);
};

const key = testKey();
const COMMIT = "ab".repeat(20); // of PREDICATE
const BUILDER_COMMIT = "cd".repeat(20);
const WORKFLOW = "https://github.com/octo/builders/.github/workflows/go.yml";

const run = githubRun({
  repository: "octo/widgets",
  ref: "refs/tags/v1.2.3",
  sha: COMMIT,
  workflow: `${WORKFLOW.slice("https://github.com/".length)}@${BUILDER_COMMIT}`,
});
const certified = sign(
  { leaf: { claims: run } },
  {},
  statementBytes({ subject: [SUBJECT], predicate: githubPredicate(run) }),
);
const signer = trusting({ identity: `${WORKFLOW}@${BUILDER_COMMIT}`, source: "octo/widgets" });

const byCertificate = (lists: Denials) =>
  examine("c.sigstore.json", pieceOf(parseBundle(bytesOf(certified))), { trust: [signer], denials: lists });
const byKey = (
  lists: Denials,
  statement: Parameters<typeof signed>[1] = { subject: [SUBJECT] },
  name = "k.sigstore.json",
) => examine(name, pieceOf(signed(key, statement)), { trust: [key.trust], denials: lists });

async function judged(artifact: Artifact, lists: Denials, evidence: readonly Evidence[]) {
  const judgement = await judge([artifact], evidence, { anyName: false, denials: lists });
  const [verdict] = judgement.verdicts;
  return { ...verdict, code: verdict?.findings[0]?.code, absent: judgement.absent.count };
}

const tool = file("tool", "tool");
const DENIED = { status: "policy", code: "DENIED", statements: [] };
const issuedBy = { issuer: ISSUER };

describe("a statement is denied", () => {
  it("by nothing, without an entry about it", async () => {
    const lists = denying();
    expect(await judged(tool, lists, [byCertificate(lists)])).toMatchObject({ status: "verified" });
    expect(await judged(tool, lists, [byKey(lists)])).toMatchObject({ status: "verified" });
  });

  it.each<[string, object, object]>([
    ["the commit", { commit: COMMIT }, { commit: "ef".repeat(20) }],
    ["the builder's commit", { "builder-digest": BUILDER_COMMIT }, { "builder-digest": COMMIT }],
    [
      "the signer",
      { identity: `${WORKFLOW}@${BUILDER_COMMIT}`, ...issuedBy },
      { identity: `${WORKFLOW}@${COMMIT}`, ...issuedBy },
    ],
    ["the signer at any ref", { identity: WORKFLOW, ...issuedBy }, { identity: WORKFLOW.slice(0, -1), ...issuedBy }],
    ["the signer's issuer", { identity: WORKFLOW, ...issuedBy }, { identity: WORKFLOW, issuer: "https://gitlab.com" }],
    [
      "the time",
      { commit: COMMIT, window: { from: "2026-01-15T12:00:00Z" } },
      { commit: COMMIT, window: { from: "2026-01-15T12:00:01Z" } },
    ],
    [
      "the time, elsewhere",
      { commit: COMMIT, window: { to: "2026-01-15T13:00:00+01:00" } },
      { commit: COMMIT, window: { to: "2026-01-15T11:59:59Z" } },
    ],
    [
      "everything in the entry",
      { commit: COMMIT, "builder-digest": BUILDER_COMMIT, digest: `sha256:${sha256("tool")}` },
      { commit: COMMIT, "builder-digest": BUILDER_COMMIT, digest: `sha256:${sha256("other")}` },
    ],
  ])("by %s, of a certificate", async (_, entry, other) => {
    const lists = denying(other, entry);
    expect(await judged(tool, lists, [byCertificate(lists)])).toMatchObject({
      ...DENIED,
      findings: [{ message: expect.stringMatching(/^c\.sigstore\.json, which covers tool: .* is denied: it is bad$/) }],
    });
    expect(await judged(tool, denying(other), [byCertificate(denying(other))])).toMatchObject({ status: "verified" });
  });

  it.each<[string, object, object]>([
    ["the key", { key: `sha256:${key.trust.digest}` }, { key: `sha256:${sha256("another")}` }],
    ["the commit", { commit: COMMIT }, { commit: BUILDER_COMMIT }],
    ["the key, which is nobody's name", { key: `sha256:${key.trust.digest}` }, { identity: WORKFLOW, ...issuedBy }],
    [
      "the key in any window, since nothing dates it",
      { key: `sha256:${key.trust.digest}`, window: { to: "2000-01-01T00:00:00Z" } },
      { commit: BUILDER_COMMIT, window: { to: "2100-01-01T00:00:00Z" } },
    ],
  ])("by %s, of a key", async (_, entry, other) => {
    const lists = denying(other, entry);
    expect(await judged(tool, lists, [byKey(lists)])).toMatchObject(DENIED);
    expect(await judged(tool, denying(other), [byKey(denying(other))])).toMatchObject({ status: "verified" });
  });

  it("by the key of a certificate", async () => {
    const evidence = byCertificate(denying());
    if (evidence.kind !== "trusted" || evidence.verified.signer.kind !== "identity") throw new Error("not trusted");
    const lists = denying({ key: `sha256:${evidence.verified.signer.keyDigest}` });
    expect(await judged(tool, lists, [byCertificate(lists)])).toMatchObject(DENIED);
  });

  it("by the commit in the builder's name, where no certificate names one", async () => {
    const predicate = { ...PREDICATE, runDetails: { builder: { id: `${WORKFLOW}@${BUILDER_COMMIT}` } } };
    const lists = denying({ "builder-digest": BUILDER_COMMIT });
    expect(await judged(tool, lists, [byKey(lists, { subject: [SUBJECT], predicate })])).toMatchObject(DENIED);
  });

  const { resolvedDependencies: _sources, ...sourceless } = PREDICATE.buildDefinition;
  const silent = { ...PREDICATE, buildDefinition: sourceless };
  const silentBy = (options: BundleOptions, trust: Partial<IdentityOptions>, lists: Denials) => {
    const bundle = sign(options, {}, statementBytes({ subject: [SUBJECT], predicate: silent }));
    return examine("s.sigstore.json", pieceOf(parseBundle(bytesOf(bundle))), {
      trust: [trusting(trust)],
      denials: lists,
    });
  };

  it.each<[string, FulcioClaims, object]>([
    ["the source", run, { commit: COMMIT }],
    [
      "the build signer digest",
      { ...run, buildSignerUri: `${WORKFLOW}@refs/tags/v1` },
      { "builder-digest": BUILDER_COMMIT },
    ],
    [
      "the workflow's name",
      Object.fromEntries(Object.entries(run).filter(([name]) => name !== "buildSignerDigest")),
      { "builder-digest": BUILDER_COMMIT },
    ],
  ])("by the commit in %s of a certificate, where the statement says nothing", async (_, claims, entry) => {
    const trust = { identity: claims.buildSignerUri ?? "", source: "octo/widgets" };
    const judge = (lists: Denials) => judged(tool, lists, [silentBy({ leaf: { claims } }, trust, lists)]);
    expect(await judge(denying())).toMatchObject({ status: "verified" });
    expect(await judge(denying(entry))).toMatchObject(DENIED);
  });

  it("not by the beginning of an address", async () => {
    const issuer = "https://accounts.example.com";
    const leaf = { names: [{ email: "octo@example.com" }], claims: { issuer } };
    const judge = (identity: string) => {
      const lists = denying({ identity, issuer });
      return judged(tool, lists, [silentBy({ leaf }, { identity: "octo@example.com", issuer }, lists)]);
    };
    expect(await judge("octo")).toMatchObject({ status: "verified" });
    expect(await judge("octo@example.com")).toMatchObject(DENIED);
  });

  it("by one of several proven times", async () => {
    const options: BundleOptions = {
      entry: "dsse-0.0.1",
      entryOptions: { time: new Date("2026-01-15T12:01:00Z") },
      timestamp: { time: new Date("2026-01-15T12:03:00Z") },
    };
    const judge = (window: object) => {
      const lists = denying({ identity: IDENTITY, ...issuedBy, window });
      return judged(tool, lists, [silentBy(options, {}, lists)]);
    };
    expect(await judge({ from: "2026-01-15T12:03:00Z" })).toMatchObject(DENIED);
    expect(await judge({ to: "2026-01-15T12:01:00Z" })).toMatchObject(DENIED);
    expect(await judge({ from: "2026-01-15T12:03:01Z" })).toMatchObject({ status: "verified" });
    expect(await judge({ to: "2026-01-15T12:00:59Z" })).toMatchObject({ status: "verified" });
    expect(await judge({ from: "2026-01-15T12:01:01Z", to: "2026-01-15T12:02:59Z" })).toMatchObject({
      status: "verified",
    });
  });

  it("that is no provenance, by what it says", () => {
    const sbom = { subject: [SUBJECT], predicateType: "https://spdx.dev/Document", predicate: {} };
    expect(byKey(denying({ commit: COMMIT }), sbom)).toMatchObject({ kind: "trusted" });
    expect(byKey(denying({ "builder-digest": COMMIT }), sbom)).toMatchObject({ kind: "trusted" });
    expect(byKey(denying({ key: `sha256:${key.trust.digest}` }), sbom)).toMatchObject({ kind: "denied" });
  });

  it.each<[object, string]>([
    [{ from: "2026-01-01T00:00:00Z" }, "signed from 2026-01-01T00:00:00Z to ever"],
    [{ to: "2027-01-01T00:00:00Z" }, "signed from ever to 2027-01-01T00:00:00Z"],
  ])("in the window %j, which the finding shows", (window, shown) => {
    expect(byKey(denying({ commit: COMMIT, window }))).toMatchObject({
      findings: [{ code: "DENIED", actual: `commit ${COMMIT}, ${shown}` }],
    });
  });

  it("and another one may still cover the artifact", async () => {
    const lists = denying({ key: `sha256:${key.trust.digest}` });
    for (const evidence of [
      [byKey(lists), byCertificate(lists)],
      [byCertificate(lists), byKey(lists)],
    ]) {
      expect(await judged(tool, lists, evidence)).toMatchObject({
        status: "verified",
        statements: [{ bundle: "c.sigstore.json" }],
      });
    }
  });

  it("by the first entry that applies, and the finding says where it stands", async () => {
    const lists = denials(
      ["first", "second"].map((reason) =>
        denyList(
          { version: 1, deny: [{ reason, commit: COMMIT, key: `sha256:${key.trust.digest}` }] },
          { label: reason, digest: "" },
        ),
      ),
    );
    expect(byKey(lists)).toMatchObject({
      kind: "denied",
      findings: [
        {
          message: "this statement is denied: first",
          expected: "nothing that first denies",
          actual: `commit ${COMMIT}, key sha256:${key.trust.digest}`,
        },
      ],
    });
  });

  it("also where it only knows the artifact by name", async () => {
    const lists = denying({ commit: COMMIT });
    expect(await judged(file("tool", "changed"), lists, [byKey(lists)])).toMatchObject(DENIED);
  });
});

describe("an artifact is denied", () => {
  const other = { digest: `sha256:${sha256("other")}` };

  it.each<[string, Artifact, string]>([
    ["a file by sha256", tool, `sha256:${sha256("tool")}`],
    ["a file by sha512", tool, `sha512:${sha512("tool")}`],
    ["a digest", digest(sha256("tool")), `sha256:${sha256("tool")}`],
    ["an image", image("tool"), `sha256:${sha256("tool")}`],
    ["a tree", tree("tool", "tool"), `narSha256:${sha256("tool")}`],
    ["evidence", file("tool", "tool", { looksLikeEvidence: true }), `sha256:${sha256("tool")}`],
    [
      "an image out of reach",
      image("tool", { obstacle: { status: "unknown", findings: [] } }),
      `sha256:${sha256("tool")}`,
    ],
  ])("%s, whatever covers it", async (_, artifact, denied) => {
    const name = artifact.kind === "image" ? "ghcr.io/octo/app" : "tool";
    const digests = artifact.kind === "tree" ? artifact.digests : { sha256: sha256("tool") };
    const statement = { subject: [{ name, digest: digests }] };
    const lists = denying({ digest: denied });
    const evidence = [byKey(lists, statement)];
    expect(await judged(artifact, lists, evidence)).toMatchObject({ ...DENIED, absent: 0 });
    expect(await judged(artifact, lists, [])).toMatchObject(DENIED);
    expect((await judged(artifact, denying(other), evidence)).status).not.toBe("policy");
  });

  it("is hashed with what the list has", () => {
    expect(acceptableAlgorithms([])).toEqual(["sha256"]);
    expect(
      acceptableAlgorithms([], denying({ digest: `sha512:${sha512("x")}` }, { digest: `narSha256:${sha256("x")}` })),
    ).toEqual(["sha256", "sha512"]);
  });

  it("not by an entry that demands more, which is about statements", async () => {
    const lists = denying({ digest: `sha256:${sha256("tool")}`, key: `sha256:${sha256("another")}` });
    expect(await judged(tool, lists, [byKey(lists)])).toMatchObject({ status: "verified" });
    const window = denying({ digest: `sha256:${sha256("tool")}`, window: { to: "2026-01-01T00:00:00Z" } });
    expect(await judged(tool, window, [byCertificate(window)])).toMatchObject({ status: "verified" });
    expect(await judged(tool, window, [byKey(window)])).toMatchObject(DENIED);
  });

  it("by a digest that the statement does not say, with a further condition", async () => {
    const entry = { digest: `sha512:${sha512("tool")}`, key: `sha256:${key.trust.digest}` };
    const lists = denying(entry);
    expect(await judged(tool, lists, [byKey(lists)])).toMatchObject(DENIED);
    const other = denying({ ...entry, key: `sha256:${sha256("another")}` });
    expect(await judged(tool, other, [byKey(other)])).toMatchObject({ status: "verified" });
  });

  it("by another digest of the subject that would cover it", async () => {
    const both = { subject: [{ name: "tool", digest: { sha256: sha256("tool"), sha512: sha512("tool") } }] };
    const lists = denying({ digest: `sha512:${sha512("tool")}` });
    expect(await judged(digest(sha256("tool")), lists, [byKey(lists, both)])).toMatchObject(DENIED);
    expect(await judged(digest(sha256("tool")), lists, [byKey(lists, both), byCertificate(lists)])).toMatchObject({
      status: "verified",
      statements: [{ bundle: "c.sigstore.json" }],
    });
  });
});

describe("a denied statement still says what belongs to the release", () => {
  const lists = denying({ commit: COMMIT });
  const both = { subject: [subject("tool", "tool"), subject("lib", "lib"), subject("x.sigstore.json", "x")] };

  it("for completeness", async () => {
    expect((await judged(tool, lists, [byKey(lists, both)])).absent).toBe(2);
  });

  it("for files that look like evidence", async () => {
    const planted = file("x.sigstore.json", "y", { looksLikeEvidence: true });
    expect(await judged(planted, denying(), [byKey(denying(), both)])).toMatchObject({ code: "SUBJECT_MISMATCH" });
    expect(await judged(planted, lists, [byKey(lists, both)])).toMatchObject(DENIED);
  });
});

describe("a further entry", () => {
  const contents = fc.constantFrom("tool", "lib");
  const names = fc.constantFrom("tool", "tool", "lib", "x.sigstore.json");
  const artifacts = fc.array(
    fc.oneof(
      fc
        .tuple(names, contents, fc.boolean())
        .map(([name, content, looksLikeEvidence]) => file(name, content, { looksLikeEvidence })),
      contents.map((content) => digest(sha256(content))),
      fc.tuple(contents, contents).map(([name, content]) => tree(name, content)),
    ),
    { minLength: 1, maxLength: 3 },
  );
  const keys = [key, testKey()];
  const commits = [COMMIT, BUILDER_COMMIT];
  const statements = fc.array(
    fc.record({
      by: fc.constantFrom(...keys),
      commit: fc.constantFrom(...commits),
      subjects: fc.array(fc.tuple(names, contents, fc.boolean()), { minLength: 1, maxLength: 3 }),
    }),
    { maxLength: 3 },
  );
  const entry = fc
    .record(
      {
        digest: contents.chain((content) =>
          fc.constantFrom(`sha256:${sha256(content)}`, `narSha256:${sha256(content)}`),
        ),
        commit: fc.constantFrom(...commits),
        key: fc.constantFrom(...keys).map(({ trust }) => `sha256:${trust.digest}`),
      },
      { requiredKeys: [] },
    )
    .filter((one) => Object.keys(one).length > 0);

  /** As a verifier with `--complete` sees it. */
  async function outcome(
    these: readonly Artifact[],
    signedBy: readonly { by: typeof key; commit: string; subjects: readonly [string, string, boolean][] }[],
    lists: Denials,
  ) {
    const evidence = signedBy.map(({ by, commit, subjects }, index) => {
      const [first] = PREDICATE.buildDefinition.resolvedDependencies;
      const dependency = { ...first, digest: { gitCommit: commit } };
      const predicate = {
        ...PREDICATE,
        buildDefinition: { ...PREDICATE.buildDefinition, resolvedDependencies: [dependency] },
      };
      const subjects_ = subjects.map(([name, content, nar]) => ({
        name,
        digest: { [nar ? "narSha256" : "sha256"]: sha256(content) },
      }));
      return examine(`e${index}`, pieceOf(signed(by, { subject: subjects_, predicate })), {
        trust: keys.map(({ trust }) => trust),
        denials: lists,
      });
    });
    const { verdicts, absent } = await judge(these, evidence, { anyName: false, denials: lists });
    const holds = verdicts.map(({ status }) => status === "verified" || status === "evidence");
    const verified = verdicts.map(({ status }) => status === "verified");
    return { holds, verified, whole: holds.every(Boolean) && verified.some(Boolean) && absent.count === 0 };
  }

  it("never makes hold what did not", { timeout: 30_000 }, async () => {
    let [held, lost] = [0, 0];
    await fc.assert(
      fc.asyncProperty(
        artifacts,
        statements,
        fc.array(entry, { maxLength: 3 }),
        entry,
        async (these, by, some, more) => {
          const before = await outcome(these, by, denying(...some));
          const after = await outcome(these, by, denying(...some, more));
          for (const [index, holds] of after.holds.entries()) {
            if (holds) expect(before.holds[index]).toBe(true);
            if (after.verified[index]) expect(before.verified[index]).toBe(true);
          }
          if (after.whole) expect(before.whole).toBe(true);
          held += after.verified.filter(Boolean).length;
          lost += before.verified.filter((was, index) => was && !after.verified[index]).length;
        },
      ),
      { numRuns: 500 },
    );
    expect(held).toBeGreaterThan(10);
    expect(lost).toBeGreaterThan(10);
  });
});
