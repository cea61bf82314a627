import { type Bundle, type Code, TouchmarkError } from "@touchmark/core";
import type { Piece } from "./formats/piece.ts";
import { materialDigest } from "./material-digest.ts";
import type { Roots, RootsDemand, RootsSource } from "./roots/roots.ts";
import { SEAL } from "./seal.ts";
import { isIdentityTrust, type Trust } from "./trust.ts";

/**
 * Other threads of this program, each of which answers what it is asked with `answerSignings`. What is trusted of them is
 * written in docs/security-model.md: as much as a function of this process, and no more than it was asked.
 */
export interface SigningThreads {
  /** Of questions that are asked at once, as many are answered at a time as there are threads. */
  ask(question: SigningQuestion): Promise<readonly SigningAnswer[]>;
}

/** Everything that an answer depends on; nothing of it is verified. It can be cloned from thread to thread. */
export interface SigningQuestion {
  readonly roots: { readonly source: RootsSource; readonly demand: RootsDemand };
  readonly withoutLog: boolean;
  readonly bundles: readonly Bundle[];
}

/** What became of one bundle. */
export interface SigningAnswer {
  /** {@link materialDigest} of what the answer is about. */
  readonly about: string;
  readonly outcome: /** Milliseconds since 1970, each proven, the earliest first. */
    | { readonly kind: "held"; readonly times: readonly number[] }
    | {
        readonly kind: "refused";
        readonly code: Code;
        readonly message: string;
        readonly expected: string | null;
        readonly actual: string | null;
      };
}

/**
 * Has other threads check the cryptography of bundles, so that `examine` finds the answers and need not. The certificates are
 * read here again: whom they name, and that each time lies in their validity, no other thread says.
 *
 * @throws TouchmarkError `INTERNAL` for answers to something else than what was asked; what the threads throw.
 */
export async function foreseeSignings(
  pieces: readonly Piece[],
  trust: readonly Trust[],
  threads: SigningThreads,
): Promise<void> {
  const bundles = pieces.filter(hasCertificate).map(({ bundle }) => bundle);
  if (bundles.length === 0) return;
  for (const { roots, withoutLog } of demandsOf(trust)) {
    const answers = await threads.ask({ roots: roots.origin, withoutLog, bundles });
    for (const [at, bundle] of bundles.entries()) learn(roots, withoutLog, bundle, answers[at]);
  }
}

/** True for what takes long to verify. */
function hasCertificate(piece: Piece): piece is Extract<Piece, { readonly kind: "statement" }> {
  return piece.kind === "statement" && piece.bundle.signer.kind === "certificate";
}

/** Each roots and demand once, however many identities are trusted by them. */
function demandsOf(trust: readonly Trust[]): readonly { readonly roots: Roots; readonly withoutLog: boolean }[] {
  const identities = trust.filter(isIdentityTrust);
  return identities.filter(
    ({ roots, withoutLog }, at) =>
      identities.findIndex((one) => one.roots === roots && one.withoutLog === withoutLog) === at,
  );
}

function learn(roots: Roots, withoutLog: boolean, bundle: Bundle, answer: SigningAnswer | undefined): void {
  if (answer?.about !== materialDigest(bundle)) {
    throw new TouchmarkError("INTERNAL", "a verifying thread answered what it was not asked");
  }
  const { outcome } = answer;
  const learned =
    outcome.kind === "refused"
      ? new TouchmarkError(outcome.code, outcome.message, outcome)
      : outcome.times.map((time) => new Date(time));
  roots.learn(SEAL, bundle, withoutLog, learned);
}
