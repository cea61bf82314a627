import { parseBundle } from "@touchmark/core";
import { describe, expect, it } from "vitest";
import { bytesOf, IDENTITY, ISSUER, sign, trusting } from "../test/certificate-cases.ts";
import { evidence, file, subject } from "../test/judge-cases.ts";
import { pieceOf, sha256, signed, testKey } from "../test/signed-bundles.ts";
import { type Denials, denials } from "./deny/denials.ts";
import { denyList } from "./deny/deny-list.ts";
import type { Evidence } from "./evidence.ts";
import { examine } from "./examine.ts";
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

  it("are listed by name, however their subjects fit", async () => {
    const path = evidence("b", key, key, { subject: [subject("x/tool", "a")] });
    const { verdicts } = await judge([file("x/tool", "a")], [path, stating("a")], STRICT);
    expect(verdicts[0]?.statements.map(({ bundle }) => bundle)).toEqual(["a", "b"]);
  });

  it("are one object for all that they cover", async () => {
    const both = evidence("both", key, key, { subject: [subject("tool", "a"), subject("lib", "b")] });
    const { verdicts } = await judge([file("tool", "a"), file("lib", "b")], [both], STRICT);
    expect(verdicts[0]?.statements[0]).toBe(verdicts[1]?.statements[0]);
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

describe("a statement that is denied", () => {
  const tool = [file("tool", "a")];
  const deny = (...entries: readonly object[]) =>
    denials([denyList({ version: 1, deny: entries }, { label: "denied.yaml", digest: "" })]);
  const byDigest = deny({ reason: "bad", digest: `sha256:${sha256("a")}`, key: `sha256:${key.trust.digest}` });
  const byKey = deny({ reason: "stolen", key: `sha256:${key.trust.digest}` });
  const other = testKey();
  const one = (name: string, signer: typeof key, lists: Denials) =>
    examine(name, pieceOf(signed(signer, { subject: [subject("tool", "a")] })), {
      trust: [key.trust, other.trust],
      denials: lists,
    });
  const judged = async (lists: Denials, ...items: readonly Evidence[]) =>
    (await judge(tool, items, { ...STRICT, denials: lists })).verdicts[0];

  it.each<[string, Denials, string]>([
    ["as a whole", byKey, "this statement is denied: stolen"],
    ["for a digest", byDigest, "what is stated here is denied: bad"],
  ])("%s covers nothing, and the first of them says why", async (_, lists, why) => {
    expect(await judged(lists, one("y", key, lists), one("x", key, lists))).toMatchObject({
      status: "policy",
      statements: [],
      findings: [{ code: "DENIED", message: `x, which covers tool: ${why}` }],
    });
    expect(await judged(lists, one("x", key, lists), one("y", other, lists))).toMatchObject({
      status: "verified",
      statements: [{ bundle: "y" }],
      findings: [],
    });
  });

  it("still has its subjects there, and so has one about an artifact that is denied", async () => {
    const options = { ...STRICT, denials: byKey };
    expect((await judge(tool, [one("x", key, byKey)], options)).absent.count).toBe(0);
    const lists = deny({ reason: "bad", digest: `sha256:${sha256("a")}` });
    expect(await judge(tool, [one("x", key, lists)], { ...STRICT, denials: lists })).toMatchObject({
      verdicts: [{ status: "policy", findings: [{ code: "DENIED", message: "tool is denied: bad" }] }],
      absent: { count: 0 },
    });
  });
});
