import { describe, expect, it } from "vitest";
import type { ArtifactReport, CheckReport } from "../report.ts";
import { type SummaryPlan, summarize } from "./summarize.ts";

const HEX = "ab".repeat(32);
const DIGEST = `sha256:${HEX}`;

const artifact = (change: Partial<ArtifactReport> = {}): ArtifactReport => ({
  name: "tool",
  target: "release",
  digest: DIGEST,
  platform: null,
  repository: null,
  status: "verified",
  rule: null,
  statements: [],
  findings: [],
  refusals: { count: 0, listed: [] },
  beside: [],
  dependencies: null,
  ...change,
});

const report = (artifacts: ArtifactReport[], change: Partial<CheckReport> = {}) =>
  ({
    result: "verified",
    artifacts,
    findings: [],
    wholeFailures: 0,
    release: null,
    dependencies: null,
    ...change,
  }) as CheckReport;

const plan = (scope: SummaryPlan["scope"]): SummaryPlan => ({
  verifier: { id: "https://verifier.example.com", version: {} },
  timeVerified: "2026-01-15T12:00:00Z",
  policy: { uri: "https://verifier.example.com/policy" },
  scope,
});
const EACH = plan({ kind: "artifacts", prefix: "https://example.com/r/" });
const RELEASE = plan({ kind: "release", resourceUri: "https://example.com/r" });

const said = (one: ArtifactReport, how = EACH) => {
  const [statement] = summarize(report([one]), how).statements;
  return { subject: statement?.subject[0], as: statement?.predicate["resourceUri"] };
};

describe("what an artifact is called", () => {
  it.each<[string, Partial<ArtifactReport>, object, string]>([
    [
      "a file in a folder",
      { name: "linux/tool+1 a" },
      { name: "linux/tool+1 a" },
      "https://example.com/r/linux/tool%2B1%20a",
    ],
    ["a digest", { name: DIGEST, target: DIGEST }, { name: "_" }, `https://example.com/r/${DIGEST}`],
    [
      "a tree",
      { name: "x", target: "nix:x", digest: `narSha256:${HEX}` },
      { digest: { narSha256: HEX } },
      "https://example.com/r/x",
    ],
    [
      "an image in a registry",
      {
        name: `ghcr.io/octo/app@${DIGEST}`,
        target: `oci://ghcr.io/octo/app@${DIGEST}`,
        repository: "ghcr.io/octo/app",
      },
      { name: "ghcr.io/octo/app", uri: "pkg:oci/app" },
      `oci://ghcr.io/octo/app@${DIGEST}`,
    ],
    [
      "an image in a kit, whose repository is proven",
      { name: `ghcr.io/octo/app@${DIGEST}`, target: "oci-layout:kit/images/1", repository: "ghcr.io/octo/app" },
      { name: "ghcr.io/octo/app", uri: "pkg:oci/app" },
      `oci://ghcr.io/octo/app@${DIGEST}`,
    ],
    [
      "an image in a kit, whose repository is a claim",
      { name: `ghcr.io/octo/app@${DIGEST}`, target: "oci-layout:kit/images/1", status: "not-covered" },
      { name: "_" },
      `https://example.com/r/${DIGEST}`,
    ],
    [
      "an image in a layout, whose folder is nobody's business",
      { name: `/home/me/image@${DIGEST}`, target: "oci-layout:/home/me/image" },
      { name: "_" },
      `https://example.com/r/${DIGEST}`,
    ],
  ])("%s", (_what, one, subject, as) => {
    expect(said(artifact(one))).toEqual({ subject: expect.objectContaining(subject), as });
  });

  it("a package, by its purl", () => {
    expect(said(artifact(), plan({ kind: "package", purl: "pkg:npm/a@1.0.0" })).as).toBe("pkg:npm/a@1.0.0");
  });

  it("USAGE: a file, where nothing says what it is verified as", () => {
    const how = plan({ kind: "artifacts", prefix: null });
    expect(() => summarize(report([artifact()]), how)).toThrow(expect.objectContaining({ code: "USAGE" }));
  });
});

describe("of what nothing is said", () => {
  const left = [
    artifact({ name: "unknown", status: "unknown" }),
    artifact({ name: "excepted", status: "exception" }),
    artifact({ name: "link", status: "not-covered", digest: null }),
    artifact({ name: "evidence", status: "evidence" }),
  ];

  it.each([EACH, RELEASE])("what is unknown, excepted or unread is counted, and evidence is no artifact", (how) => {
    const summarized = summarize(report([artifact(), ...left], { result: "failed" }), how);
    expect(summarized).toMatchObject({ unknown: 1, exceptions: 1, unread: 1 });
    expect(summarized.statements.flatMap(({ subject }) => subject.map(({ name }) => name))).toEqual(["tool"]);
  });

  it("nothing is said of a release of which nobody knows", () => {
    expect(summarize(report([artifact()], { result: "unknown" }), RELEASE).statements).toEqual([]);
  });
});

describe("what passes", () => {
  const results = (one: CheckReport, how = EACH) =>
    summarize(one, how).statements.map(({ predicate }) => predicate["verificationResult"]);
  const failing = artifact({ name: "bad", status: "tampered" });

  it("each by itself where another fails", () => {
    expect(results(report([artifact(), failing], { result: "failed" }))).toEqual(["PASSED", "FAILED"]);
  });

  it("none, where the whole fails for a reason that is no artifact's own", () => {
    const missing = { result: "failed" as const, wholeFailures: 1 };
    expect(results(report([artifact(), failing], missing))).toEqual(["FAILED", "FAILED"]);
    expect(results(report([artifact()], missing))).toEqual(["FAILED"]);
  });

  it("none, where the whole fails and an artifact of it besides", () => {
    const both = [artifact(), failing];
    expect(results(report(both, { result: "failed", wholeFailures: 1 }))).toEqual(["FAILED", "FAILED"]);
    expect(results(report(both, { result: "failed" }))).toEqual(["PASSED", "FAILED"]);
  });

  it("a release where all of it does", () => {
    expect(results(report([artifact()]), RELEASE)).toEqual(["PASSED"]);
    expect(results(report([artifact(), failing], { result: "failed" }), RELEASE)).toEqual(["FAILED"]);
  });
});

describe("the evidence that a summary names", () => {
  const evidence = (name: string, hex: string) =>
    ({ bundle: `/home/me/${name}`, digest: `sha256:${hex.repeat(32)}` }) as ArtifactReport["statements"][number];
  const list = evidence("list", "cc");

  it.each([
    [true, ["list", "provenance", "sbom"]],
    [false, ["provenance", "sbom"]],
  ])("is all that was used, once, without folders; of a list, where one was demanded: %j", (required, names) => {
    const covered = artifact({ statements: [evidence("provenance", "aa")], beside: [evidence("sbom", "bb")] });
    const release = { required, version: null, lists: [list] } as unknown as CheckReport["release"];
    const [statement] = summarize(report([covered, covered], { release }), RELEASE).statements;
    const inputs = statement?.predicate["inputAttestations"] as { name: string; digest: object }[];
    expect(inputs.map(({ name }) => name)).toEqual(names);
    expect(inputs.at(-1)).toEqual({ name: "sbom", digest: { sha256: "bb".repeat(32) } });
  });
});
