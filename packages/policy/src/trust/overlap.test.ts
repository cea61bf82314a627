import { describe, expect, it } from "vitest";
import { checkOverlaps } from "./overlap.ts";
import { signersMeet } from "./overlap-signers.ts";
import { trustDocument } from "./trust-document.ts";

const ISSUER = "https://token.actions.githubusercontent.com";
const WIDGETS = "https://github.com/octo/widgets/.github/workflows";
const SHARED = "github.com/octo/builder/.github/workflows/build.yml";
const [ONE, OTHER] = ["ab".repeat(20), "cd".repeat(20)];

type Written = Readonly<Record<string, unknown>>;

const key = (path: string, more: Written = {}): Written => ({
  signer: { key: path },
  builder: "https://ci.example.com/v1",
  ...more,
});
const exact = (identity: string, more: Written = {}): Written => ({
  signer: { issuer: ISSUER, identity },
  builder: "same-as-signer",
  ...more,
});
const pattern = (text: string, more: Written = {}): Written => ({
  signer: { issuer: ISSUER, "identity-pattern": text },
  builder: "same-as-signer",
  ...more,
});
const workflow = (at: Written, more: Written = {}): Written => ({
  signer: { issuer: ISSUER, workflow: SHARED, at },
  builder: "same-as-signer",
  ...more,
});
const own = (more: Written = {}): Written => ({
  signer: { issuer: ISSUER, workflow: "any-of-source" },
  builder: "same-as-signer",
  ...more,
});
const verifier = (resource: string, more: Written = {}): Written => ({
  signer: { key: "v.pub" },
  verifier: { id: "https://v.example", levels: ["SLSA_BUILD_LEVEL_2"], resources: [resource] },
  ...more,
});

const { verifier: rights } = verifier("") as { readonly verifier: object };

const outcome = (...pair: readonly [Written, Written]) => {
  const trust = pair.map((one, index) => ({
    name: `entry ${index}`,
    ...("verifier" in one ? {} : { "max-level": 1 }),
    ...one,
  }));
  try {
    trustDocument({ version: 1, trust }, { label: "t.yaml", digest: "", placeOf: (keys) => `:${String(keys[1])}` });
    return "apart";
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe("two entries overlap", () => {
  it.each<[string, Written, Written]>([
    ["the same key", key("a.pub"), key("a.pub")],
    [
      "a builder and every tag of it",
      key("a.pub", { builder: "https://b.example/x" }),
      key("a.pub", { builder: ["https://b.example/x@refs/tags/v1", "https://c.example"] }),
    ],
    ["the same identity", exact(`${WIDGETS}/a.yml@refs/heads/main`), exact(`${WIDGETS}/a.yml@refs/heads/main`)],
    [
      "an identity that a pattern takes in",
      exact(`${WIDGETS}/a.yml@refs/heads/main`),
      pattern("https://github\\.com/octo/.*"),
    ],
    ["patterns of one beginning", pattern("https://github\\.com/octo/a.*"), pattern("https://github\\.com/octo/.*x")],
    [
      "patterns with a choice",
      pattern("https://github\\.com/octo/x|https://github\\.com/a/.*"),
      pattern("https://github\\.com/b/c.*"),
    ],
    ["a workflow with ranges that meet", workflow({ tags: ">=1 <2" }), workflow({ tags: "^1.5.0" })],
    ["a workflow at one commit", workflow({ commits: [ONE] }), workflow({ commits: [OTHER, ONE] })],
    ["a workflow at tags, and at commits that may be theirs", workflow({ tags: "1.x" }), workflow({ commits: [ONE] })],
    ["a workflow's version and its exact name", workflow({ tags: "1.x" }), exact(`https://${SHARED}@refs/tags/v1.2.3`)],
    ["a workflow's commit and its exact name", workflow({ commits: [ONE] }), exact(`https://${SHARED}@${ONE}`)],
    ["a workflow and a pattern", workflow({ tags: "1.x" }), pattern("https://github\\.com/octo/builder/.*")],
    ["every source's own workflows, twice", own(), own()],
    ["every source's own workflows and one by its name", own(), exact(`${WIDGETS}/a.yml@refs/heads/main`)],
    [
      "a source's own workflows and a pattern",
      own({ source: "octo/widgets" }),
      pattern("https://github\\.com/octo/.*"),
    ],
    ["a source's own workflows and one that others call", own({ source: "octo/builder" }), workflow({ tags: "1.x" })],
    ["Google Cloud Build, twice", { signer: { "cloud-build": true } }, { signer: { "cloud-build": true } }],
    [
      "the signer as a builder, and by its name",
      exact(`${WIDGETS}/a.yml@refs/tags/v1`),
      exact(`${WIDGETS}/a.yml@refs/tags/v1`, { builder: `${WIDGETS}/a.yml` }),
    ],
    ["windows that touch", key("a.pub", { until: "2026-01-31" }), key("a.pub", { from: "2026-01-31" })],
    [
      "one source, and one of its refs",
      key("a.pub", { source: "octo/a" }),
      key("a.pub", { source: "https://github.com/octo/a@refs/tags/v1" }),
    ],
    ["verifiers of resources that meet", verifier("pkg:npm/*"), verifier("pkg:npm/a")],
    [
      "the signer, and some of the builders",
      exact("https://a.example/x"),
      exact("https://a.example/x", { builder: ["https://b.example", "https://a.example/x"] }),
    ],
    [
      "a workflow at commits, and the name of a branch that may be at one",
      workflow({ commits: [ONE] }),
      exact(`https://${SHARED}@deploy`),
    ],
    ["windows that begin alone", key("a.pub", { from: "2026-01-01" }), key("a.pub", { from: "2026-02-01" })],
    ["windows that end alone", key("a.pub", { until: "2026-01-01" }), key("a.pub", { until: "2026-02-01" })],
    [
      "windows of which one ends when the other begins",
      key("a.pub", { until: "2026-01-31T12:00:00Z" }),
      key("a.pub", { from: "2026-01-31T12:00:00Z" }),
    ],
    ["verifiers of one resource", verifier("pkg:npm/a"), verifier("pkg:npm/a")],
    ["verifiers of resources that begin alike", verifier("pkg:npm/*"), verifier("pkg:npm/a*")],
    [
      "verifiers of which some resources meet",
      { ...verifier(""), verifier: { ...rights, resources: ["a:b", "pkg:npm/a"] } },
      { ...verifier(""), verifier: { ...rights, resources: ["pkg:npm/*", "c:d"] } },
    ],
    [
      "an exact name as a builder, and the signer by it",
      exact("https://a.example/x"),
      exact("https://a.example/x", { builder: "https://a.example/x" }),
    ],
    [
      "a workflow as a builder, at a tag",
      workflow({ tags: "1.x" }),
      workflow({ tags: "1.x" }, { builder: `https://${SHARED}@refs/tags/v1.2.3` }),
    ],
    ["a workflow as a builder", workflow({ tags: "1.x" }), workflow({ tags: "1.x" }, { builder: `https://${SHARED}` })],
    [
      "a builder that a pattern may take in",
      pattern("https://a\\.example/.*"),
      pattern("https://a\\.example/.*", { builder: "https://a.example/x" }),
    ],
    [
      "a builder that is the beginning of a pattern",
      pattern("https://a\\.example/x@refs/tags/.*"),
      pattern("https://a\\.example/x@refs/tags/.*", { builder: "https://a.example/x" }),
    ],
    ["a workflow of any source as a builder", own(), own({ builder: `${WIDGETS}/a.yml` })],
    [
      "one signer, on any runner and on one",
      exact("https://a.example/x"),
      exact("https://a.example/x", { runners: "self-hosted" }),
    ],
    [
      "one signer, on the same runners",
      exact("https://a.example/x", { runners: "self-hosted" }),
      exact("https://a.example/x", { runners: "self-hosted" }),
    ],
    [
      "a window in another",
      key("a.pub", { from: "2026-01-01", until: "2026-12-31" }),
      key("a.pub", { from: "2026-03-01", until: "2026-04-01" }),
    ],
    ["every source's own workflows and a pattern", own(), pattern("https://a\\.example/.*")],
    [
      "a source's own workflows and one by its name",
      own({ source: "octo/widgets" }),
      exact(`${WIDGETS}/a.yml@refs/heads/main`),
    ],
    [
      "a workflow at commits and tags, and at tags",
      workflow({ tags: "1.x", commits: [ONE] }),
      workflow({ tags: "2.x" }),
    ],
    [
      "a workflow at commits, and the name of a tag that may be one",
      workflow({ commits: [ONE] }),
      exact(`https://${SHARED}@refs/tags/v9.0.0`),
    ],
    [
      "a workflow's version and a name of it without a kind of ref",
      workflow({ tags: "1.x" }),
      exact(`https://${SHARED}@v1.2.3`),
    ],
  ])("%s", (_what, left, right) => {
    expect(outcome(left, right)).toBe("TRUST_OVERLAP");
    expect(outcome(right, left)).toBe("TRUST_OVERLAP");
  });

  it.each<[string, Written, Written]>([
    ["two keys", key("a.pub"), key("b.pub")],
    ["one key for two builders", key("a.pub"), key("a.pub", { builder: "https://ci.example.com/v2" })],
    ["one key at two times", key("a.pub", { until: "2026-01-31" }), key("a.pub", { from: "2026-02-01" })],
    ["one key for two sources", key("a.pub", { source: "octo/a" }), key("a.pub", { source: "octo/b" })],
    [
      "one key for two refs",
      key("a.pub", { source: "octo/a@refs/tags/v1" }),
      key("a.pub", { source: "octo/a@refs/tags/v2" }),
    ],
    [
      "one signer on two kinds of runners",
      exact("https://a.example/x", { runners: "github-hosted" }),
      exact("https://a.example/x", { runners: "self-hosted" }),
    ],
    [
      "two issuers",
      exact("https://a.example/x"),
      { ...exact("https://a.example/x"), signer: { issuer: "https://b.example", identity: "https://a.example/x" } },
    ],
    ["patterns of two beginnings", pattern("https://github\\.com/octo/a.*"), pattern("https://github\\.com/octo/b.*")],
    [
      "an identity that a pattern does not take in",
      exact(`${WIDGETS}/a.yml@refs/heads/main`),
      pattern("https://github\\.com/octo/widget"),
    ],
    ["ranges that do not meet", workflow({ tags: ">=1 <2" }), workflow({ tags: ">=2" })],
    ["two commits", workflow({ commits: [ONE] }), workflow({ commits: [OTHER] })],
    ["a version outside of the range", workflow({ tags: "1.x" }), exact(`https://${SHARED}@refs/tags/v2.0.0`)],
    ["a workflow that others call, and every source's own", workflow({ tags: "1.x" }), own()],
    ["another source's own workflows", own({ source: "octo/a" }), exact(`${WIDGETS}/a.yml@refs/heads/main`)],
    [
      "the signer as a builder, and another one",
      own(),
      own({ builder: "https://github.com/actions/runner/github-hosted" }),
    ],
    ["a key and Google Cloud Build", key("a.pub"), { signer: { "cloud-build": true } }],
    ["a verifier and a builder of one key", verifier("pkg:npm/*"), key("v.pub")],
    ["verifiers of two resources", verifier("pkg:npm/a*"), verifier("pkg:npm/b")],
    ["verifiers of two resources that begin differently", verifier("pkg:npm/a*"), verifier("pkg:npm/b*")],
    ["verifiers of a resource, and of those that begin with more", verifier("pkg:npm/a"), verifier("pkg:npm/ab*")],
    ["a workflow at commits, and another's name", workflow({ commits: [ONE] }), exact(`${WIDGETS}/a.yml@refs/tags/v1`)],
    ["verifiers of a resource, and of a longer one", verifier("pkg:npm/a"), verifier("pkg:npm/ab")],
    [
      "two verifiers of one key",
      verifier("a:b"),
      { ...verifier("a:b"), verifier: { ...rights, id: "https://w.example", resources: ["a:b"] } },
    ],
    ["verifiers at two times", verifier("a:b", { until: "2026-01-31" }), verifier("a:b", { from: "2026-02-01" })],
    ["verifiers of two keys", verifier("a:b"), verifier("a:b", { signer: { key: "w.pub" } })],
    [
      "a key and somebody with a certificate",
      key("a.pub"),
      exact("https://ci.example.com/v1", { builder: "https://ci.example.com/v1" }),
    ],
    ["Google Cloud Build and somebody with a certificate", { signer: { "cloud-build": true } }, own()],
    [
      "one signer for two builders",
      exact("https://a.example/x", { builder: "https://b.example/1" }),
      exact("https://a.example/x", { builder: ["https://b.example/12", "https://b.example/2@refs/heads/main"] }),
    ],
    [
      "a builder, and a branch of it",
      key("a.pub", { builder: "https://b.example/2" }),
      key("a.pub", { builder: "https://b.example/2@refs/heads/main" }),
    ],
    [
      "an exact name, and another builder",
      exact("https://a.example/x"),
      exact("https://a.example/x", { builder: "https://a.example/xy" }),
    ],
    [
      "a workflow, and a builder that begins alike",
      workflow({ tags: "1.x" }),
      workflow({ tags: "1.x" }, { builder: `https://${SHARED}x@refs/tags/v1` }),
    ],
    [
      "a pattern, and a builder that it does not take in",
      pattern("https://a\\.example/.*"),
      pattern("https://a\\.example/.*", { builder: "https://b.example/x" }),
    ],
    ["two exact names", exact("https://a.example/x"), exact("https://a.example/y")],
    ["a pattern, and a workflow elsewhere", workflow({ tags: "1.x" }), pattern("https://github\\.com/octo/other/.*")],
    [
      "two workflows",
      workflow({ tags: "1.x" }),
      {
        ...workflow({ tags: "1.x" }),
        signer: { issuer: ISSUER, workflow: SHARED.replace("build", "other"), at: { tags: "1.x" } },
      },
    ],
    ["a workflow's commit, and another", workflow({ commits: [ONE] }), exact(`https://${SHARED}@${OTHER}`)],
    ["a workflow's version, and a commit", workflow({ tags: "1.x" }), exact(`https://${SHARED}@${ONE}`)],
    [
      "a workflow's version, and a name that begins alike",
      workflow({ tags: "1.x" }),
      exact(`https://${SHARED}x@refs/tags/v1.2.3`),
    ],
    [
      "a workflow's version, and a branch that is called so",
      workflow({ tags: "1.x" }),
      exact(`https://${SHARED}@refs/heads/v1.2.3`),
    ],
    ["every source's own workflows, and who is none", own(), exact("dev@example.com")],
    [
      "a source's own workflows, and a pattern elsewhere",
      own({ source: "octo/widgets" }),
      pattern("https://github\\.com/octo/a/.*"),
    ],
    [
      "a source's own workflows, and another that others call",
      own({ source: "octo/widgets" }),
      workflow({ tags: "1.x" }),
    ],
  ])("but not %s", (_what, left, right) => {
    expect(outcome(left, right)).toBe("apart");
    expect(outcome(right, left)).toBe("apart");
  });

  it("and both places are said", () => {
    const entry = (name: string) => ({ name, "max-level": 1, ...key("a.pub") });
    const read = () =>
      trustDocument(
        { version: 1, trust: [entry("x"), entry("y")] },
        { label: "t.yaml", digest: "", placeOf: (keys) => `:${String(keys[1])}` },
      );
    expect(read).toThrow(expect.objectContaining({ code: "TRUST_OVERLAP", actual: "t.yaml:0 and t.yaml:1" }));
  });

  it("keys are told apart by what they are, once they are read", () => {
    const trust = [
      { name: "x", "max-level": 1, ...key("a.pub") },
      { name: "y", "max-level": 1, ...key("b.pub") },
    ];
    const { entries } = trustDocument({ version: 1, trust }, { label: "t.yaml", digest: "" });
    expect(() => checkOverlaps(entries, () => "one")).toThrow(expect.objectContaining({ code: "TRUST_OVERLAP" }));
  });

  it("of one name there is one, wherever it stands", () => {
    const entry = (name: string, path: string) => ({ name, "max-level": 1, ...key(path) });
    const trust = [entry("x", "a.pub"), entry("y", "b.pub"), entry("x", "c.pub")];
    const read = () =>
      trustDocument({ version: 1, trust }, { label: "t.yaml", digest: "", placeOf: (keys) => `:${String(keys[1])}` });
    expect(read).toThrow(
      expect.objectContaining({
        code: "TRUST_INVALID",
        message: 'two entries are called "x"',
        expected: "a name of its own for each",
        actual: "t.yaml:0 and t.yaml:2",
      }),
    );
  });

  it("of all together there are 500 at most", () => {
    const trust = Array.from({ length: 500 }, (_, at) => ({ name: `${at}`, "max-level": 1, ...key(`${at}.pub`) }));
    const { entries } = trustDocument({ version: 1, trust }, { label: "t.yaml", digest: "" });
    expect(() => checkOverlaps(entries)).not.toThrow();
    expect(() => checkOverlaps([...entries, ...entries.slice(0, 1)])).toThrow(
      expect.objectContaining({ code: "TRUST_INVALID", expected: "at most 500", actual: "501" }),
    );
  });

  it("a key is nobody with a certificate, whatever keys are told apart by", () => {
    const signer = { signer: { kind: "key", path: "a.pub" }, source: null } as const;
    const other = { signer: { kind: "identity", issuer: ISSUER, identity: "a" }, source: null } as const;
    expect(signersMeet(signer, other, () => "one")).toBe(false);
    expect(signersMeet(other, signer, () => "one")).toBe(false);
    expect(signersMeet(signer, signer, () => "one")).toBe(true);
  });
});
