import { compareText, type Finding, finding } from "@touchmark/core";
import type { CompiledPolicy } from "@touchmark/policy";
import {
  type Absence,
  type CloudBuildTrust,
  type Denials,
  type IdentityTrust,
  isCloudBuildTrust,
  isIdentityTrust,
  isKeyTrust,
  type Status,
  type SummaryTrust,
  type Trust,
} from "@touchmark/verify";
import { MAX_EVIDENCE_FINDINGS, MAX_LISTED_IGNORED } from "./check-limits.ts";
import type { ReleaseOutcome } from "./check-release.ts";
import type { ArtifactReport, CheckReport } from "./report.ts";
import { CHECK_REPORT } from "./report-uri.ts";
import type { SeenBefore } from "./seen-before.ts";

/** A file or a preset that the user named, and that said something. */
export interface NamedInput {
  readonly label: string;
  /** SHA-256, lowercase hex. */
  readonly digest: string;
}

/** A policy or a trust file. */
export interface RulesInput extends NamedInput {
  /** The key that the user named, and that signed it; absent or null where nobody had to. */
  readonly signed?: SignedRules | null;
}

export interface SignedRules {
  /** SHA-256 of the key (SPKI, DER), lowercase hex. */
  readonly key: string;
  /** From 1 on. */
  readonly revision: number;
}

export interface Findings {
  readonly artifacts: readonly ArtifactReport[];
  readonly absent: Absence;
  /** What lists of the release have to say; null where there is none, and nobody wants one. */
  readonly release: ReleaseOutcome | null;
  readonly ignored: readonly { readonly name: string }[];
  readonly evidenceFindings: readonly Finding[];
  /** Lines that have no say in what holds. */
  readonly skipped: number;
  /** Null where nobody asked for them. */
  readonly dependencies: CheckReport["dependencies"];
}

/** Folds verdicts into the report; what makes the whole fail besides its artifacts is here. */
export function composeReport(
  found: Findings,
  options: {
    readonly trust: readonly Trust[];
    readonly trustFiles?: readonly RulesInput[];
    readonly verifiers?: readonly SummaryTrust[];
    readonly complete: boolean;
    readonly denials?: Denials;
    readonly policy?: CompiledPolicy;
    readonly policySigned?: SignedRules | null;
    readonly seen?: SeenBefore;
  },
): CheckReport {
  const counts = countStatuses(found.artifacts);
  const failures = [
    ...nothing(found.artifacts),
    ...(options.complete ? absences(found.absent) : []),
    ...(found.release?.failures ?? []),
  ];
  return {
    schema: CHECK_REPORT,
    result: failures.length > 0 ? "failed" : resultOf(counts),
    counts,
    absent: { count: found.absent.count, names: [...found.absent.names] },
    release: found.release?.report ?? null,
    ignored: ignored(found.ignored),
    skippedLines: found.skipped,
    artifacts: [...found.artifacts],
    dependencies: found.dependencies,
    wholeFailures: failures.length,
    findings: [...failures, ...bounded(found.evidenceFindings)],
    inputs: {
      policy: policyInput(options.policy, options.policySigned),
      trust: oneOrSeveral((options.trustFiles ?? []).map(rulesInput)),
      ...believed(options.trust),
      roots: rootsOf([...options.trust, ...(options.verifiers ?? []).map(({ signer }) => signer)]),
      verifier: oneOrSeveral((options.verifiers ?? []).map(verifierInput)),
      deny: denied(options.denials),
      state: stateInput(options.seen),
    },
  };
}

type Counts = CheckReport["counts"];

const COUNTED_AS = {
  verified: "verified",
  tampered: "tampered",
  "not-covered": "notCovered",
  untrusted: "untrusted",
  policy: "policy",
  evidence: "evidence",
  exception: "exception",
  unknown: "unknown",
} as const satisfies Record<Status, keyof Counts>;

function countStatuses(artifacts: readonly ArtifactReport[]): Counts {
  const counts: { -readonly [key in keyof Counts]: number } = {
    verified: 0,
    tampered: 0,
    notCovered: 0,
    untrusted: 0,
    policy: 0,
    evidence: 0,
    exception: 0,
    unknown: 0,
  };
  for (const { status } of artifacts) counts[COUNTED_AS[status]] += 1;
  return counts;
}

/** `failed` beside `unknown` is `failed`. */
function resultOf(counts: Counts): CheckReport["result"] {
  if (counts.tampered + counts.notCovered + counts.untrusted + counts.policy > 0) return "failed";
  return counts.unknown > 0 ? "unknown" : "verified";
}

function nothing(artifacts: readonly ArtifactReport[]): readonly Finding[] {
  if (artifacts.some(({ status }) => status !== "evidence")) return [];
  return [
    finding("NOTHING_TO_VERIFY", "there is nothing to verify", {
      expected: "at least one artifact",
      actual:
        artifacts.length === 0
          ? "none"
          : artifacts.length === 1
            ? "1 file of evidence only"
            : `${artifacts.length} files of evidence only`,
    }),
  ];
}

function absences(absent: Absence): readonly Finding[] {
  const named = absent.names.map((name) =>
    finding("SUBJECT_ABSENT", `${name} belongs to the release and is not among the targets`, {
      expected: name,
      actual: "nothing that matches",
    }),
  );
  const more = absent.count - named.length;
  if (more === 0) return named;
  return [...named, finding("SUBJECT_ABSENT", `${more} more subjects are not among the targets`)];
}

function ignored(items: readonly { readonly name: string }[]): CheckReport["ignored"] {
  const names = items.map(({ name }) => name).sort(compareText);
  return { count: names.length, names: names.slice(0, MAX_LISTED_IGNORED) };
}

/** Sorted, so that the order in which evidence was found does not show. */
function bounded(findings: readonly Finding[]): readonly Finding[] {
  const sorted = [...findings].sort(
    (left, right) => compareText(left.message, right.message) || compareText(left.code, right.code),
  );
  const more = sorted.length - MAX_EVIDENCE_FINDINGS;
  if (more <= 0) return sorted;
  return [
    ...sorted.slice(0, MAX_EVIDENCE_FINDINGS),
    finding("BUNDLE_MALFORMED", `${more} more pieces of evidence are malformed or refused`),
  ];
}

function believed(trust: readonly Trust[]): Pick<CheckReport["inputs"], "key" | "identity" | "cloudBuild"> {
  const keys = trust.filter(isKeyTrust).map(namedInput);
  const identities = trust.filter(isIdentityTrust);
  const cloudBuild = trust.find(isCloudBuildTrust);
  return {
    key: oneOrSeveral(keys),
    identity: oneOrSeveral(identities.map(identityInput)),
    cloudBuild: cloudBuild === undefined ? null : cloudBuildInput(cloudBuild),
  };
}

function stateInput(seen: SeenBefore | undefined): CheckReport["inputs"]["state"] {
  if (seen === undefined) return null;
  return { name: seen.name, digest: seen.digest === null ? null : `sha256:${seen.digest}` };
}

function denied(denials: Denials | undefined): CheckReport["inputs"]["deny"] {
  const lists = denials?.lists ?? [];
  return oneOrSeveral(lists.map(namedInput));
}

function policyInput(
  policy: CompiledPolicy | undefined,
  signed: SignedRules | null = null,
): CheckReport["inputs"]["policy"] {
  return policy === undefined ? null : rulesInput({ label: policy.label, digest: policy.digest, signed });
}

function rulesInput({ signed = null, ...input }: RulesInput) {
  if (signed === null) return namedInput(input);
  return { ...namedInput(input), signedBy: `sha256:${signed.key}`, revision: signed.revision };
}

function namedInput({ label, digest }: NamedInput) {
  return { name: label, digest: `sha256:${digest}` };
}

function oneOrSeveral<T>(items: T[]): T | T[] | null {
  return items.length > 1 ? items : (items[0] ?? null);
}

function identityInput(trust: IdentityTrust) {
  const { issuer, identity, source, builderCommits, builderTags, builderIds, fields, standing } = trust;
  return {
    issuer,
    identity: "exact" in identity ? identity.exact : "workflow" in identity ? identity.workflow : null,
    pattern: "pattern" in identity ? identity.text : null,
    source: source?.repository ?? null,
    ref: source?.ref ?? null,
    builderCommits: [...builderCommits],
    builderTags: builderTags?.text ?? null,
    entry: standing?.entry ?? null,
    builderIds: [...builderIds],
    fields: { ...fields },
  };
}

function cloudBuildInput({ label, digest, date, source }: CloudBuildTrust) {
  return { name: label, digest: `sha256:${digest}`, date, ...expectedOf(source) };
}

function expectedOf(source: CloudBuildTrust["source"]): { source: string | null; ref: string | null } {
  switch (source.kind) {
    case "storage":
      return { source: source.uri, ref: null };
    case "repository":
      return { source: source.repository, ref: source.ref };
    case "by-policy":
      return { source: null, ref: null };
  }
}

function verifierInput({ signer, verifierId, resourceUri, levels, rights, period }: SummaryTrust) {
  const said = {
    verifier: verifierId,
    resource: resourceUri,
    levels: [...levels],
    rights: rights === null ? null : { ...rights, levels: [...rights.levels], resources: [...rights.resources] },
    notBefore: period === null ? null : new Date(period.notBefore).toISOString(),
  };
  return isKeyTrust(signer)
    ? { ...said, key: namedInput(signer), identity: null }
    : { ...said, key: null, identity: identityInput(signer) };
}

/** Those of certificates, and those that prove a time for keys which have a window; each once, in the order of trust. */
function rootsOf(trust: readonly (Trust | SummaryTrust["signer"])[]): CheckReport["inputs"]["roots"] {
  const all = trust.map((one) => (isCloudBuildTrust(one) ? null : one.roots)).filter((roots) => roots !== null);
  const distinct = new Map(all.map((roots) => [`${roots.digest} ${roots.label}`, roots]));
  return oneOrSeveral([...distinct.values()].map((roots) => ({ ...namedInput(roots), date: roots.date })));
}
