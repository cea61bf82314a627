import { attemptOrNull, type Provenance, type StatedStatement } from "@touchmark/core";
import { comparisons } from "../certificate/agreement.ts";
import type { Leaf } from "../certificate/leaf.ts";
import { shownMatch } from "../match.ts";
import type { SourceExpectation } from "../source-expectation.ts";
import { hasWindow } from "../standing.ts";
import type { KeyTrust, Trust } from "../trust.ts";
import type { IdentityTrust } from "../trust-identity.ts";
import type { Compared } from "./trace.ts";

/** How the values of checks of signers and statements are shown. */
export const SHOWING_STATEMENTS = {
  comparedIdentity,
  comparedKey,
  comparedSource,
  comparedStatement,
  comparedAgreement,
  comparedBuilder,
  comparedStanding,
};
export type ShowStatements = typeof SHOWING_STATEMENTS;

/** The builder, and those that trust names. */
function comparedBuilder({ builderId }: Provenance, { builderIds }: KeyTrust | IdentityTrust): readonly Compared[] {
  const expected = builderIds.length === 0 ? null : builderIds.join(" or ");
  return [{ what: "builder", expected, expectedFrom: "trust", actual: builderId, actualFrom: "statement" }];
}

/** What an entry of a trust file wants. */
function comparedStanding({ standing }: Trust): readonly Compared[] {
  if (standing === null) return [];
  const { builders, window, place } = standing;
  const wanted = (what: string, expected: string): Compared => {
    return { what, expected, expectedFrom: "trust", actual: place, actualFrom: "trust" };
  };
  const end = (date: Date | null) => date?.toISOString() ?? "any time";
  return [
    wanted("builder of the entry", builders === null ? "any" : [builders].flat().join(" or ")),
    ...(hasWindow(standing) ? [wanted("time of the entry", `${end(window.from)} to ${end(window.until)}`)] : []),
  ];
}

/** The hint is the sender's word, and compared with nothing. */
function comparedKey(key: KeyTrust, hint: string | null): Compared {
  const expected = `${key.label}, sha256:${key.digest}`;
  return { what: "key", expected, expectedFrom: "trust", actual: hint ?? "no hint", actualFrom: "bundle" };
}

function comparedSource({ source }: Provenance, { repository, ref }: SourceExpectation): Compared {
  const shown = (place: string, at: string | null) => `${place}${at === null ? "" : `@${at}`}`;
  return {
    what: "source",
    expected: shown(repository, ref),
    expectedFrom: "trust",
    actual: source === null ? null : shown(source.repository, source.ref),
    actualFrom: "statement",
  };
}

/** What was signed. */
function comparedStatement({ predicateType, subject }: StatedStatement): readonly Compared[] {
  const said = (what: string, actual: string): Compared => {
    return { what, expected: null, expectedFrom: "rule", actual, actualFrom: "statement" };
  };
  return [said("predicate type", predicateType), said("subjects", String(subject.length))];
}

/** Both words about the run. */
function comparedAgreement(statement: StatedStatement, provenance: Provenance, leaf: Leaf): readonly Compared[] {
  const all = attemptOrNull(() => comparisons(statement, provenance, leaf)) ?? [];
  return all.map(({ what, stated, certified }) => ({
    what,
    expected: certified,
    expectedFrom: "certificate",
    actual: stated,
    actualFrom: "statement",
  }));
}

/** Everything that a certificate had to say, and says. */
function comparedIdentity({ identity, claims }: Leaf, trust: IdentityTrust): readonly Compared[] {
  const said = (what: string, expected: string | null, actual: string | null): Compared => ({
    what,
    expected,
    expectedFrom: "trust",
    actual,
    actualFrom: "certificate",
  });
  return [
    said("issuer", trust.issuer, claims.issuer),
    said("signer", shownMatch(trust.identity), identity),
    ...trust.builderCommits.map((commit) => said("commit of the signing workflow", commit, claims.buildSignerCommit)),
    said("source repository", trust.source?.repository ?? null, claims.sourceRepository),
    said("source ref", trust.source?.ref ?? null, claims.sourceRef),
    ...Object.entries(trust.fields).map(([name, value]) =>
      said(name, value, claims[name as keyof typeof trust.fields] ?? null),
    ),
  ];
}
