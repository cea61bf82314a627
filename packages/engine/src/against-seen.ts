import { releaseRollback, type SeenReleases, type Verdict } from "@touchmark/verify";

/** An artifact that holds and belongs to an older release than one that was seen is against what the user asked for. */
export function againstSeen(seen: SeenReleases): (name: string, verdict: Verdict) => Verdict {
  return (name, verdict) => {
    if (verdict.status !== "verified") return verdict;
    const rollback = releaseRollback(name, verdict.statements, seen);
    return rollback === null ? verdict : { status: "policy", statements: verdict.statements, findings: [rollback] };
  };
}
