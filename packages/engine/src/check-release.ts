import { comparableRepository, compareText, type Finding, finding } from "@touchmark/core";
import type { Host } from "@touchmark/plugin";
import {
  type Artifact,
  acceptableAlgorithms,
  compareRelease,
  demandedRelease,
  listRollback,
  needsSource,
  type ReleaseComparison,
  type ReleaseDemand,
  type ReleaseList,
  releaseLists,
  type Status,
  shownSigner,
  type Verdict,
} from "@touchmark/verify";
import { MAX_LISTED_NAMES, MAX_RELEASE_LISTS } from "./check-limits.ts";
import { commonSources } from "./common-sources.ts";
import type { Gathered } from "./gather-evidence.ts";
import type { CheckReport } from "./report.ts";
import type { SeenBefore } from "./seen-before.ts";

/** What lists of the release have to say of what is here. */
export interface ReleaseOutcome {
  readonly report: NonNullable<CheckReport["release"]>;
  /** Why the whole fails; none where nobody demanded a list. */
  readonly failures: readonly Finding[];
  /** About evidence that claims to be a list and is none. */
  readonly findings: readonly Finding[];
  /** The verdict on an artifact, once it must be listed. */
  against(artifact: Artifact, verdict: Verdict): Verdict;
}

/** Whoever excepts an artifact from a policy does not make it part of a release. */
const PASSING: readonly Status[] = ["verified", "exception"];

interface ReleaseOptions {
  readonly anyName: boolean;
  /** On the artifacts. */
  readonly verdicts: readonly Verdict[];
  /** Null where nobody demands a list. */
  readonly release: ReleaseDemand | null;
  readonly seen?: SeenBefore;
}

/**
 * Compares what is here with the trusted lists of the release. Where the user demands one, whatever differs fails; where nobody
 * does, it is only said: whoever takes the list away must not gain by it.
 *
 * @throws TouchmarkError as `demandedRelease`; what the host throws.
 */
export async function checkRelease(
  artifacts: readonly Artifact[],
  gathered: Gathered,
  options: ReleaseOptions,
  host: Host,
): Promise<ReleaseOutcome> {
  const { release: demand, seen, verdicts } = options;
  const read = releaseLists(gathered.evidence);
  let common: ReadonlySet<string> | null = null;
  const isOfAll = (repository: string) => {
    common ??= commonSources(verdicts);
    return common.has(comparableRepository(repository));
  };
  const known = read.lists.map((list) => ({ list, strange: whyStrange(list, isOfAll) }));
  const lists = known.flatMap(({ list, strange }) => (strange === null ? [list] : []));
  const findings = [...read.findings, ...known.flatMap(({ strange }) => strange ?? [])];
  const beside = lists.length === 0 ? [] : await besideTargets(gathered, host);
  const compare = (list: ReleaseList) => compareRelease(list, artifacts, beside, options);
  if (demand === null) {
    const compared: ReleaseComparison[] = [];
    for (const list of lists.slice(0, MAX_RELEASE_LISTS)) compared.push(await compare(list));
    return { report: reportOn(compared, null), failures: [], findings, against: (_artifact, verdict) => verdict };
  }
  const list = demandedRelease(lists, demand);
  if ("code" in list) {
    return { report: reportOn([], demand), failures: [list], findings, against: (_artifact, verdict) => verdict };
  }
  const compared = await compare(list);
  const rollback = seen === undefined ? null : listRollback(list.release, seen.releases);
  return {
    report: reportOn([compared], demand),
    failures: [...(rollback === null ? [] : [rollback]), ...incomplete(compared)],
    findings,
    against(artifact, verdict) {
      const why = compared.unlisted.get(artifact);
      if (why === undefined || !PASSING.includes(verdict.status)) return verdict;
      return { ...verdict, status: "policy", findings: [...verdict.findings, why] };
    },
  };
}

/**
 * Why a list is nobody's word about this release: trust left its source to a policy, whose rules are about artifacts. Then it is
 * of the repository that all that holds here was built from, or could be of any other that some rule names.
 */
function whyStrange({ name, verified }: ReleaseList, isOfAll: (repository: string) => boolean): Finding | null {
  const unset = needsSource(verified);
  if (unset === null) return null;
  const { signer } = verified;
  const own = signer.kind === "identity" ? signer.claims.sourceRepository : null;
  if (own !== null && isOfAll(own)) return null;
  return finding("SOURCE_MISMATCH", `${name} lists a release of another repository than the artifacts`, {
    expected: "the repository that all of them were built from, or trust that says whose list counts",
    actual: own,
  });
}

/** Files of evidence that are no targets, hashed like those that are. */
async function besideTargets({ evidence, beside }: Gathered, host: Host): Promise<readonly Artifact[]> {
  const digests = await host.digest(beside, acceptableAlgorithms(evidence));
  return beside.map(({ name }, index) => ({
    kind: "file",
    name,
    place: "alone",
    digests: digests[index] ?? {},
    identify: null,
    looksLikeEvidence: true,
  }));
}

function incomplete({ list, absent }: ReleaseComparison): readonly Finding[] {
  const of = `${list.release.series} ${list.release.version}`;
  const named = absent.names.map((name) =>
    finding("RELEASE_INCOMPLETE", `${name} belongs to ${of} and is not here`, {
      expected: `${name}, with the bytes that ${list.name} lists`,
      actual: "nothing that matches",
    }),
  );
  const more = absent.count - named.length;
  return more === 0 ? named : [...named, finding("RELEASE_INCOMPLETE", `${more} more of ${of} are not here`)];
}

function reportOn(
  compared: readonly ReleaseComparison[],
  demand: ReleaseDemand | null,
): NonNullable<CheckReport["release"]> {
  return {
    required: demand !== null,
    version: demand?.version ?? null,
    lists: compared.map(({ list, absent, unlisted }) => {
      const names = [...unlisted.keys()].map(({ name }) => name).sort(compareText);
      const { purl, series, version, predecessor } = list.release;
      return {
        bundle: list.name,
        digest: list.digest === undefined ? null : `sha256:${list.digest}`,
        signer: shownSigner(list.verified.signer),
        purl,
        series,
        version,
        predecessor: predecessor === null ? null : { ...predecessor },
        subjects: list.verified.statement.subject.length,
        absent: { count: absent.count, names: [...absent.names] },
        unlisted: { count: names.length, names: names.slice(0, MAX_LISTED_NAMES) },
      };
    }),
  };
}
