import type { StatedStatement } from "@touchmark/core";
import type { CertificateDescription, SigningDescription } from "@touchmark/verify";
import type { Answers, InspectedPiece } from "../reports/inspect.ts";
import { textAt, valueAt } from "./stated.ts";

type Answer = Answers["who"];

/** How many names stand in the answer; all are listed below it. */
const NAMES = 3;

/** What the answers are taken from. */
export interface AnswerSources {
  readonly signer: InspectedPiece["signer"];
  readonly signing: SigningDescription;
  readonly statement: StatedStatement | null;
  /** What the predicate is for people. */
  readonly title: string | null;
  /** Of a signature over a file. */
  readonly signed: string | null;
}

/** Who, what, when, where and why, each with the part of the evidence that says so. Nobody checked any of it. */
export function answersOf(sources: AnswerSources): Answers {
  const { signing, statement } = sources;
  const certificate = signing.certificate === null || "unreadable" in signing.certificate ? null : signing.certificate;
  return {
    who: who(sources, certificate),
    what: what(sources),
    when: when(signing, statement),
    where: where(statement, certificate),
    why: why(statement, certificate),
  };
}

function who({ signer }: AnswerSources, certificate: CertificateDescription | null): Answer {
  if (certificate !== null) {
    return { text: `${certificate.identity}, identified by ${certificate.claims.issuer}`, by: "certificate" };
  }
  if (signer.kind === "certificate") return null;
  const hint = signer.hint === null ? "" : `, with the hint ${signer.hint}`;
  return { text: `whoever holds a key${hint}`, by: "signature" };
}

function what({ statement, title, signed }: AnswerSources): Answer {
  if (statement === null) return signed === null ? null : { text: `a file with ${signed}`, by: "signature" };
  const { subject } = statement;
  const names = subject.slice(0, NAMES).map(({ name }) => name ?? "(no name)");
  const more = subject.length > NAMES ? `, and ${subject.length - NAMES} more` : "";
  return { text: `${title} about ${names.join(", ")}${more}`, by: "statement" };
}

/** The earliest time that a log or an authority gave; else what the statement says of its end. */
function when({ logEntries, timestamps }: SigningDescription, statement: StatedStatement | null): Answer {
  const times = [
    ...logEntries.map((one) => ({
      text: "unreadable" in one || !one.promise ? null : one.integratedTime,
      by: "log entry",
    })),
    ...timestamps.map((one) => ({ text: "unreadable" in one ? null : one.time, by: "timestamp" })),
  ].flatMap(({ text, by }) => (text === null ? [] : [{ text, by }]));
  const [first] = times.sort((left, right) => (left.text < right.text ? -1 : 1));
  if (first !== undefined) return first;
  const predicate = statement?.predicate;
  return stated(
    textAt(predicate, "runDetails", "metadata", "finishedOn") ??
      textAt(predicate, "metadata", "buildFinishedOn") ??
      textAt(predicate, "runDetails", "metadata", "startedOn") ??
      textAt(predicate, "metadata", "buildStartedOn") ??
      textAt(predicate, "timeVerified"),
  );
}

function where(statement: StatedStatement | null, certificate: CertificateDescription | null): Answer {
  const claims = certificate?.claims;
  if (claims?.runInvocation != null) {
    const runner = claims.runnerEnvironment === null ? "" : ` (${claims.runnerEnvironment})`;
    return { text: `${claims.runInvocation}${runner}`, by: "certificate" };
  }
  const predicate = statement?.predicate;
  const run =
    textAt(predicate, "runDetails", "metadata", "invocationId") ??
    textAt(predicate, "metadata", "buildInvocationId") ??
    textAt(predicate, "metadata", "buildInvocationID");
  const builder =
    textAt(predicate, "runDetails", "builder", "id") ??
    textAt(predicate, "builder", "id") ??
    textAt(predicate, "verifier", "id");
  // A number alone is the run of somebody.
  if (run === null || builder === null || /^[a-z]+:/.test(run)) return stated(run ?? builder);
  return stated(`run ${run} of ${builder}`);
}

function why(statement: StatedStatement | null, certificate: CertificateDescription | null): Answer {
  const claims = certificate?.claims;
  if (claims?.trigger != null) {
    return {
      text: `${claims.trigger}${claims.sourceRef === null ? "" : ` of ${claims.sourceRef}`}`,
      by: "certificate",
    };
  }
  const build = valueAt(statement?.predicate, "buildDefinition");
  return stated(
    textAt(build, "externalParameters", "trigger") ??
      textAt(build, "internalParameters", "github", "event_name") ??
      textAt(build, "internalParameters", "GITHUB_EVENT_NAME") ??
      textAt(statement?.predicate, "invocation", "environment", "github_event_name"),
  );
}

function stated(text: string | null): Answer {
  return text === null ? null : { text, by: "statement" };
}
