import { type Finding, finding } from "@touchmark/core";
import { isOver } from "./document/day.ts";
import { listed } from "./document/fields.ts";
import type { ExceptionEntry } from "./document/policy-file.ts";
import type { ArtifactFacts } from "./facts.ts";
import { matchesGlob, readGlob } from "./glob.ts";

/** What a policy's exceptions say of an artifact. */
export interface ExceptionOf {
  /** The one that lets it through; null for none. */
  readonly applies: Finding | null;
  /** Those that would have, until their day. */
  readonly expired: readonly Finding[];
}

/**
 * Finds exceptions by digest: one is about exactly the bytes that it names, and a name alone lets nothing through.
 *
 * @param now - milliseconds since 1970.
 */
export function exceptionFinder(
  entries: readonly ExceptionEntry[],
  now: number,
): (artifact: ArtifactFacts) => ExceptionOf {
  const byDigest = new Map<string, ExceptionEntry[]>();
  for (const entry of entries) {
    const same = byDigest.get(entry.digest);
    if (same === undefined) byDigest.set(entry.digest, [entry]);
    else same.push(entry);
  }
  return ({ digests, names }) => {
    const about = digests
      .flatMap((digest) => byDigest.get(digest) ?? [])
      .filter(({ match }) => listed(match).some((text) => matchesAny(text, names)));
    const isExpired = ({ until }: ExceptionEntry) => isOver(until, now);
    const current = about.find((entry) => !isExpired(entry));
    return {
      applies: current === undefined ? null : shownException(current, "EXCEPTION_APPLIES", "let through"),
      expired: about
        .filter(isExpired)
        .map((entry) => shownException(entry, "EXCEPTION_EXPIRED", "no longer let through")),
    };
  };
}

function matchesAny(pattern: string, names: readonly string[]): boolean {
  const glob = readGlob(pattern);
  return typeof glob !== "string" && names.some((name) => matchesGlob(glob, name));
}

function shownException(entry: ExceptionEntry, code: "EXCEPTION_APPLIES" | "EXCEPTION_EXPIRED", what: string): Finding {
  return finding(code, `${what}, as ${entry.by} decided: ${entry.reason}`, {
    expected: `until ${entry.until}`,
    actual: entry.digest,
  });
}
