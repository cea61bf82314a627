import type { ArtifactReport, CheckReport } from "../report.ts";
import { findingText } from "./finding-text.ts";
import { furtherRefusals } from "./further-refusals.ts";
import { OUTCOMES, type Outcome } from "./outcome.ts";
import { xmlText } from "./xml-text.ts";

type Finding = CheckReport["findings"][number];

interface TestCase {
  readonly classname: string;
  readonly name: string;
  readonly outcome: Outcome;
  readonly status: string;
  readonly findings: readonly Finding[];
  /** What else there is to say of why it does not hold. */
  readonly further: readonly string[];
  /** What is worth reading all the same. */
  readonly output: readonly string[];
}

/**
 * The report as JUnit's XML, which CI systems show as tests: a test for each artifact, and the last one for the release as a
 * whole, which also says what no artifact is to blame for. So a test fails, or ends with an error where nobody knows, exactly
 * when the release does not hold. An artifact that was not judged, evidence or one that an exception lets through, is skipped.
 *
 * The form is what Jenkins, GitLab and others read: https://github.com/testmoapp/junitxml
 *
 * @returns well-formed XML 1.0, whatever the artifacts are called.
 */
export function junitXml(report: CheckReport): string {
  const cases = [...report.artifacts.map(artifactCase), releaseCase(report)];
  const count = (outcome: Outcome) => cases.filter((one) => one.outcome === outcome).length;
  const totals = attributes({
    name: "touchmark verify",
    tests: String(cases.length),
    failures: String(count("fails")),
    errors: String(count("unknown")),
    skipped: String(count("set-aside")),
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${totals}>`,
    `  <testsuite${totals}>`,
    ...cases.flatMap(caseLines),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function artifactCase(artifact: ArtifactReport): TestCase {
  const { name, target, platform, digest, status, findings, statements } = artifact;
  return {
    classname: target,
    name: platform === null ? name : `${name} (${platform})`,
    outcome: OUTCOMES[status],
    status,
    findings,
    further: furtherRefusals(artifact),
    output: [
      ...(digest === null ? [] : [digest]),
      ...statements.map(({ bundle, signer, level }) => `${bundle}, by ${signer}${level === null ? "" : `, L${level}`}`),
    ],
  };
}

const RELEASE_OUTCOMES = { verified: "holds", failed: "fails", unknown: "unknown" } as const;

function releaseCase({ result, artifacts, findings }: CheckReport): TestCase {
  const outcome = RELEASE_OUTCOMES[result];
  const bad = artifacts.filter(({ status }) => ["fails", "unknown"].includes(OUTCOMES[status])).length;
  const said = `${bad} of ${artifacts.length} artifacts ${bad === 1 ? "does" : "do"} not hold`;
  return {
    classname: "touchmark verify",
    name: "the release as a whole",
    outcome,
    status: outcome === "holds" ? result : said,
    findings: outcome === "holds" ? [] : findings,
    further: [],
    output: outcome === "holds" ? findings.map(findingText) : [],
  };
}

function caseLines(one: TestCase): readonly string[] {
  const output = one.output.map(xmlText).join("\n");
  const inside = [...outcomeLines(one), ...(output === "" ? [] : [`      <system-out>${output}</system-out>`])];
  const open = `    <testcase${attributes({ classname: one.classname, name: one.name })}`;
  return inside.length === 0 ? [`${open}/>`] : [`${open}>`, ...inside, "    </testcase>"];
}

const ELEMENTS = { fails: "failure", unknown: "error", "set-aside": "skipped" } as const;

function outcomeLines({ outcome, status, findings, further }: TestCase): readonly string[] {
  if (outcome === "holds") return [];
  const [first] = findings;
  const element = ELEMENTS[outcome];
  const message = first === undefined ? status : `${status}: ${first.message}`;
  const type = element === "skipped" ? {} : { type: first?.code ?? status };
  const text = [...findings.map(findingText), ...further].map(xmlText).join("\n");
  return [`      <${element}${attributes({ message, ...type })}>${text}</${element}>`];
}

function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${xmlText(value)}"`)
    .join("");
}
