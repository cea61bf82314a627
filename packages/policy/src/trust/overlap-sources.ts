import { comparableRepository } from "@touchmark/core";
import type { BuilderTrust } from "./entry.ts";

/** False where the two are trusted for different repositories, or for different refs of one. */
export function sourcesMeet(left: Pick<BuilderTrust, "source">, right: Pick<BuilderTrust, "source">): boolean {
  if (left.source === null || right.source === null) return true;
  const [one, other] = [partsOf(left.source), partsOf(right.source)];
  return one.repository === other.repository && (one.ref === null || other.ref === null || one.ref === other.ref);
}

/** `github.com/octo/widgets` of `octo/widgets` and of `https://github.com/octo/widgets@refs/tags/v1`. */
export function repositoryOf(source: string): string {
  return partsOf(source).repository;
}

function partsOf(source: string): { readonly repository: string; readonly ref: string | null } {
  const at = source.indexOf("@");
  const [place, ref] = at === -1 ? [source, null] : [source.slice(0, at), source.slice(at + 1)];
  const whole = /^[\w.-]+\/[\w.-]+$/.test(place) ? `https://github.com/${place}` : place;
  return { repository: comparableRepository(whole), ref };
}

/**
 * The source that satisfies both of two, each as `--source` takes it.
 *
 * @returns null where neither says one; undefined where no source satisfies both.
 */
export function commonSource(left: string | null, right: string | null): string | null | undefined {
  if (left === null || right === null) return left ?? right;
  if (!sourcesMeet({ source: left }, { source: right })) return undefined;
  return partsOf(left).ref === null ? right : left;
}
