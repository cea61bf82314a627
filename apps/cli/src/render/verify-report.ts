import type { ArtifactReport, CheckReport } from "@touchmark/engine";
import { shortDigest } from "./attest-summary.ts";
import { column, type Pad } from "./column.ts";
import { counted } from "./counted.ts";
import { failingAmong } from "./failing.ts";
import { shellWord } from "./shell-word.ts";
import { someOf } from "./some-of.ts";
import { safe, type Terminal } from "./terminal.ts";

/** How many artifacts that hold are listed before the rest is counted. */
const VERIFIED_SHOWN = 12;
/** How many artifacts that do not hold are listed; a folder of a stranger can hold any number of them. */
const FAILING_SHOWN = 50;

/** The verdict for a person: one line that can be forwarded, what does not hold and why, then what holds. */
export function reportLines(report: CheckReport, terminal: Terminal, all: boolean): readonly string[] {
  const failing = failingAmong(report.artifacts);
  const excepted = report.artifacts.filter((one) => one.status === "exception");
  const holding = report.artifacts.filter((one) => one.status === "verified");
  const evidence = report.artifacts.filter((one) => one.status === "evidence").length;
  return [
    headline(report, failing.length, terminal),
    ...failingLines(failing, terminal, all, report.explanation?.artifact ?? null),
    ...exceptionLines(excepted, terminal),
    ...report.findings.flatMap(wholeLines),
    ...(failing.length === 0 || all ? holdingLines(holding, terminal, all) : [`  ${holding.length} verified`]),
    ...(evidence === 0 ? [] : [`  evidence      ${counted(evidence, "file")}`]),
    ...originLines(holding),
    ...publishedLines(holding),
    ...dependencyLines(report),
    ...absentLines(report),
    ...several(report.inputs.policy).map(
      (one) => `  policy        ${safe(one.name)}  ${shortDigest(one.digest)}${shownRevision(one)}`,
    ),
    ...ignoredLines(report),
    ...skippedLines(report),
    ...several(report.inputs.trust).map(
      (one) => `  trust         ${safe(one.name)}  ${shortDigest(one.digest)}${shownRevision(one)}`,
    ),
    ...keyLines(report),
    ...identityLines(report),
    ...cloudBuildLines(report),
    ...several(report.inputs.deny).map((one) => `  deny list     ${safe(one.name)}  ${shortDigest(one.digest)}`),
    ...stateLines(report),
  ];
}

function shownRevision({ revision }: { readonly revision?: number | undefined }): string {
  return revision === undefined ? "" : `  revision ${revision}`;
}

function headline({ result, counts }: CheckReport, failing: number, terminal: Terminal): string {
  const { verified, exception } = counts;
  const total = failing + verified + exception;
  switch (result) {
    case "verified":
      if (verified === 0)
        return `${terminal.paint("yellow", "EXCEPTION")}  nothing was verified; the policy lets ${counted(exception, "artifact")} through`;
      return `${terminal.paint("green", "VERIFIED")}  ${verified} of ${counted(total, "artifact")}${exception === 0 ? "" : `, and ${exception} by exception`}`;
    case "failed":
      return `${terminal.paint("red", "FAILED")}  ${failing === 0 ? "the release does not hold" : `${failing} of ${counted(total, "artifact")} ${failing === 1 ? "does" : "do"} not hold`}. Do not use this release.`;
    case "unknown":
      return `${terminal.paint("yellow", "UNKNOWN")}  it cannot be said whether this release holds`;
  }
}

const STATUS_WORDS = {
  verified: "verified",
  tampered: "TAMPERED",
  "not-covered": "NOT COVERED",
  untrusted: "UNTRUSTED",
  policy: "POLICY",
  evidence: "evidence",
  exception: "EXCEPTION",
  unknown: "UNKNOWN",
} as const;

/** @param explained - the artifact of which a walk through the evidence follows, and says it all. */
function failingLines(
  failing: readonly ArtifactReport[],
  terminal: Terminal,
  all: boolean,
  explained: string | null,
): readonly string[] {
  const shown = all ? failing : failing.slice(0, FAILING_SHOWN);
  const pad = column(shown.map(shownName));
  return [
    ...shown.flatMap((one) => failureLines(one, pad, terminal, one.name === explained)),
    ...(failing.length > shown.length
      ? [`  and ${failing.length - shown.length} more that do not hold (--all lists them)`]
      : []),
  ];
}

function failureLines(artifact: ArtifactReport, pad: Pad, terminal: Terminal, explained: boolean): readonly string[] {
  const { count } = artifact.refusals;
  return [
    `  ${pad(shownName(artifact))}  ${terminal.paint(artifact.status === "unknown" ? "yellow" : "red", STATUS_WORDS[artifact.status])}  ${shortDigest(artifact.digest)}`,
    ...artifact.findings.flatMap((finding) => findingLines(finding, "      ")),
    ...(count < 2 || explained
      ? []
      : [
          `      ${count} refusals in all: verify --explain ${safe(shellWord(artifact.name))} has each with its own words`,
        ]),
    ...(artifact.rule === null || artifact.status !== "policy" ? [] : [`        rule      ${safe(artifact.rule)}`]),
  ];
}

/** All of them, whatever else is shown: nobody looked at what they let through. */
function exceptionLines(excepted: readonly ArtifactReport[], terminal: Terminal): readonly string[] {
  const pad = column(excepted.map(shownName));
  return excepted.flatMap((one) => [
    `  ${pad(shownName(one))}  ${terminal.paint("yellow", STATUS_WORDS[one.status])}  ${shortDigest(one.digest)}`,
    ...one.findings.map(
      ({ message, expected }) => `      ${safe(message)}${expected === null ? "" : ` (${safe(expected)})`}`,
    ),
  ]);
}

type Finding = CheckReport["findings"][number];

/** A finding about evidence or the whole: in one line where its message says already what was expected. */
function wholeLines(finding: Finding): readonly string[] {
  const { code, message, expected, actual } = finding;
  if (expected !== null && !message.includes(expected)) return findingLines(finding, "  ");
  return [`  ${code}  ${safe(message)}${actual === null ? "" : ` (${safe(actual)})`}`];
}

function findingLines({ code, message, expected, actual }: Finding, indent: string): readonly string[] {
  return [
    `${indent}${code}  ${safe(message)}`,
    ...(expected === null ? [] : [`${indent}  expected  ${safe(expected)}`]),
    ...(actual === null ? [] : [`${indent}  got       ${safe(actual)}`]),
  ];
}

function holdingLines(holding: readonly ArtifactReport[], terminal: Terminal, all: boolean): readonly string[] {
  const shown = all ? holding : holding.slice(0, VERIFIED_SHOWN);
  const pad = column(shown.map(shownName));
  return [
    ...shown.map((one) => {
      const level = one.statements[0]?.level ?? null;
      return `  ${pad(shownName(one))}  ${terminal.paint("green", "verified")}  ${shortDigest(one.digest)}${level === null ? "" : `  L${level}`}`;
    }),
    ...(holding.length > shown.length ? [`  and ${holding.length - shown.length} more (--all lists them)`] : []),
  ];
}

/** An image without its digest, which has a column of its own, and with its platform. */
function shownName({ name, digest, platform }: ArtifactReport): string {
  const plain = digest !== null && name.endsWith(`@${digest}`) ? name.slice(0, -digest.length - 1) : name;
  return platform === null ? plain : `${plain} (${platform})`;
}

/** Where the artifacts that hold came from, as their verified statements say; one line each when all agree. */
function originLines(holding: readonly ArtifactReport[]): readonly string[] {
  const statements = holding.flatMap((one) => one.statements);
  const distinct = (values: readonly (string | null)[]) => [...new Set(values.filter((value) => value !== null))];
  const sources = distinct(
    statements.map(
      ({ source, ref, commit }) => [source, ref, commit].filter((part) => part !== null).join(" ") || null,
    ),
  );
  const summaries = distinct(
    statements.map(({ summary }) =>
      summary === null
        ? null
        : `${summary.verifier}, as ${summary.resource}: ${summary.levels.join(", ") || "no level"}${summary.timeVerified === null ? "" : `, ${summary.timeVerified}`}`,
    ),
  );
  const builders = distinct(statements.map((statement) => statement.builder));
  const levels = distinct(
    statements.map(({ level, entry }) =>
      level === null || entry === null ? null : `Build L${level} because ${entry}`,
    ),
  );
  return [
    ...(sources.length === 0 ? [] : [`  built from    ${sources.slice(0, 3).map(safe).join("; ")}`]),
    ...(builders.length === 0 ? [] : [`  built by      ${builders.slice(0, 3).map(safe).join("; ")}`]),
    ...(levels.length === 0 ? [] : [`  level         ${levels.slice(0, 3).map(safe).join("; ")}`]),
    ...(summaries.length === 0 ? [] : [`  verified by   ${summaries.slice(0, 3).map(safe).join("; ")}`]),
  ];
}

/** Registries that vouch for packages, each with the key that it did so with. */
function publishedLines(holding: readonly ArtifactReport[]): readonly string[] {
  const words = new Map<string, number>();
  for (const { statements } of holding) {
    const [published] = statements.flatMap((statement) => (statement.published === null ? [] : [statement.published]));
    if (published === undefined) continue;
    const word = `${published.registry}  key ${published.keyId}`;
    words.set(word, (words.get(word) ?? 0) + 1);
  }
  return [...words].map(([word, times]) => {
    return `  published by  ${safe(word)}${times === holding.length ? "" : ` (${counted(times, "artifact")})`}`;
  });
}

/** All dependencies of all artifacts, by level, the lowest first: these are what to look at. */
function dependencyLines({ dependencies }: CheckReport): readonly string[] {
  if (dependencies === null) return [];
  const counts = new Map<string, number>();
  for (const level of dependencies.flatMap(({ levels }) => levels)) counts.set(level, (counts.get(level) ?? 0) + 1);
  const sorted = [...counts].sort(([left], [right]) => (left < right ? -1 : 1));
  const levels = sorted.map(([level, times]) => `${times} ${level}`).join(", ");
  return [`  built with    ${dependencies.length}${levels === "" ? "" : `: ${levels}`}`];
}

function absentLines(report: CheckReport): readonly string[] {
  const { count, names } = report.absent;
  if (count === 0 || report.findings.some((finding) => finding.code === "SUBJECT_ABSENT")) return []; // said above
  return [
    `  not here      ${counted(count, "other subject")} of this release ${count === 1 ? "was" : "were"} not checked: ${someOf(names, count)} (--complete wants them all)`,
  ];
}

function ignoredLines(report: CheckReport): readonly string[] {
  const { count, names } = report.ignored;
  if (count === 0) return [];
  return [
    `  ignored       ${counted(count, "file")}, as --ignore says, of which nothing is said here: ${someOf(names, count)}`,
  ];
}

/** Where all holds, nobody needs to know what else the evidence is about. */
function skippedLines({ result, skippedLines: count }: CheckReport): readonly string[] {
  if (count === 0 || result === "verified") return [];
  const what = count === 1 ? "1 line of evidence is" : `${count} lines of evidence are`;
  return [`  skipped       ${what} about none of these, by digest or by name`];
}

function keyLines(report: CheckReport): readonly string[] {
  return several(report.inputs.key).map((one) => `  trusted key   ${safe(one.name)}  ${shortDigest(one.digest)}`);
}

function several<T extends object>(input: T | readonly T[] | null): readonly T[] {
  if (input === null) return [];
  return Array.isArray(input) ? (input as readonly T[]) : [input as T];
}

/** What all have in common once, and the names of each. */
function identityLines({ inputs: { identity, roots } }: CheckReport): readonly string[] {
  // Those of trust files are said by the names of the files.
  const identities = several(identity).filter(({ entry }) => entry === null);
  const [first] = identities;
  const rootsLines = several(roots).map(
    ({ name, digest, date }) => `  roots         ${safe(name)}  ${shortDigest(digest)}  of ${date.slice(0, 10)}`,
  );
  if (first === undefined) return rootsLines;
  const source =
    first.source === null ? "" : `, built from ${first.source}${first.ref === null ? "" : `@${first.ref}`}`;
  const demands = [
    ...Object.entries(first.fields).map(([name, value]) => `${name} ${value}`),
    ...(first.builderCommits.length === 0
      ? []
      : [`workflow at ${someOf(first.builderCommits, first.builderCommits.length)}`]),
    ...(first.builderIds.length === 0 ? [] : [`builder ${someOf(first.builderIds, first.builderIds.length)}`]),
  ];
  return [
    ...identities.map((one) => `  trusted       ${safe(one.identity ?? `pattern ${one.pattern}`)}${safe(source)}`),
    ...(demands.length === 0 ? [] : [`  demanded      ${safe(demands.join(", "))}`]),
    `  vouched by    ${safe(first.issuer)}`,
    ...rootsLines,
  ];
}

function cloudBuildLines({ inputs: { cloudBuild }, artifacts }: CheckReport): readonly string[] {
  if (cloudBuild === null) return [];
  const { name, digest, date, source, ref } = cloudBuild;
  const prefix = "cloud-build:";
  const signers = artifacts.flatMap(({ statements }) => statements.map(({ signer }) => signer));
  const keys = [...new Set(signers.filter((one) => one.startsWith(prefix)).map((one) => one.slice(prefix.length)))];
  return [
    `  trusted       Google Cloud Build${source === null ? "" : `, built from ${safe(source)}`}${ref === null ? "" : `@${safe(ref)}`}`,
    ...keys.map((key) => `  signed by     Google Cloud Build, key ${safe(key)}`),
    `  its keys      ${safe(name)}  ${shortDigest(digest)}${date === null ? "" : `  of ${date}`}`,
  ];
}

function stateLines({ inputs: { state } }: CheckReport): readonly string[] {
  if (state === null) return [];
  return [`  seen before   ${safe(state.name)}  ${state.digest === null ? "new" : shortDigest(state.digest)}`];
}
