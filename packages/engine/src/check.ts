import { type Finding, finding, showDigest, TouchmarkError } from "@touchmark/core";
import type { Fetcher, Host } from "@touchmark/plugin";
import type { ArtifactRule, CompiledPolicy } from "@touchmark/policy";
import {
  type Absence,
  type Artifact,
  acceptableAlgorithms,
  type Denials,
  judge,
  type LoggedBundles,
  NOTHING_DENIED,
  type NpmKeys,
  type ReleaseDemand,
  type SigningThreads,
  type SummaryTrust,
  type TraceBook,
  type Trust,
  type Verdict,
} from "@touchmark/verify";
import type { LogSearch } from "./ask-log.ts";
import type { AskedExpectations, AskedFor } from "./asked-release.ts";
import type { BroughtTarget, EvidenceSource } from "./brought-target.ts";
import type { ImageItem, Item } from "./check-items.ts";
import type { ReleaseOutcome } from "./check-release.ts";
import { composeReport, type RulesInput, type SignedRules } from "./check-report.ts";
import { expandTargets } from "./check-targets.ts";
import { type Gathered, gatherEvidence } from "./gather-evidence.ts";
import { type Hashing, hashingOf } from "./hash-items.ts";
import { ignoring } from "./ignore-pattern.ts";
import type { NamedImage } from "./named-image.ts";
import type { JudgingByPolicy } from "./policy/judging-by-policy.ts";
import { releaseDemand } from "./policy/release-demand.ts";
import { isArtifact, readArtifacts } from "./read-artifacts.ts";
import type { ArtifactReport, CheckReport } from "./report.ts";
import type { SeenBefore } from "./seen-before.ts";

export interface CheckOptions {
  /** Files, folders, digests (`sha256:…`), images (`oci://…`, `oci-layout:PATH`) and trees (`nix:PATH`). */
  readonly targets: readonly string[];
  /** Those of the targets that were brought from elsewhere, by their text. */
  readonly brought?: ReadonlyMap<string, BroughtTarget>;
  /** What image layouts among the targets are said to hold, by their text; absent: nobody says it of any. */
  readonly images?: ReadonlyMap<string, NamedImage>;
  /** Evidence that the user named, and nothing else is used; null to look for it. */
  readonly bundles: readonly string[] | null;
  /** Evidence that is used as well, whether others are named or looked for. */
  readonly evidence?: readonly EvidenceSource[];
  /** Whom the user believes; never taken from a target. */
  readonly trust: readonly Trust[];
  /** Trust files and presets that say so, for the report. */
  readonly trustFiles?: readonly RulesInput[];
  /** Whose verification summaries are accepted instead of provenance; never taken from a target. */
  readonly verifiers?: readonly SummaryTrust[];
  /** What must not be used, whoever signed it; never taken from a target. */
  readonly denials?: Denials;
  /** What is expected of each artifact beside trust; never taken from a target. Absent: nothing. */
  readonly policy?: CompiledPolicy;
  /** Who signed the policy; absent or null where nobody had to. */
  readonly policySigned?: SignedRules | null;
  /** Log entries for envelopes that came without theirs (`openRekorEntries`). */
  readonly entries?: LoggedBundles;
  /** Whom to ask for what is missing of these (`logSearch`). Absent: nobody is asked. */
  readonly logs?: LogSearch;
  /** Reads the keys of npm's registry; asked only where there is a document of it. Absent: no such document counts. */
  readonly npmKeys?: () => Promise<NpmKeys>;
  /** Also fail when a subject of trusted provenance is matched by no target. */
  readonly complete: boolean;
  /**
   * Fail unless somebody trusted lists the release, and what is here is exactly that. Absent: lists decide nothing, unless the
   * policy demands one.
   */
  readonly release?: ReleaseDemand;
  /** Also accept the bytes of a subject under another name. */
  readonly anyName: boolean;
  /** The purl of the package that every artifact must be; absent: any, or none. */
  readonly package?: string;
  /** Also judge each real platform of an image. */
  readonly recursive: boolean;
  /** Places that are asked for evidence about images in registries; none to ask nobody. */
  readonly fetchers: readonly Fetcher[];
  /** Starts threads that verify signatures; called once, where there are many. Absent: this thread does it all. */
  readonly threads?: () => Promise<SigningThreads>;
  /** How many steps dependencies are followed, by what provenance says; absent: nobody looks at them. */
  readonly deps?: number;
  /** Patterns of files that are not judged (`ignoring`). */
  readonly ignore: readonly string[];
  /** Notes what is checked, for `explanationOf`; verifying in threads notes nothing, so that they are not used then. */
  readonly trace?: TraceBook;
  /** What was verified before: an older release of the same series does not hold. Absent: nobody remembers anything. */
  readonly seen?: SeenBefore;
}

/**
 * Verifies artifacts: finds the evidence, authenticates it, hashes the files and says for each what holds.
 *
 * @returns a report also when something does not hold; whatever is wrong with artifacts or evidence is in it.
 * @param host - its network is used for registries that targets name, and for nothing else.
 * @throws TouchmarkError `TRUST_UNSET` when nobody is trusted, before anything is read; `TARGET_MISSING` for a target or
 * named evidence that is not there; `INPUT_INVALID` for a target that is a malformed digest or image; `TAG_UNPINNED`; what
 * the host throws; `SOURCE_UNSET` where the trusted workflow signed for another repository than its own, and `BUILDER_UNSET`
 * where it signed for another builder, and nobody said for which; `RELEASE_AMBIGUOUS`; `USAGE` for a policy that compares with
 * what was seen before, without that.
 */
export async function check(options: CheckOptions, host: Host): Promise<CheckReport> {
  requireTrust(options);
  const judging = await judgingOf(options);
  const isIgnored = ignoring(options.ignore);
  const { targets, recursive, brought = new Map(), images = new Map() } = options;
  const platforms = judging === null ? {} : { platformsOf: judging.platformsOf };
  const all = await expandTargets(targets, { recursive, ...platforms, brought, images }, host);
  const ignored = all.filter((item) => isOnPath(item) && isIgnored(item.name));
  const items = all.filter((item) => !isOnPath(item) || !isIgnored(item.name));
  const hashing = hashingOf(items, host);
  const { deps = null, policy } = options;
  const release = releaseDemand(options);
  const gathering = {
    ...options,
    // A line that is about no target may still list the release, or be what a dependency was built from.
    complete: options.complete || release !== null || deps !== null,
    wholeStatements: policy?.wholeStatements === true || deps !== null,
    algorithms: policy?.algorithms ?? [],
    ...(policy === undefined ? {} : { sourcesByPolicy: policy.expectsSource.bind(policy) }),
  };
  const gathered = await gatherEvidence(gathering, items, hashing, host);
  const judged = await judgeItems({ ...options, release }, judging, items, gathered, hashing, host);
  requireSaid(judged.artifacts);
  const { artifacts, dependencies } =
    deps === null
      ? { ...judged, dependencies: null }
      : await (await import("./dependencies/with-dependencies.ts")).withDependencies(judged.artifacts, gathered, {
          depth: deps,
          denials: options.denials ?? NOTHING_DENIED,
        });
  return composeReport({ ...judged, artifacts, dependencies, ignored, skipped: gathered.skipped }, options);
}

/**
 * A builder that signs for every repository, or for every builder, was trusted, and nobody said which is meant: no verdict can
 * be given.
 * Only where an artifact does not hold anyway, so that a stranger's evidence beside a good one changes nothing.
 */
function requireSaid(artifacts: readonly ArtifactReport[]): void {
  for (const { findings } of artifacts) {
    for (const found of findings) {
      const code = UNSAID.find((one) => one === found.code);
      if (code !== undefined) throw new TouchmarkError(code, found.message, found);
    }
  }
}

const UNSAID = ["BUILDER_UNSET", "SOURCE_UNSET"] as const;

/** With the list that the caller or the policy demands. */
type DemandingOptions = Omit<CheckOptions, "release"> & { readonly release: ReleaseDemand | null };

/** Only files can be left out: digests, images and trees were each named by the user. */
function isOnPath(item: Item): boolean {
  return item.kind === "file" || (item.kind === "refused" && item.onPath);
}

function requireTrust({ trust, verifiers = [] }: CheckOptions): void {
  if (trust.length + verifiers.length > 0) return;
  throw new TouchmarkError("TRUST_UNSET", "nobody said who may sign these artifacts", {
    expected: "a public key that you trust (--key PUB), or an identity (--signer-identity, --signer-issuer)",
    actual: "none",
  });
}

/** Loaded for those who have a policy. */
async function judgingOf({ policy, seen }: CheckOptions): Promise<JudgingByPolicy | null> {
  if (policy === undefined) return null;
  return (await import("./policy/judging-by-policy.ts")).judgingByPolicy(policy, { remembers: seen !== undefined });
}

async function judgeItems(
  options: DemandingOptions,
  judging: JudgingByPolicy | null,
  items: readonly Item[],
  gathered: Gathered,
  hashing: Hashing,
  host: Host,
): Promise<{
  readonly release: ReleaseOutcome | null;
  readonly artifacts: readonly ArtifactReport[];
  readonly absent: Absence;
  readonly evidenceFindings: readonly Finding[];
}> {
  const algorithms = acceptableAlgorithms(gathered.evidence, options.denials, options.policy?.algorithms);
  const read = await readArtifacts(items, gathered, algorithms, hashing);
  const judgeable = [...read.values()].filter(isArtifact);
  const asked = await askedOf(read, judging);
  const expectations = asked ?? judging;
  const judgement = await judge(judgeable, gathered.evidence, {
    ...options,
    ...(expectations === null ? {} : { expectations }),
  });
  const release = await releaseOf(options, judgeable, judgement.verdicts, gathered, host);
  const verdicts = new Map(judgeable.map((artifact, index) => [artifact, judgement.verdicts[index]]));
  const { seen } = options;
  const againstSeen = seen === undefined ? null : (await import("./against-seen.ts")).againstSeen(seen.releases);
  const reports: ArtifactReport[] = [];
  const unsaid: Finding[] = [];
  const holding: Artifact[] = [];
  for (const [item, one] of read) {
    const judged = isArtifact(one) ? verdicts.get(one) : one;
    if (judged === undefined) throw new TouchmarkError("INTERNAL", `${item.name} was not judged`);
    const rule = isArtifact(one) ? (judging?.ruleOf(one) ?? null) : null;
    const current = againstSeen?.(item.name, judged) ?? judged;
    const allowed = rule === null || judging === null ? current : judging.inTheEnd(item.name, current, rule);
    const verdict = release !== null && isArtifact(one) ? release.against(one, allowed) : allowed;
    // Nobody asked what stands beside a statement whose tag alone was compared.
    reports.push(reportOn(item, one, judging === null ? { ...verdict, beside: [] } : verdict, rule));
    if (isArtifact(one) && verdict.status === "verified") holding.push(one);
    // What is missing says nothing against an image that holds all the same, and must not be kept from whoever reads.
    unsaid.push(...(gathered.gaps.get(item) ?? []).filter((gap) => !verdict.findings.includes(gap)));
    if (marksLayout(item) && verdict.status !== "verified") unsaid.push(isLayout(item.target));
    if (marksKit(item) && verdict.status !== "verified") unsaid.push(isKit(item.target));
  }
  if (reports.some(({ status }) => status !== "verified" && status !== "evidence")) unsaid.push(...gathered.notes);
  return {
    artifacts: reports,
    absent: judgement.absent,
    release,
    evidenceFindings: [
      ...gathered.findings,
      ...(release?.findings ?? []),
      ...unsaid,
      ...(asked?.unproven(holding) ?? []),
    ],
  };
}

/** Null where no target is a release that was asked for by its tag. */
async function askedOf(
  read: ReadonlyMap<Item, Artifact | Verdict>,
  judging: JudgingByPolicy | null,
): Promise<AskedExpectations | null> {
  const asked = new Map<Artifact, AskedFor>();
  for (const [item, one] of read) {
    const release = item.kind === "file" ? (item.brought?.release ?? null) : null;
    if (release !== null && isArtifact(one)) asked.set(one, { target: item.target, release });
  }
  if (asked.size === 0) return null;
  return (await import("./asked-release.ts")).expectingReleases(asked, judging);
}

/** Null where nobody lists the release, and nobody wants it listed. */
async function releaseOf(
  options: DemandingOptions,
  artifacts: readonly Artifact[],
  verdicts: readonly Verdict[],
  gathered: Gathered,
  host: Host,
): Promise<ReleaseOutcome | null> {
  const isListed = gathered.evidence.some((item) => item.kind === "trusted" && item.list !== null);
  if (!isListed && options.release === null) return null;
  const { checkRelease } = await import("./check-release.ts");
  return checkRelease(artifacts, gathered, { ...options, verdicts }, host);
}

/**
 * A folder does not become an image because of what lies in it: whoever can write there could then hide files from the
 * verdict. So it is only said how to ask for the image.
 */
function marksLayout(item: Item): boolean {
  return item.kind === "file" && item.place === "folder" && item.name === "oci-layout";
}

function isLayout(target: string): Finding {
  return finding("NOT_COVERED", `${target} holds an image layout, and was judged as a folder of files`, {
    expected: `oci-layout:${target}`,
    actual: target,
  });
}

/** The same of a kit. */
function marksKit(item: Item): boolean {
  return item.kind === "file" && item.place === "folder" && item.brought === undefined && item.name === "MANIFEST.json";
}

function isKit(target: string): Finding {
  return finding("NOT_COVERED", `${target} was judged as a folder of files; it may be a kit of touchmark fetch`, {
    expected: `kit:${target}`,
    actual: target,
  });
}

function reportOn(
  item: Item,
  artifact: Artifact | Verdict,
  verdict: Verdict,
  rule: ArtifactRule | null,
): ArtifactReport {
  return {
    name: item.name,
    target: item.target,
    digest: digestOf(item, artifact),
    platform: item.kind === "image" ? item.platform : null,
    repository: item.kind === "image" ? knownRepository(item, verdict) : null,
    status: verdict.status,
    rule: verdict.status === "evidence" ? null : (rule?.place ?? null),
    statements: [...verdict.statements],
    findings: [...verdict.findings],
    refusals: { count: verdict.refusals?.count ?? 0, listed: [...(verdict.refusals?.listed ?? [])] },
    beside: [...(verdict.beside ?? [])],
    dependencies: null,
  };
}

/** What a list claims is known once a statement says it that is believed. */
function knownRepository({ repository, isClaimed }: ImageItem, { status }: Verdict): string | null {
  return isClaimed && status !== "verified" ? null : repository;
}

/** Of an image, the one that was asked for, though others were computed too. */
function digestOf(item: Item, artifact: Artifact | Verdict): string | null {
  switch (item.kind) {
    case "digest":
      return `${item.algorithm}:${item.hex}`;
    case "image":
    case "evidence":
      return item.digest;
    case "file":
    case "tree":
      return "digests" in artifact ? showDigest(artifact.digests) : null;
    case "refused":
      return null;
  }
}
