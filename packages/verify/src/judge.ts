import type { Artifact, FileArtifact, Verdict } from "./artifact.ts";
import { coverOf } from "./cover.ts";
import { type Denials, NOTHING_DENIED } from "./deny/denials.ts";
import type { Evidence } from "./evidence.ts";
import { explain } from "./explain.ts";
import { MAX_OPENED_FOR_WORDS } from "./limits.ts";
import { digestsOf, needsPackageName } from "./match-name.ts";
import { packageNameOf } from "./package-name-of.ts";
import { type Absence, watchPresence } from "./presence.ts";
import { failed } from "./refusal.ts";
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
}

export interface Judgement {
  /** In the order of the artifacts. */
  readonly verdicts: readonly Verdict[];
  readonly absent: Absence;
}

/**
 * Says for each artifact what holds. An artifact is verified when one subject of one trusted provenance statement has
 * its name and its digests, and nothing denies either; all other evidence only words the refusal. So, of the verdicts:
 * taking evidence away never makes one better, adding untrusted evidence never makes one worse, a further denial never
 * makes one better, and no order matters.
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
  const { anyName, package: expectedPackage = null } = options;
  const verdicts: Verdict[] = [];
  let opened = 0;
  for (const artifact of artifacts) {
    const isNamed =
      !anyName &&
      artifact.kind === "file" &&
      (needsPackageName(artifact, sayings.stated) || needsPackageName(artifact, sayings.summaries.named));
    const asked = artifact.kind === "file" && (isNamed || (expectedPackage !== null && isStated(artifact, sayings)));
    const packageName = asked ? await packageNameOf(artifact) : null;
    const cover = coverOf(artifact, sayings, denials, { anyName, packageName, expectedPackage });
    if (cover.statements.length > 0 || cover.denied !== null || cover.otherPackage !== null)
      presence.note(artifact, packageName);
    let knownName = packageName;
    const denied = denials.artifact(artifact);
    if (denied !== null) {
      verdicts.push(failed("policy", denied));
    } else if (artifact.kind === "image" && artifact.obstacle !== null) {
      verdicts.push({ ...artifact.obstacle, statements: [] });
    } else if (cover.statements.length > 0) {
      verdicts.push({ status: "verified", statements: cover.statements, findings: [] });
    } else if (cover.denied !== null) {
      verdicts.push(failed("policy", cover.denied));
    } else if (cover.otherPackage !== null) {
      verdicts.push(failed("policy", cover.otherPackage));
    } else if (mayBeSetAside(artifact, sayings)) {
      verdicts.push({ status: "evidence", statements: [], findings: [] });
    } else {
      const isUseful =
        !asked &&
        namesPackages &&
        artifact.kind === "file" &&
        artifact.identify !== null &&
        opened < MAX_OPENED_FOR_WORDS;
      if (isUseful) opened += 1;
      if (isUseful) knownName = await packageNameOf(artifact);
      const verdict = explain(artifact, sayings, knownName);
      if (verdict.status === "tampered") presence.noteTampered(artifact, knownName);
      verdicts.push(verdict);
    }
    const [judged] = verdicts.slice(-1);
    if (judged !== undefined) options.trace?.judge(artifact, judged, sayings, { anyName, packageName: knownName });
  }
  return { verdicts, absent: presence.absence() };
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
