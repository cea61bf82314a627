import type { CompiledPolicy } from "@touchmark/policy";
import type { ReleaseDemand } from "@touchmark/verify";

/** The list of a release that the caller or the policy demands, with what either says of it; null where neither does. */
export function releaseDemand({
  release,
  policy,
}: {
  readonly release?: ReleaseDemand;
  readonly policy?: CompiledPolicy;
}): ReleaseDemand | null {
  const only = policy?.release?.list ?? null;
  return only === null ? (release ?? null) : { version: release?.version ?? null, only };
}
