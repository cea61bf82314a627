import { comparableRepository } from "@touchmark/core";
import type { CoveringStatement, Verdict } from "@touchmark/verify";

/**
 * The repositories that all artifacts which hold were built from: of each, at least one statement that covers it says so. None
 * where no artifact holds. Linear in the statements, however many repositories are looked up.
 *
 * @returns each as `comparableRepository` has it.
 */
export function commonSources(
  verdicts: readonly {
    readonly status: Verdict["status"];
    readonly statements: readonly Pick<CoveringStatement, "source">[];
  }[],
): ReadonlySet<string> {
  const known = new Map<string, string>();
  const comparable = (source: string): string => {
    const text = known.get(source) ?? comparableRepository(source);
    known.set(source, text);
    return text;
  };
  const sourcesOf = ({ statements }: (typeof verdicts)[number]) =>
    new Set(statements.flatMap(({ source }) => (source === null ? [] : [comparable(source)])));
  const [first, ...others] = verdicts.filter(({ status }) => status === "verified");
  const common = first === undefined ? new Set<string>() : sourcesOf(first);
  for (const other of others) {
    const own = sourcesOf(other);
    for (const repository of common) if (!own.has(repository)) common.delete(repository);
  }
  return common;
}
