import type { Finding } from "@touchmark/core";
import type { Artifact, FileArtifact, Verdict } from "./artifact.ts";
import { type Cover, coverOf } from "./cover.ts";
import type { Denials } from "./deny/denials.ts";
import { NOTHING_DENIED } from "./deny/nothing-denied.ts";
import type { Evidence } from "./evidence.ts";
import type { Expectations } from "./expectation.ts";
import { MAX_OPENED_FOR_WORDS } from "./limits.ts";
import type { PackageName } from "./match-name.ts";
import { digestsOf, needsPackageName } from "./match-name.ts";
import { packageNameOf } from "./package-name-of.ts";
import { type Absence, watchPresence } from "./presence.ts";
import { failed } from "./refusal.ts";
import type { RefusalLister } from "./refusals.ts";
import { type SortedEvidence, sortEvidence } from "./sorted-evidence.ts";
import type { TraceBook } from "./trace/trace-book.ts";

export interface JudgeOptions {
  /** Also accept the bytes of a subject under another name. */
  readonly anyName: boolean;
  /** The purl of the package that an artifact must be, as `expectedPackage` takes it; absent: any, or none. */
  readonly package?: string;
  /** What must not be used; the same as evidence was examined with. */
  readonly denials?: Denials;
  /** Notes what is judged of one artifact. Absent: nobody wants to know. */
  readonly trace?: TraceBook;
  /** What is expected of each artifact beside trust; absent: nothing. */
  readonly expectations?: Expectations;
}

export interface Judgement {
  /** In the order of the artifacts. */
  readonly verdicts: readonly Verdict[];
  readonly absent: Absence;
}

/**
 * Says for each artifact what holds. An artifact is verified when one subject of one trusted provenance statement has
 * its name and its digests, nothing denies either, and what is expected is so; all other evidence only words the refusal.
 * So, of the verdicts: taking evidence away never makes one better, adding untrusted evidence never makes one worse, a further
 * denial never makes one better, and no order matters.
 *
 * @param evidence - authenticated; names are unique.
 */
export async function judge(
  artifacts: readonly Artifact[],
  evidence: readonly Evidence[],
  options: JudgeOptions,
): Promise<Judgement> {
  const sayings = sortEvidence(evidence);
  const denials = options.denials ?? NOTHING_DENIED;
  const presence = watchPresence(sayings.stated, options);
  const namesPackages = [sayings.stated, sayings.summaries.named, sayings.other, sayings.refused].some((index) =>
    index.hasPackages(),
  );
  const { anyName, expectations } = options;
  const isPackageExpected = expectations?.namesPackages ?? false;
  const verdicts: Verdict[] = [];
  let opened = 0;
  // Loaded where something does not hold.
  let explain: typeof import("./explain.ts").explain | null = null;
  let lister: RefusalLister | null = null;
  for (const artifact of artifacts) {
    const own = artifact.kind === "file" ? artifact.package : undefined;
    const expectedPackages = [options.package, own].filter((purl) => purl !== undefined);
    const isNamed =
      !anyName &&
      artifact.kind === "file" &&
      (needsPackageName(artifact, sayings.stated) || needsPackageName(artifact, sayings.summaries.named));
    const isMeant = artifact.kind === "file" && (expectedPackages.length > 0 || isPackageExpected);
    const isKnown = isNamed || (isMeant && isStated(artifact, sayings));
    const mayOpen = artifact.kind === "file" && artifact.identify !== null && opened < MAX_OPENED_FOR_WORDS;
    // Nobody trusted knows these bytes; an exception may.
    const isGuess = !isKnown && isPackageExpected && mayOpen;
    const packageName = artifact.kind === "file" && (isKnown || isGuess) ? await packageNameOf(artifact) : null;
    const expectation = expectations?.of(artifact, packageName) ?? null;
    const cover = coverOf(artifact, sayings, denials, { anyName, packageName, expectedPackages, expectation });
    if (coversSomehow(cover)) presence.note(artifact, packageName, anyName || expectation?.anyName === true);
    const verdict = decided(artifact, cover, {
      denied: denials.artifact(artifact),
      exception: expectation?.exception ?? null,
      isEvidence: mayBeSetAside(artifact, sayings),
    });
    if (isGuess && verdict?.status !== "exception") opened += 1;
    const { against } = cover;
    const names = { anyName: anyName || expectation?.anyName === true, packageName, against };
    const refusing = async (one: Verdict, name: PackageName): Promise<Verdict> => {
      lister ??= (await import("./refusals.ts")).refusalLister();
      return { ...one, refusals: lister.of(artifact, one, sayings, name, against) };
    };
    if (verdict !== null) {
      const listed = verdict.status === "policy" ? await refusing(verdict, packageName) : verdict;
      options.trace?.judge(artifact, listed, sayings, names);
      verdicts.push(listed);
      continue;
    }
    const isUseful = artifact.kind === "file" && !isKnown && !isGuess && namesPackages && mayOpen;
    if (isUseful) opened += 1;
    const known = isUseful ? await packageNameOf(artifact) : packageName;
    explain ??= (await import("./explain.ts")).explain;
    const explained = await refusing(explain(artifact, sayings, known), known);
    if (explained.status === "tampered") presence.noteTampered(artifact, known);
    options.trace?.judge(artifact, explained, sayings, { ...names, packageName: known });
    verdicts.push(explained);
  }
  return { verdicts, absent: presence.absence() };
}

/** A subject that is denied or not as expected is there all the same. */
function coversSomehow({ statements, denied, unexpected, otherPackage }: Cover): boolean {
  return statements.length > 0 || denied !== null || unexpected !== null || otherPackage !== null;
}

/**
 * What is known of an artifact without looking for reasons; null where nothing covers it and it is no evidence. A denial of
 * the artifact is above all else. An exception needs no statement, so that a denied one beside it is only shown: who leaves it
 * away must gain nothing.
 */
function decided(
  artifact: Artifact,
  cover: Cover,
  { denied, exception, isEvidence }: { denied: Finding | null; exception: Finding | null; isEvidence: boolean },
): Verdict | null {
  if (denied !== null) return failed("policy", denied);
  if (artifact.kind === "image" && artifact.obstacle !== null) return { ...artifact.obstacle, statements: [] };
  if (exception !== null) {
    const findings = cover.denied === null ? [exception] : [exception, cover.denied];
    return { status: "exception", statements: [], findings };
  }
  const { statements, beside } = cover;
  if (statements.length > 0)
    return { status: "verified", statements, findings: [], ...(beside.length > 0 ? { beside } : {}) };
  if (cover.denied !== null) return failed("policy", cover.denied);
  if (cover.otherPackage !== null) return failed("policy", cover.otherPackage);
  if (isEvidence) return { status: "evidence", statements: [], findings: [] };
  return cover.unexpected === null ? null : { status: "policy", ...cover.unexpected };
}

/** Somebody trusted states a digest of the file: of any other, no package that it may be would hold. */
function isStated(artifact: FileArtifact, { stated, summaries: { named, nameless } }: SortedEvidence): boolean {
  return digestsOf(artifact).some((digest) =>
    [stated, named, nameless].some((index) => index.byDigest(digest).length > 0),
  );
}

/**
 * Evidence needs no statement about itself, unless trusted provenance states a file at this very path: then it is an
 * artifact of the release, and somebody put other bytes in its place. Only the exact path counts: a base name somewhere
 * else would let a stranger's file turn a pass into a fail.
 */
function mayBeSetAside(artifact: Artifact, { stated }: SortedEvidence): boolean {
  return artifact.kind === "file" && artifact.looksLikeEvidence === true && stated.byName(artifact.name).length === 0;
}
