import type { Explanation } from "@touchmark/engine/reports";
import { FIELD_FLAGS } from "../identity-flags.ts";
import { safe, type Terminal } from "./terminal.ts";

type Evidence = Explanation["evidence"][number];
type Step = Evidence["attempts"][number]["checks"][number];
type Compared = Step["compared"][number];

/** What each check is, in plain words. */
const CHECK_WORDS = {
  form: "within its limits, and in the form that it should have",
  roots: "the roots are believed, and know the authorities in it",
  log: "the log has this signature",
  time: "signed while the certificate was valid",
  signature: "the signature holds, by a key or with its chain, logs and timestamps",
  witnesses: "independent parties vouch for it",
  identity: "the certificate names whom you trust",
  statement: "what was signed is a statement",
  agreement: "the statement says what the certificate says",
  builder: "the builder is one that you expect",
  standing: "an entry of the trust file gives this signer what it did",
  record: "what stands around the statement says the same",
  publisher: "the registry vouches for having published it",
  summary: "the verifier says what you want to hear",
  denials: "nothing denies the statement",
  predicate: "it says where the artifact came from",
  digest: "a subject has the artifact's digests",
  name: "that subject has the artifact's name",
  policy: "it is what you asked for",
} as const satisfies Record<Step["check"], string>;

/** What became of the artifact. */
const STATUS_WORDS = {
  verified: "is verified",
  tampered: "is called tampered",
  "not-covered": "is not covered",
  untrusted: "is not trusted",
  policy: "is refused by the policy",
  evidence: "is evidence",
  exception: "is let through by an exception",
  unknown: "is unknown",
} as const satisfies Record<Explanation["status"], string>;

const OUTCOME_WORDS = { passed: "passed", refused: "REFUSED", "not-reached": "not reached" } as const;

/** The flags by which people say what is expected. */
const FLAGS: Readonly<Record<string, string>> = {
  key: "--key",
  issuer: "--signer-issuer",
  signer: "--signer-identity",
  "source repository": "--source",
  "source ref": "--source",
  "commit of the signing workflow": "--builder-commit",
  builder: "--builder-id",
  ...Object.fromEntries(FIELD_FLAGS.map(([, flag, name]) => [name, flag])),
};

/** The same of a verifier, whose summaries alone go through the check `summary`. */
const VERIFIER_FLAGS: Readonly<Record<string, string>> = {
  key: "--vsa-key",
  issuer: "--vsa-signer-issuer",
  signer: "--vsa-signer-identity",
};

/**
 * The walk through the checks, for a person.
 *
 * @param options.byFlags - whoever is trusted was named by flags, and not by a file.
 */
export function explanationLines(
  { artifact, status, evidence, findings, compromises }: Explanation,
  terminal: Terminal,
  options: { readonly byFlags: boolean },
): readonly string[] {
  return [
    "",
    terminal.paint("bold", `Why ${safe(artifact)} ${STATUS_WORDS[status]}`),
    ...(evidence.length === 0 ? ["  no evidence mentions it, by digest or by name"] : []),
    ...evidence.flatMap((one) => evidenceLines(one, terminal, options)),
    ...(findings.length === 0 ? [] : [`  verdict: ${findings.join(", ")}; touchmark explain CODE says more`]),
    "",
    "What one party alone, in the wrong hands, could have done",
    ...compromises.map(({ party, fools, why }) => `  ${fools ? "FOOLS IT" : "does not"}  ${party}: ${safe(why)}`),
  ];
}

function evidenceLines(
  { name, covers, attempts }: Evidence,
  terminal: Terminal,
  options: { readonly byFlags: boolean },
): readonly string[] {
  return [
    `  ${safe(name)}  ${covers ? terminal.paint("green", "covers it") : "does not count"}`,
    ...attempts.flatMap(({ trust, checks }) => [
      ...(trust === "" ? [] : [`    tried under ${safe(trust)}`]),
      ...checks.flatMap((step) => stepLines(step, terminal, options.byFlags ? flagsOf(checks) : {})),
    ]),
  ];
}

function flagsOf(checks: readonly Step[]): Readonly<Record<string, string>> {
  const isVerifier = checks.some(({ check, outcome }) => check === "summary" && outcome !== "not-needed");
  return isVerifier ? VERIFIER_FLAGS : FLAGS;
}

function stepLines(step: Step, terminal: Terminal, flags: Readonly<Record<string, string>>): readonly string[] {
  const { check, outcome, compared, finding } = step;
  if (outcome === "not-needed") return [];
  const word = OUTCOME_WORDS[outcome].padEnd(11);
  const painted = outcome === "refused" ? terminal.paint("red", word) : word;
  return [
    `      ${painted}  ${CHECK_WORDS[check]}`,
    ...compared.map((one) => `                     ${comparedLine(one, flags)}`),
    ...(finding === null
      ? []
      : findingLines(
          finding,
          compared.every(({ actual }) => actual === null),
        )),
  ];
}

/** @param alone - nothing that was compared says already what was expected and found. */
function findingLines(
  { code, message, expected, actual }: NonNullable<Step["finding"]>,
  alone: boolean,
): readonly string[] {
  return [
    `                     ${code}  ${safe(message)}`,
    ...(alone && expected !== null ? [`                       expected  ${safe(expected)}`] : []),
    ...(alone && actual !== null ? [`                       got       ${safe(actual)}`] : []),
  ];
}

function comparedLine(
  { what, expected, expectedFrom, actual, actualFrom }: Compared,
  flags: Readonly<Record<string, string>>,
): string {
  const flag = expectedFrom === "trust" ? flags[what] : undefined;
  const wanted = expected === null ? "" : `${safe(expected)} (${flag ?? expectedFrom})`;
  const found = actual === null ? "" : `${safe(actual)} (${actualFrom})`;
  return `${safe(what)}: ${[wanted, found].filter((part) => part !== "").join(" / ")}`;
}
