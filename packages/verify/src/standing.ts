import type { Provenance } from "@touchmark/core";
import { checkedBuilderIds, isBuilder } from "./builder-id.ts";
import { refused } from "./certificate/refused.ts";
import { usage } from "./match.ts";

/**
 * What an entry of a trust file gives to a signer together with a builder. Made by {@link standing} only: no document has a say
 * in it. Source: https://slsa.dev/spec/v1.2/verifying-artifacts#step-1-check-slsa-build-level
 */
export interface Standing {
  /** The entry's name. */
  readonly entry: string;
  /** Where it is written, for reports: `trust.yaml:12`. */
  readonly place: string;
  /** The SLSA Build level that its work counts as: 0 to 3. */
  readonly maxLevel: number;
  /** Who runs the builder; null where the entry does not say: one unknown operator, however many entries there are. */
  readonly operator: string | null;
  /** What provenance must name as its builder; null only for Google Cloud Build, whose builders are checked by themselves. */
  readonly builders: Builders | null;
  readonly window: Window;
  readonly [checked]: true;
}

/** The signer as its certificate names it; or one of these URIs, each exact, or a workflow without its ref: then any tag of it. */
export type Builders = "same-as-signer" | readonly string[];

/** Every proven time must lie in it, both moments included; null where it has no end on that side. */
export interface Window {
  readonly from: Date | null;
  readonly until: Date | null;
}

declare const checked: unique symbol;

/** @throws TouchmarkError `USAGE` for what would give more than it says. */
export function standing(given: Omit<Standing, typeof checked>): Standing {
  const { maxLevel, builders, window } = given;
  if (!(Number.isInteger(maxLevel) && maxLevel >= 0 && maxLevel <= 3)) {
    throw usage("this is no SLSA Build level", "0, 1, 2 or 3", String(maxLevel));
  }
  if (builders !== null && builders !== "same-as-signer" && checkedBuilderIds(builders).length === 0) {
    throw usage("no builder is named, so that any would do", "a URI, or same-as-signer", "an empty list");
  }
  const { from, until } = window;
  if (from !== null && until !== null && from > until) {
    throw usage("a window ends before it begins", from.toISOString(), until.toISOString());
  }
  return { ...given } as Standing;
}

export function hasWindow({ window }: Standing): boolean {
  return window.from !== null || window.until !== null;
}

/** What is known of one signature, once it held. */
export interface Signed {
  /** Null where the statement is no provenance: it names no builder. */
  readonly provenance: Provenance | null;
  /** The signer as a certificate names it; null for a key. */
  readonly identity: string | null;
  /** Every proven time; empty where nothing proves any. */
  readonly times: readonly Date[];
}

/**
 * Compares a signature with what an entry of a trust file wants of it.
 *
 * @throws TouchmarkError `BUILDER_MISMATCH`; `TIME_MISMATCH` for one made outside of the window; `TIME_UNPROVEN` where there is a
 * window and nothing proves a time.
 */
export function checkStanding(standing: Standing | null, { provenance, identity, times }: Signed): void {
  if (standing === null) return;
  checkWindow(standing, times);
  if (provenance === null || standing.builders === null) return;
  const { builderId } = provenance;
  const { builders } = standing;
  const isIt = builders === "same-as-signer" ? builderId === identity : builders.some((id) => isBuilder(builderId, id));
  if (isIt) return;
  throw refused("BUILDER_MISMATCH", `another builder made this than "${standing.entry}" trusts this signer for`, {
    expected: builders === "same-as-signer" ? (identity ?? "the signer itself") : builders.join(" or "),
    actual: builderId,
  });
}

/** One time outside is enough: of several that are proven, an early one must not make up for a late one. */
function checkWindow(standing: Standing, times: readonly Date[]): void {
  if (!hasWindow(standing)) return;
  const { from, until } = standing.window;
  const expected = `signed from ${from?.toISOString() ?? "ever"} to ${until?.toISOString() ?? "now"}`;
  if (times.length === 0) {
    throw refused(
      "TIME_UNPROVEN",
      `"${standing.entry}" is trusted for a time only, and nothing proves when this was signed`,
      { expected: `${expected}, as a log or a timestamp proves`, actual: "no proven time" },
    );
  }
  const outside = times.find((time) => (from !== null && time < from) || (until !== null && time > until));
  if (outside === undefined) return;
  throw refused("TIME_MISMATCH", `this was not signed while "${standing.entry}" was trusted`, {
    expected,
    actual: outside.toISOString(),
  });
}
