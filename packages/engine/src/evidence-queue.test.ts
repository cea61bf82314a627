import { parseBundle } from "@touchmark/core";
import type { NamedPiece, Piece, SigningAnswer, SigningQuestion } from "@touchmark/verify";
import { answerSignings } from "@touchmark/verify/signing-answers";
import fc from "fast-check";
import { expect, it } from "vitest";
import { bytesOf, sign, trusting } from "../../verify/test/certificate-cases.ts";
import { pieceOf, signedBytes, statementBytes, testKey } from "../../verify/test/signed-bundles.ts";
import { THREADS_FROM } from "./check-limits.ts";
import { evidenceQueue } from "./evidence-queue.ts";

const slow = pieceOf(parseBundle(bytesOf(sign())));
const quick = pieceOf(parseBundle(signedBytes(testKey(), statementBytes({ subject: [] }))));
const named = (piece: Piece, at: number): NamedPiece => ({ name: `e:${at}`, line: at, digest: "00".repeat(32), piece });
const trust = [trusting()];

/** The same answer about the same bundle, as often as it is asked. */
let answer: SigningAnswer | undefined;
function answers(question: SigningQuestion): readonly SigningAnswer[] {
  answer ??= answerSignings({ ...question, bundles: question.bundles.slice(0, 1) })[0];
  const one = answer;
  if (one === undefined) throw new Error("no answer");
  return question.bundles.map(() => one);
}

/** Names in the order in which they are examined, where threads answer when `answered` lets them. */
async function order(pushes: readonly (readonly NamedPiece[])[], answered: <T>(value: T) => Promise<T>) {
  const names: string[] = [];
  let running = false;
  const threads = async () => ({ ask: (question: SigningQuestion) => answered(answers(question)) });
  const queue = evidenceQueue({ trust, threads }, async (pieces) => {
    expect(running).toBe(false);
    running = true;
    for (const { name } of pieces) {
      await answered(null);
      names.push(name);
    }
    running = false;
  });
  for (const pieces of pushes) await queue.push(pieces);
  await queue.end();
  return names;
}

/** Groups of pieces, in the order of their names; true for a slow one. */
function piecesOf(groups: readonly (readonly boolean[])[]): readonly (readonly NamedPiece[])[] {
  let at = 0;
  return groups.map((group) => group.map((isSlow) => named(isSlow ? slow : quick, at++)));
}

it("evidence is examined in its own order however fast threads answer, each piece once and one call after another", {
  timeout: 60_000,
}, async () => {
  // Enough for threads with the first push, or with a later one.
  const first = fc
    .constantFrom(THREADS_FROM, THREADS_FROM - 4, 3)
    .map((count) => [...Array.from({ length: count }, () => true), false]);
  const groups = fc.array(fc.array(fc.boolean(), { maxLength: 40 }), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(first, groups, fc.scheduler(), async (one, more, scheduler) => {
      const pushes = piecesOf([one, ...more]);
      const inOrder = pushes.flat().map(({ name }) => name);
      expect(await order(pushes, async (value) => value)).toEqual(inOrder);
      expect(await scheduler.waitFor(order(pushes, (value) => scheduler.schedule(Promise.resolve(value))))).toEqual(
        inOrder,
      );
    }),
    { numRuns: 20 },
  );
});
