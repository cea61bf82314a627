import { comparableRepository } from "@touchmark/core";
import type { CompiledPolicy } from "../compiled-policy.ts";
import { compareSource, type SourceKeys } from "./source.ts";

/**
 * Whether some rule compares with a source, and takes it. Of thousands of rules only those are looked at that could; they are sorted
 * when somebody first asks.
 */
export function namedSources(rules: readonly SourceKeys[]): CompiledPolicy["expectsSource"] {
  let sorted: ReadonlyMap<string, readonly SourceKeys[]> | null = null;
  return ({ repository, repositoryId, ownerId }) => {
    sorted ??= byNameOrId(rules);
    const ids = { sourceRepositoryId: repositoryId, sourceOwnerId: ownerId };
    const candidates = [`name ${comparableRepository(repository)}`, `id ${repositoryId}`];
    return candidates.some((key) =>
      (sorted?.get(key) ?? []).some((rule) => compareSource(rule, repository, ids) === null),
    );
  };
}

/** A repository's id outlives its name, which then does not count. */
function byNameOrId(rules: readonly SourceKeys[]): ReadonlyMap<string, readonly SourceKeys[]> {
  const sorted = new Map<string, Map<string, SourceKeys>>();
  for (const rule of rules) {
    const { source, "source-id": id, "owner-id": owner } = rule;
    if (source === undefined) continue;
    const key = id === undefined ? `name ${comparableRepository(source)}` : `id ${id}`;
    const same = sorted.get(key) ?? new Map<string, SourceKeys>();
    same.set(JSON.stringify([source, owner ?? null]), rule);
    sorted.set(key, same);
  }
  return new Map([...sorted].map(([key, same]) => [key, [...same.values()]]));
}
