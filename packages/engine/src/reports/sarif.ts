import { createHash } from "node:crypto";
import { type CheckReport, exitStatusOf } from "../report.ts";
import { wordsOf } from "./finding-text.ts";
import { furtherRefusals } from "./further-refusals.ts";
import { MAX_SARIF_RESULTS } from "./limits.ts";
import { OUTCOMES } from "./outcome.ts";
import { relativeUri } from "./sarif-location.ts";

/** What people read about a code. */
export interface RuleText {
  /** One sentence, without a full stop. */
  readonly title: string;
  readonly meaning: string;
  readonly remedy: string;
}

/** A SARIF log with one run, as `JSON.stringify` takes it. */
export interface SarifLog {
  readonly $schema: string;
  readonly version: "2.1.0";
  readonly runs: readonly [SarifRun];
}

interface SarifRun {
  readonly tool: { readonly driver: SarifDriver };
  readonly invocations: readonly object[];
  readonly columnKind: "utf16CodeUnits";
  readonly results: readonly SarifResult[];
}

interface SarifDriver {
  readonly name: string;
  readonly version: string;
  readonly informationUri: string;
  readonly rules: readonly object[];
}

interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: "error" | "note";
  readonly message: { readonly text: string };
  readonly locations: readonly object[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly properties: Readonly<Record<string, string | null>>;
}

/**
 * The report as SARIF 2.1.0, which code scanning shows: a result for each finding, also those about evidence and about the
 * release as a whole. A result is an `error` exactly where the release does not hold; what an exception lets through, and bad
 * evidence beside good, is a `note`.
 *
 * Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html
 *
 * @param about.textOf - what a rule's help says; null for a code without one.
 */
export function sarifLog(
  report: CheckReport,
  about: { readonly version: string; readonly textOf: (code: string) => RuleText | null },
): SarifLog {
  const rules = new Map<string, number>();
  const repeated = new Map<string, number>();
  const results = bounded(found(report)).map((one): SarifResult => {
    const { code } = one.finding;
    if (!rules.has(code)) rules.set(code, rules.size);
    const identity = JSON.stringify([code, one.uri, one.name, one.platform]);
    const times = repeated.get(identity) ?? 0;
    repeated.set(identity, times + 1);
    return {
      ruleId: code,
      ruleIndex: rules.get(code) ?? 0,
      level: one.level,
      message: { text: plainMessage([wordsOf(one.finding), ...one.further].join("; ")) },
      locations: [
        {
          // Code scanning refuses a whole file for one result that has none.
          physicalLocation: { artifactLocation: { uri: one.uri } },
          ...(one.name === null ? {} : { logicalLocations: [{ fullyQualifiedName: one.name, kind: "artifact" }] }),
        },
      ],
      // Neither the digest nor the words: the same trouble in the next release is the same alert.
      partialFingerprints: { "touchmark/v1": createHash("sha256").update(`${identity}${times}`).digest("hex") },
      properties: { status: one.status, digest: one.digest, platform: one.platform },
    };
  });
  return {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "Touchmark",
            version: about.version,
            informationUri: REPOSITORY,
            rules: [...rules.keys()].map((code) => ruleOf(code, about.textOf(code))),
          },
        },
        invocations: [{ executionSuccessful: true, exitCode: exitStatusOf(report) }],
        columnKind: "utf16CodeUnits",
        results,
      },
    ],
  };
}

const REPOSITORY = "https://github.com/touchmark/touchmark";

interface Found {
  readonly finding: CheckReport["findings"][number];
  /** What else is wrong with the same thing, and has no result of its own. */
  readonly further: readonly string[];
  readonly level: "error" | "note";
  readonly uri: string;
  /** Null for what is about the release. */
  readonly name: string | null;
  readonly status: string;
  readonly digest: string | null;
  readonly platform: string | null;
}

/** The release first, so that it is never what is cut off. */
function found(report: CheckReport): readonly Found[] {
  const level = report.result === "verified" ? "note" : "error";
  const whole = { name: null, uri: ".", status: report.result, digest: null, platform: null, further: [] };
  return [
    ...report.findings.map((finding) => ({ ...whole, finding, level }) as const),
    ...report.artifacts.flatMap((artifact) => {
      const { name, status, digest, platform, findings } = artifact;
      const isBad = OUTCOMES[status] === "fails" || OUTCOMES[status] === "unknown";
      const common = { level: isBad ? "error" : "note", uri: relativeUri(artifact), name, status, digest, platform };
      const further = furtherRefusals(artifact);
      return findings.map((finding, index) => ({ ...common, finding, further: index === 0 ? further : [] }) as Found);
    }),
  ];
}

function bounded(all: readonly Found[]): readonly Found[] {
  if (all.length <= MAX_SARIF_RESULTS) return all;
  const kept = all.slice(0, MAX_SARIF_RESULTS - 1);
  const finding = {
    code: "LIMIT_EXCEEDED",
    message: `${all.length - kept.length} more results are not listed`,
    expected: `at most ${MAX_SARIF_RESULTS}`,
    actual: String(all.length),
  };
  const level = all.some((one) => one.level === "error") ? "error" : "note";
  return [
    ...kept,
    { finding, further: [], level, uri: ".", name: null, status: "failed", digest: null, platform: null },
  ];
}

function ruleOf(code: string, text: RuleText | null): object {
  const page = `${REPOSITORY}/blob/main/docs/errors/${code}.md`;
  if (text === null) return { id: code, helpUri: page };
  return {
    id: code,
    shortDescription: { text: `${text.title}.` },
    fullDescription: { text: text.meaning },
    help: { text: `${text.meaning} Do: ${text.remedy}.`, markdown: `${text.meaning}\n\n**Do:** ${text.remedy}.` },
    helpUri: page,
  };
}

/** A stranger's name must not become a link that somebody clicks (section 3.11.6: embedded links). */
function plainMessage(text: string): string {
  return text.replaceAll("](", "] (");
}
