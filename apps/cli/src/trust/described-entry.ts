import type { TrustEntry, TrustSigner } from "@touchmark/policy";
import type { TrustReport } from "../reports/trust.ts";

export type DescribedEntry = TrustReport["entries"][number];

/** An entry as reports have it. */
export function describedEntry(entry: TrustEntry): DescribedEntry {
  const { name, place, kind, withoutLog, roots } = entry;
  const builder = entry.kind === "builder" ? entry : null;
  const verifier = entry.kind === "verifier" ? entry : null;
  const builders = builder?.builders ?? [];
  return {
    name,
    place,
    kind,
    signer: shownSigner(entry.signer),
    builders: typeof builders === "string" ? [builders] : [...builders],
    maxLevel: builder?.maxLevel ?? null,
    operator: builder?.operator ?? null,
    runners: builder?.runners ?? null,
    source: builder?.source ?? null,
    from: entry.from?.toISOString() ?? null,
    until: entry.until?.toISOString() ?? null,
    withoutLog,
    roots,
    verifier:
      verifier === null
        ? null
        : {
            id: verifier.verifierId,
            levels: [...verifier.levels],
            resources: [...verifier.resources],
            maxAge: verifier.maxAge === null ? null : shownSpan(verifier.maxAge),
          },
  };
}

/** Whole hours, as a trust file has them: `12h`, or `14d` for `2w`. */
function shownSpan(ms: number): string {
  const hours = ms / 3_600_000;
  return hours % 24 === 0 ? `${hours / 24}d` : `${hours}h`;
}

function shownSigner(signer: TrustSigner): string {
  switch (signer.kind) {
    case "key":
      return `the key ${signer.path}`;
    case "identity":
      return `${signer.identity} (${signer.issuer})`;
    case "pattern":
      return `pattern ${signer.pattern} (${signer.issuer})`;
    case "own-workflow":
      return `any workflow of the source repository (${signer.issuer})`;
    case "cloud-build":
      return "Google Cloud Build";
    case "workflow": {
      const versions = [
        ...(signer.tags === null ? [] : [`tags ${signer.tags.text}`]),
        ...signer.commits.map((commit) => `commit ${commit}`),
      ];
      return `${signer.workflow} at ${versions.join(" or ")} (${signer.issuer})`;
    }
  }
}

/** An entry in lines for people; the first has its name. */
export function entryLines(entry: DescribedEntry): readonly string[] {
  const { maxLevel, verifier } = entry;
  const parts: readonly (readonly [string, string | null])[] = [
    ["signer", entry.signer],
    ["builder", entry.builders.length === 0 ? null : entry.builders.join(" or ")],
    ["verifier", verifier?.id ?? null],
    ["may assert", verifier === null ? null : verifier.levels.join(", ")],
    ["about", verifier === null ? null : verifier.resources.join(", ")],
    ["max age", verifier?.maxAge ?? null],
    ["operator", entry.operator],
    ["runners", entry.runners],
    ["source", entry.source ?? (needsSource(entry) ? "must be said: --source, or a policy" : null)],
    ["from", entry.from],
    ["until", entry.until],
    ["log", entry.withoutLog ? "not needed" : null],
    ["roots", entry.roots],
  ];
  return [
    `${entry.name}${maxLevel === null ? "" : `  up to L${maxLevel}`}  (${entry.place})`,
    ...parts.flatMap(([what, value]) => (value === null ? [] : [`  ${what.padEnd(10)}  ${value}`])),
  ];
}

/** What anybody can have sign for them. */
function needsSource({ kind, signer }: DescribedEntry): boolean {
  return kind === "builder" && /^(?:any workflow|Google Cloud Build)| at (?:tags|commit) /.test(signer);
}
