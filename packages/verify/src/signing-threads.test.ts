import { parseBundle } from "@touchmark/core";
import { describe, expect, it, vi } from "vitest";
import { bytesOf, roots, rootsFrom, sign, trusting } from "../test/certificate-cases.ts";
import { pieceOf, signed, testKey } from "../test/signed-bundles.ts";
import { examine } from "./examine.ts";
import type { StatementPiece } from "./formats/piece.ts";
import { answerSignings } from "./signing-answers.ts";
import { foreseeSignings, type SigningAnswer, type SigningThreads } from "./signing-threads.ts";
import { Verifier } from "./sigstore-library.ts";

const trust = [trusting()];
const piece = (edit: (bundle: ReturnType<typeof sign>) => void = () => {}): StatementPiece => {
  const bundle = sign();
  edit(bundle);
  return { kind: "statement", format: "sigstore-bundle", bundle: parseBundle(bytesOf(bundle)) };
};
const forged = () =>
  piece(({ dsseEnvelope }) => {
    if (dsseEnvelope !== undefined) dsseEnvelope.signatures = [{ sig: Buffer.from("no").toString("base64") }];
  });

/** Threads in this thread, whose questions and answers are cloned as between two. */
function threads(edit: (answer: SigningAnswer) => SigningAnswer = (answer) => answer) {
  const ask = vi.fn<SigningThreads["ask"]>(async (question) =>
    structuredClone(answerSignings(structuredClone(question)).map(edit)),
  );
  return { ask };
}

describe("foreseeSignings", () => {
  it("leaves examine the same results, and no cryptography to do", async () => {
    const pieces = [piece(), forged(), piece()];
    const before = pieces.map((one) => examine("b", structuredClone(one), { trust }));
    expect(before.map(({ kind }) => kind)).toEqual(["trusted", "refused", "trusted"]);
    await foreseeSignings(pieces, trust, threads());
    const verify = vi.spyOn(Verifier.prototype, "verify");
    const after = pieces.map((one) => examine("b", one, { trust }));
    expect(verify).not.toHaveBeenCalled();
    expect(after.map((one) => [one.kind, "findings" in one ? one.findings : null])).toEqual(
      before.map((one) => [one.kind, "findings" in one ? one.findings : null]),
    );
    expect(after[0]).toMatchObject({
      verified: { signer: before[0]?.kind === "trusted" && before[0].verified.signer },
    });
  });

  it("asks about certificates only, and once for each roots and demand", async () => {
    const key = testKey();
    const other = await rootsFrom();
    const several = [trusting(), trusting(), trusting({ withoutLog: true }), trusting({ roots: other }), key.trust];
    const { ask } = threads();
    const byKey = pieceOf(signed(key, { subject: [{ name: "a", digest: { sha256: "0".repeat(64) } }] }));
    await foreseeSignings([piece(), byKey], several, { ask });
    expect(ask.mock.calls.map(([{ bundles, withoutLog }]) => [bundles.length, withoutLog])).toEqual([
      [1, false],
      [1, true],
      [1, false],
    ]);
    ask.mockClear();
    await foreseeSignings([byKey], several, { ask });
    await foreseeSignings([piece()], [key.trust], { ask });
    expect(ask).not.toHaveBeenCalled();
  });

  it("takes no answer about something else", async () => {
    const [good, bad] = [piece(), forged()];
    const swapped: SigningThreads = {
      ask: async (question) => [...answerSignings({ ...question, bundles: [good.bundle] })],
    };
    await expect(foreseeSignings([bad], trust, swapped)).rejects.toMatchObject({ code: "INTERNAL" });
    await expect(foreseeSignings([bad], trust, { ask: async () => [] })).rejects.toMatchObject({ code: "INTERNAL" });
    expect(examine("b", bad, { trust }).kind).toBe("refused");
  });

  it("reads the certificate again: a time outside of its validity is no answer, nor is none", async () => {
    for (const times of [[0], []]) {
      const one = piece();
      await foreseeSignings(
        [one],
        trust,
        threads((answer) => ({ ...answer, outcome: { kind: "held", times } })),
      );
      expect(examine("b", one, { trust })).toMatchObject({
        kind: "refused",
        findings: [{ code: "TIMESTAMP_INVALID" }],
      });
    }
  });

  it("says whom the certificate names by itself", async () => {
    const one = piece();
    await foreseeSignings([one], trust, threads());
    const somebodyElse = trusting({ identity: "https://github.com/octo/widgets/.github/workflows/x.yml@refs/tags/v1" });
    expect(examine("b", one, { trust: [somebodyElse] })).toMatchObject({ findings: [{ code: "IDENTITY_MISMATCH" }] });
  });

  it("lets nobody else tell the roots who signed", () => {
    const seal = Symbol("authenticated") as never;
    const answer = { leaf: {}, times: [] } as never;
    expect(() => roots.learn(seal, piece().bundle, false, answer)).toThrow(TypeError);
  });
});
