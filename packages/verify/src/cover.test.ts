import { parseBundle } from "@touchmark/core";
import { describe, expect, it } from "vitest";
import { bytesOf, IDENTITY, ISSUER, sign, trusting } from "../test/certificate-cases.ts";
import { evidence, file, subject } from "../test/judge-cases.ts";
import { pieceOf, testKey } from "../test/signed-bundles.ts";
import { examine } from "./evidence.ts";
import { judge } from "./judge.ts";
import { MAX_LISTED_STATEMENTS } from "./limits.ts";

const key = testKey();
const STRICT = { anyName: false };
const stating = (name: string, content = "a") => evidence(name, key, key, { subject: [subject("tool", content)] });

describe("the statements that cover an artifact", () => {
  it("are all listed, by name", async () => {
    const items = ["b", "c", "a"].map((name) => stating(name));
    const { verdicts } = await judge([file("tool", "a")], [...items, stating("0", "other")], STRICT);
    expect(verdicts[0]?.statements.map(({ bundle }) => bundle)).toEqual(["a", "b", "c"]);
  });

  it("are listed up to a hundred", async () => {
    const items = Array.from({ length: MAX_LISTED_STATEMENTS + 1 }, (_, at) => stating(`${at}`));
    const { verdicts } = await judge([file("tool", "a")], items, STRICT);
    expect(verdicts[0]).toMatchObject({ status: "verified", statements: { length: MAX_LISTED_STATEMENTS } });
  });

  it("say who signed and when, where a certificate says it", async () => {
    const item = examine("release.sigstore.json", pieceOf(parseBundle(bytesOf(sign()))), { trust: [trusting()] });
    const { verdicts } = await judge([file("tool", "tool")], [item], STRICT);
    expect(verdicts[0]?.statements).toMatchObject([
      { signer: `identity:${IDENTITY}`, issuer: ISSUER, signedAt: "2026-01-15T12:00:00.000Z" },
    ]);
  });
});
