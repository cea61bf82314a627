import { type Finding, TouchmarkError } from "@touchmark/core";
import {
  type Attempt,
  CHECKS,
  isCalled,
  type Relation,
  type Step,
  type SummaryTrust,
  type TraceBook,
  type Trust,
} from "@touchmark/verify";
import type { ArtifactReport, CheckReport } from "../report.ts";
import { compromises } from "./compromises.ts";
import type { Explanation } from "./explanation-schema.ts";

type Evidence = Explanation["evidence"][number];
type ShownStep = Evidence["attempts"][number]["checks"][number];

/**
 * How the verdict on one artifact came about, from what was noted while it was found.
 *
 * @param book - that `check` had as `trace`.
 * @param name - of the artifact, as the report calls it, or the last segment of that.
 * @throws TouchmarkError `USAGE` where no artifact has the name, or several have.
 */
export function explanationOf(
  report: CheckReport,
  book: TraceBook,
  name: string,
  believed: { readonly trust: readonly Trust[]; readonly verifiers: readonly SummaryTrust[] },
): Explanation {
  const artifact = theOne(report, name);
  const judged = book.judged.find((one) => one.name === artifact.name);
  return {
    artifact: artifact.name,
    status: artifact.status,
    evidence: (judged?.relations ?? []).map((relation) => evidenceOf(relation, artifact, book)),
    findings: artifact.findings.map(({ code }) => code),
    compromises: compromises(believed.trust, believed.verifiers, report.inputs.policy !== null),
  };
}

function theOne({ artifacts }: CheckReport, about: string): ArtifactReport {
  const wanted = artifacts.filter(({ name }) => isCalled(name, about));
  const exact = wanted.filter(({ name }) => name === about);
  const [only, another] = exact.length > 0 ? exact : wanted;
  if (only !== undefined && another === undefined) return only;
  const names = (only === undefined ? artifacts : wanted).map(({ name }) => name);
  throw new TouchmarkError(
    "USAGE",
    only === undefined ? `no artifact is called ${about}` : `several artifacts are called ${about}`,
    {
      expected: `one of ${names.slice(0, 10).join(", ")}${names.length > 10 ? ` and ${names.length - 10} more` : ""}`,
      actual: about,
    },
  );
}

function evidenceOf(
  { evidence, steps, kind, findings }: Relation,
  artifact: ArtifactReport,
  book: TraceBook,
): Evidence {
  const made = book.attemptsAt(evidence);
  const attempts = made.length === 0 ? [{ trust: "", steps: [] }] : made;
  const isListed = artifact.statements.some(({ bundle }) => bundle === evidence);
  const covers = artifact.status === "verified" && isListed;
  const isWhole = steps.length > 0 && steps.every(({ outcome }) => outcome === "passed");
  const isRefused = made.at(-1)?.steps.some(({ outcome }) => outcome === "refused") === true;
  // A signature over an image or a file says nothing more, so that there was nothing to check.
  const saysNothing: Step = { check: "predicate", outcome: "refused", compared: [], finding: findings[0] ?? null };
  const believed = isWhole ? [...steps, ...policySteps(artifact, covers, findings)] : steps;
  const rest = kind === "refused" && !isRefused ? [saysNothing] : believed;
  return {
    name: evidence,
    covers,
    attempts: attempts.map((attempt, index) =>
      // Those before were under others, who did not sign it.
      shownAttempt(attempt, index === attempts.length - 1 ? rest : []),
    ),
  };
}

/**
 * What was asked for beside a signature over this name and these bytes, and why this piece is not it. One that has no words of
 * its own would do, and what all lack together, or what is wrong with the artifact, only the verdict says.
 */
function policySteps(
  { status, rule, findings }: ArtifactReport,
  covers: boolean,
  own: readonly Finding[],
): readonly Step[] {
  const place = { what: "rule", expected: rule, expectedFrom: "policy", actual: null, actualFrom: "artifact" } as const;
  const compared = rule === null ? [] : [place];
  const outcome = covers ? "passed" : "refused";
  const [said = null] = status === "verified" ? [] : (findings as readonly Finding[]);
  const reasons = own.length === 0 ? [said] : own;
  return reasons.map((finding) => ({ check: "policy", outcome, compared, finding }));
}

function shownAttempt({ trust, steps }: Attempt, rest: readonly Step[]): Evidence["attempts"][number] {
  const made = [...steps, ...rest];
  const stopped = made.find(({ outcome }) => outcome === "refused");
  const last = Math.max(-1, ...made.map(({ check }) => CHECKS.indexOf(check)));
  // In their order, and what was not made after what was.
  const missing = CHECKS.filter((check) => !made.some((step) => step.check === check)).map(
    (check): ShownStep => ({
      check,
      outcome: stopped !== undefined && CHECKS.indexOf(check) > last ? "not-reached" : "not-needed",
      compared: [],
      finding: null,
    }),
  );
  const shown = made.map(({ check, outcome, compared, finding }): ShownStep => {
    return { check, outcome, compared: compared.map((one) => ({ ...one })), finding };
  });
  const position = ({ check }: ShownStep) => CHECKS.indexOf(check);
  return { trust, checks: [...shown, ...missing].sort((left, right) => position(left) - position(right)) };
}
