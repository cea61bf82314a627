import { showDigest } from "@touchmark/core";
import type { Answers, InspectedPiece } from "../reports/inspect.ts";
import { countedFact, type Fact, fact } from "./fact.ts";
import { signingFacts } from "./signing-facts.ts";

const QUESTIONS = ["who", "what", "when", "where", "why"] as const;

/** One signed thing as a person reads it: the five answers, then everything that they are taken from. */
export function pieceFacts(piece: InspectedPiece): readonly Fact[] {
  const { formatTitle, mediaType, signer, signing, payload, signed } = piece;
  return [
    ...fact("format", mediaType === null ? formatTitle : `${formatTitle}, ${mediaType}`),
    ...answerFacts(piece.answers),
    ...fact("signed with", signerText(signer)),
    ...signingFacts(signing),
    ...(payload === null
      ? [
          ...fact("signs", signed === null ? "a file that it does not name" : `a file with ${signed}`),
          ...fact("statement", "none: it does not say where the file came from, and covers nothing"),
        ]
      : [...fact("payload", `${payload.type}, ${payload.size} bytes, ${payload.digest}`), ...statementFacts(piece)]),
  ];
}

/** A statement, signed or not. */
export function statementFacts({
  statement,
  statementProblem = null,
  predicate,
}: Pick<InspectedPiece, "statement" | "predicate"> &
  Partial<Pick<InspectedPiece, "statementProblem">>): readonly Fact[] {
  if (statement === null) {
    const why =
      statementProblem === null ? "not an in-toto statement" : `${statementProblem.code}: ${statementProblem.message}`;
    const actual = statementProblem?.actual ?? null;
    return fact("statement", `none: ${why}${actual === null ? "" : ` (${actual})`}`);
  }
  return [
    ...fact("statement", statement._type),
    ...fact(
      "predicate",
      `${statement.predicateType}`,
      predicate === null ? [] : [...fact("kind", predicate.title), ...predicate.facts],
    ),
    ...countedFact("subjects", statement.subject, ({ name, digest }) =>
      fact(typeof name === "string" ? name : "(no name)", showDigest(digest) ?? Object.keys(digest).join(", ")),
    ),
  ];
}

function answerFacts(answers: Answers): readonly Fact[] {
  return QUESTIONS.flatMap((question) => {
    const answer = answers[question];
    return fact(question, answer === null ? "not said" : `${answer.text}  (says the ${answer.by})`);
  });
}

function signerText(signer: InspectedPiece["signer"]): string {
  switch (signer.kind) {
    case "key":
      return signer.hint === null ? "a key" : `a key with hint ${signer.hint}`;
    case "certificate":
      return signer.certificates === 1 ? "a certificate" : `a certificate, with ${signer.certificates - 1} above it`;
  }
}
