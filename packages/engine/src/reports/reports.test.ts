import { STATUSES } from "@touchmark/verify";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readXml, sarifFaults } from "../../test/peer-formats.ts";
import type { ArtifactReport, CheckReport } from "../report.ts";
import { CHECK_REPORT } from "../report-uri.ts";
import { junitXml } from "./junit.ts";
import { MAX_SARIF_RESULTS } from "./limits.ts";
import { type RuleText, sarifLog } from "./sarif.ts";

const TEXT: RuleText = { title: "Other bytes", meaning: "They differ.", remedy: "do not use it" };
const about = { version: "1.2.3", textOf: (code: string) => (code === "SUBJECT_MISMATCH" ? TEXT : null) };

const mismatch = { code: "SUBJECT_MISMATCH", message: "tool has other bytes", expected: "sha256:aa", actual: null };
const other = {
  code: "SIGNER_UNTRUSTED",
  message: "nobody signed",
  expected: null,
  actual: "x",
  bundle: "b.jsonl:2",
};

function artifact(part: Partial<ArtifactReport> = {}): ArtifactReport {
  return {
    name: "tool",
    target: "dist",
    digest: `sha256:${"0".repeat(64)}`,
    platform: null,
    repository: null,
    status: "tampered",
    rule: null,
    statements: [],
    findings: [mismatch],
    refusals: { count: 0, listed: [] },
    beside: [],
    dependencies: null,
    ...part,
  };
}

function report(part: Partial<CheckReport> = {}): CheckReport {
  const none = { count: 0, names: [] };
  return {
    schema: CHECK_REPORT,
    result: "failed",
    counts: { verified: 0, tampered: 1, notCovered: 0, untrusted: 0, policy: 0, evidence: 0, exception: 0, unknown: 0 },
    absent: none,
    release: null,
    ignored: none,
    skippedLines: 0,
    artifacts: [artifact()],
    dependencies: null,
    wholeFailures: 0,
    findings: [],
    inputs: {
      policy: null,
      trust: null,
      key: null,
      identity: null,
      roots: null,
      cloudBuild: null,
      verifier: null,
      deny: null,
      state: null,
    },
    ...part,
  };
}

const resultsOf = (one: CheckReport) => sarifLog(one, about).runs[0].results;
const locationOf = (part: Partial<ArtifactReport>) => resultsOf(report({ artifacts: [artifact(part)] }))[0]?.locations;

describe("sarifLog", () => {
  it("has a result for a finding, with the help of its code", () => {
    const log = sarifLog(report(), about);
    expect(sarifFaults(log)).toBeNull();
    const [run] = log.runs;
    expect(run.tool.driver).toMatchObject({
      version: "1.2.3",
      rules: [
        {
          id: "SUBJECT_MISMATCH",
          shortDescription: { text: "Other bytes." },
          helpUri: "https://github.com/touchmark/touchmark/blob/main/docs/errors/SUBJECT_MISMATCH.md",
        },
      ],
    });
    expect(run.results).toMatchObject([
      {
        ruleId: "SUBJECT_MISMATCH",
        ruleIndex: 0,
        level: "error",
        message: { text: "tool has other bytes; expected sha256:aa" },
        locations: [
          {
            physicalLocation: { artifactLocation: { uri: "dist/tool" } },
            logicalLocations: [{ fullyQualifiedName: "tool" }],
          },
        ],
      },
    ]);
    expect(run.invocations).toEqual([{ executionSuccessful: true, exitCode: 1 }]);
  });

  it.each([
    ["a file given alone", { target: "./dist/tool", name: "tool" }, "dist/tool"],
    ["here", { target: ".", name: "linux/tool" }, "linux/tool"],
    ["an absolute target", { target: "/home/someone/dist", name: "tool" }, "tool"],
    ["a target above", { target: "../dist", name: "tool" }, "tool"],
    ["a drive", { target: "C:\\dist", name: "tool" }, "tool"],
    ["an image", { target: "oci://ghcr.io/o/a@sha256:00", name: "ghcr.io/o/a@sha256:00" }, "ghcr.io/o/a%40sha256%3A00"],
    ["a name that leads upwards", { name: "../../etc/passwd" }, "dist/%2E%2E/%2E%2E/etc/passwd"],
    ["no name", { target: ".", name: "/" }, "."],
  ])("says where %s is", (_what, part, uri) => {
    expect(locationOf(part)).toMatchObject([{ physicalLocation: { artifactLocation: { uri } } }]);
  });

  it("is an error where the release does not hold, and a note where it does", () => {
    const odd = { code: "BUNDLE_MALFORMED", message: "b.sigstore.json: cut", expected: null, actual: null };
    const exception = artifact({ status: "exception" });
    expect(resultsOf(report({ artifacts: [], findings: [odd] }))).toMatchObject([{ level: "error" }]);
    const held = report({ result: "verified", artifacts: [exception], findings: [odd] });
    expect(resultsOf(held)).toMatchObject([{ level: "note" }, { level: "note" }]);
    const unknown = report({ result: "unknown", artifacts: [artifact({ status: "unknown" })] });
    expect(resultsOf(unknown)).toMatchObject([{ level: "error" }]);
  });

  it("calls the same trouble of the next release the same, and every other one another", () => {
    const print = (part: Partial<ArtifactReport>) =>
      resultsOf(report({ artifacts: [artifact(part)] })).map((one) => one.partialFingerprints["touchmark/v1"]);
    const [before] = print({});
    expect(print({ digest: null, findings: [{ ...mismatch, message: "other words" }] })).toEqual([before]);
    expect(print({ target: "./dist/" })).toEqual([before]);
    const all = [
      ...print({ findings: [mismatch, mismatch] }),
      ...print({ name: "other" }),
      ...print({ platform: "linux/amd64" }),
      ...print({ findings: [{ ...mismatch, code: "NOT_COVERED" }] }),
    ];
    expect(new Set(all).size).toBe(all.length);
    expect(all[0]).toBe(before);
  });

  it("has the other refusals of an artifact as text, without results of their own", () => {
    const first = { ...mismatch, bundle: "a.jsonl:1" };
    const findings = [mismatch, { ...mismatch, code: "NOT_COVERED" }];
    const results = resultsOf(
      report({ artifacts: [artifact({ findings, refusals: { count: 5, listed: [first, other] } })] }),
    );
    expect(results.map(({ message }) => message.text)).toEqual([
      "tool has other bytes; expected sha256:aa; also refused: b.jsonl:2: SIGNER_UNTRUSTED: nobody signed; got x; and 3 more refusals",
      "tool has other bytes; expected sha256:aa",
    ]);
    const together = artifact({ refusals: { count: 1, listed: [other] } });
    expect(resultsOf(report({ artifacts: [together] }))[0]?.message.text).toMatch(/also refused: b\.jsonl:2.*got x$/);
  });

  it("makes no link of a name", () => {
    const findings = [{ ...mismatch, message: "[update](https://evil.example) \\](x)", expected: null }];
    expect(resultsOf(report({ artifacts: [artifact({ findings })] }))[0]?.message.text).toBe(
      "[update] (https://evil.example) \\] (x)",
    );
  });

  it("is bounded, and still says that something is wrong", () => {
    const findings = Array.from({ length: MAX_SARIF_RESULTS + 1 }, () => mismatch);
    const results = resultsOf(report({ artifacts: [artifact({ findings })] }));
    expect(results).toHaveLength(MAX_SARIF_RESULTS);
    expect(results.at(-1)).toMatchObject({ ruleId: "LIMIT_EXCEEDED", level: "error" });
    expect(results.at(-1)?.message.text).toContain("2 more results are not listed");
  });
});

describe("junitXml", () => {
  it("has a test for each artifact and one for the release", () => {
    const notes = [{ code: "NOT_COVERED", message: "let through", expected: null, actual: null }];
    const one = report({
      artifacts: [
        artifact({ status: "verified", findings: [], platform: "linux/amd64" }),
        artifact(),
        artifact({ name: "tool.sigstore.json", status: "evidence", findings: [] }),
        artifact({ name: "old", status: "exception", findings: notes }),
        artifact({ name: "far", status: "unknown", findings: [{ ...mismatch, code: "ROOTS_STALE" }] }),
      ],
    });
    const elements = readXml(junitXml(one));
    expect(elements[1]).toMatchObject({
      name: "testsuite",
      attributes: { tests: "6", failures: "2", errors: "1", skipped: "2" },
    });
    expect(elements.filter(({ name }) => name === "testcase").map(({ attributes }) => attributes["name"])).toEqual([
      "tool (linux/amd64)",
      "tool",
      "tool.sigstore.json",
      "old",
      "far",
      "the release as a whole",
    ]);
    expect(elements.filter(({ name }) => ["failure", "error", "skipped"].includes(name))).toMatchObject([
      {
        name: "failure",
        attributes: { type: "SUBJECT_MISMATCH", message: "tampered: tool has other bytes" },
        text: "SUBJECT_MISMATCH: tool has other bytes; expected sha256:aa",
      },
      { name: "skipped", attributes: { message: "evidence" } },
      { name: "skipped", attributes: { message: "exception: let through" } },
      { name: "error", attributes: { type: "ROOTS_STALE" } },
      { name: "failure", attributes: { message: "2 of 5 artifacts do not hold" } },
    ]);
  });

  it("has the other refusals of an artifact", () => {
    const listed = [{ ...mismatch, bundle: "a.jsonl:1" }, other];
    const elements = readXml(junitXml(report({ artifacts: [artifact({ refusals: { count: 3, listed } })] })));
    expect(elements.find(({ name }) => name === "failure")?.text.split("\n")).toEqual([
      "SUBJECT_MISMATCH: tool has other bytes; expected sha256:aa",
      "also refused: b.jsonl:2: SIGNER_UNTRUSTED: nobody signed; got x",
      "and 1 more refusal",
    ]);
  });

  it("says what no artifact is to blame for", () => {
    const findings = [{ code: "SUBJECT_ABSENT", message: "tool is missing", expected: "tool", actual: null }];
    const elements = readXml(junitXml(report({ artifacts: [], findings })));
    expect(elements.find(({ name }) => name === "failure")).toMatchObject({
      attributes: { type: "SUBJECT_ABSENT", message: "0 of 0 artifacts do not hold: tool is missing" },
    });
  });

  it("shows what XML cannot hold", () => {
    const name = "a\u0000\u001b[31m\u202e\ud800<&\"']]>\ufffe\n\t\u{1f600}\u{e0001}";
    const [, , testcase] = readXml(junitXml(report({ artifacts: [artifact({ name })] })));
    expect(testcase?.attributes["name"]).toBe(
      [String.raw`a\u0000\u001b[31m\u202e\ud800<&"']]>\ufffe\u000a\u0009`, "\u{1f600}", String.raw`\udb40\udc01`].join(
        "",
      ),
    );
  });
});

describe("any text", () => {
  const text = fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) });
  const finding = fc.record({
    code: fc.constantFrom("SUBJECT_MISMATCH", "NOT_COVERED", "ROOTS_STALE"),
    message: text,
    expected: fc.option(text),
    actual: fc.option(text),
  });
  const anyArtifact = fc.record({
    name: text,
    target: text,
    digest: fc.option(text),
    platform: fc.option(text),
    status: fc.constantFrom(...STATUSES),
    findings: fc.array(finding, { maxLength: 3 }),
  });
  const anyReport = fc
    .record({
      result: fc.constantFrom("verified" as const, "failed" as const, "unknown" as const),
      artifacts: fc.array(anyArtifact.map(artifact), { maxLength: 4 }),
      findings: fc.array(finding, { maxLength: 3 }),
    })
    .map(report);

  it("leaves the SARIF valid", () => {
    fc.assert(
      fc.property(anyReport, (one) => {
        expect(sarifFaults(sarifLog(one, about))).toBeNull();
      }),
    );
  });

  it("leaves the XML well-formed, with every test in it", () => {
    fc.assert(
      fc.property(anyReport, (one) => {
        const elements = readXml(junitXml(one));
        expect(elements.filter(({ name }) => name === "testcase")).toHaveLength(one.artifacts.length + 1);
        const known = ["testsuites", "testsuite", "testcase", "failure", "error", "skipped", "system-out"];
        expect(elements.filter(({ name }) => !known.includes(name))).toEqual([]);
      }),
    );
  });
});
