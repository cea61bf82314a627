import { describe, expect, it } from "vitest";
import { expecting, nameOf, unexpected } from "../test/expectation-cases.ts";
import { evidence, file, image, subject, tarball } from "../test/judge-cases.ts";
import { sha256, testKey } from "../test/signed-bundles.ts";
import type { Artifact, Refusals } from "./artifact.ts";
import { denials } from "./deny/denials.ts";
import { denyList } from "./deny/deny-list.ts";
import { type JudgeOptions, judge } from "./judge.ts";
import { MAX_LISTED_REFUSALS, MAX_MENTIONS, MAX_REFUSALS } from "./limits.ts";
import { refusalLister } from "./refusals.ts";
import { sortEvidence } from "./sorted-evidence.ts";

const key = testKey();
const stranger = testKey();
const SBOM = { predicateType: "https://spdx.dev/Document", predicate: {} };
const stated = (name: string, change: object = {}) =>
  evidence(name, key, key, { subject: [subject("tool", "a")], ...change });
const untrusted = (name: string, change: object = {}) =>
  evidence(name, stranger, key, { subject: [subject("tool", "a")], ...change });
const tool = file("tool", "a");

async function refused(
  items: Parameters<typeof judge>[1],
  options: Partial<JudgeOptions> = {},
  artifact: Artifact = tool,
) {
  const { verdicts } = await judge([artifact], items, { anyName: false, ...options });
  const [verdict] = verdicts;
  return { findings: verdict?.findings, refusals: verdict?.refusals };
}

/** As `bundle: CODE`. */
const shown = (refusals: Refusals | undefined) => refusals?.listed.map(({ bundle, code }) => `${bundle}: ${code}`);

describe("the refusals of an artifact", () => {
  it("are nothing where it holds", async () => {
    expect((await refused([stated("a"), untrusted("b")])).refusals).toBeUndefined();
  });

  it("have one for each piece of evidence, with its own words, and the verdict's first", async () => {
    const other = stated("a", SBOM);
    const { findings, refusals } = await refused([untrusted("c"), untrusted("b"), other]);
    expect(findings).toMatchObject([{ code: "NOT_PROVENANCE" }]);
    expect(refusals?.count).toBe(3);
    expect(shown(refusals)).toEqual(["a: NOT_PROVENANCE", "b: SIGNER_UNTRUSTED", "c: SIGNER_UNTRUSTED"]);
    expect(refusals?.listed[0]?.message).toBe("a mentions tool, but does not say where it came from");
    expect(refusals?.listed[1]).toMatchObject({ bundle: "b", message: expect.not.stringContaining("only b") });
  });

  it("have what each statement lacks of what is expected", async () => {
    const reasons: Record<string, string[]> = { a: ["too low", "and old"], b: ["other"] };
    const expectations = expecting({ statement: (one) => (reasons[nameOf(one)] ?? []).map(unexpected) });
    const { findings, refusals } = await refused([stated("a"), stated("b"), untrusted("c")], { expectations });
    expect(findings).toMatchObject([{ message: "b, which covers tool: other" }]);
    expect(refusals?.count).toBe(4);
    expect(refusals?.listed.map(({ bundle, message }) => `${bundle} ${message}`).slice(0, 3)).toEqual([
      "b other",
      "a too low",
      "a and old",
    ]);
  });

  it("leave out what counted, where all together lack something", async () => {
    const expectations = expecting({
      statement: (one) => (nameOf(one) === "a" ? [] : [unexpected("no")]),
      whole: () => [unexpected("too few")],
    });
    const { findings, refusals } = await refused([stated("a"), stated("b")], { expectations });
    expect(findings).toMatchObject([{ message: "tool: too few" }]);
    expect(shown(refusals)).toEqual(["b: LEVEL_TOO_LOW"]);
  });

  it("leave out a statement of which one subject counted", async () => {
    const two = stated("a", { subject: [subject("tool", "a"), subject("pkg:npm/pad@1.0.0", "a")] });
    const expectations = expecting({
      statement: ({ subject: { name } }) => (name === "tool" ? [unexpected("no")] : []),
      whole: () => [unexpected("too few")],
    });
    const options = { expectations, anyName: true };
    expect((await refused([two], options)).refusals).toEqual({ count: 0, listed: [] });
  });

  it("have what is denied, and what is another package, once", async () => {
    const list = { version: 1, deny: [{ reason: "bad", digest: `sha256:${sha256("b")}` }] };
    const denying = denials([denyList(list, { label: "deny.yaml", digest: "ab".repeat(32) })]);
    const both = { subject: [subject("tool", "a"), subject("other", "b")] };
    const denied = await refused([stated("a", both), stated("b", SBOM)], { denials: denying }, file("other", "b"));
    expect(shown(denied.refusals)).toEqual(["a: DENIED"]);
    const purl = "pkg:npm/pad@1.0.0";
    const pad = tarball("pad.tgz", "a", purl);
    const packed = (name: string) => stated(name, { subject: [subject(purl, "a")] });
    const { refusals } = await refused([packed("a"), packed("b")], { package: "pkg:npm/pad@2.0.0" }, pad);
    expect(shown(refusals)).toEqual(["a: PACKAGE_MISMATCH", "b: PACKAGE_MISMATCH"]);
  });

  it("have what each statement says of other bytes", async () => {
    const stating = (name: string, content: string) => stated(name, { subject: [subject("tool", content)] });
    const { findings, refusals } = await refused([stating("a", "x"), stating("b", "y"), untrusted("c")]);
    expect(findings).toMatchObject([{ code: "SUBJECT_MISMATCH" }]);
    expect(refusals?.listed).toMatchObject([
      { bundle: "a", code: "SUBJECT_MISMATCH", expected: `sha256:${sha256("x")}` },
      { bundle: "b", code: "SUBJECT_MISMATCH", expected: `sha256:${sha256("y")}` },
      { bundle: "c", code: "SIGNER_UNTRUSTED" },
    ]);
  });

  it("are of an image by its digest alone", async () => {
    const named = untrusted("a", { subject: [subject("ghcr.io/octo/app", "b")] });
    const same = untrusted("b", { subject: [subject("ghcr.io/octo/app", "a")] });
    expect(shown((await refused([named, same], {}, image("a"))).refusals)).toEqual(["b: SIGNER_UNTRUSTED"]);
  });

  it("do not depend on the order of evidence", async () => {
    const items = [stated("a", SBOM), untrusted("b"), stated("c", { subject: [subject("tool", "x")] })];
    const expected = await refused(items);
    expect(expected.refusals?.count).toBe(3);
    expect(await refused(items.toReversed())).toEqual(expected);
  });
});

describe("the limits of refusals", () => {
  const refusal = (name: string) =>
    ({
      kind: "refused",
      name,
      findings: [unexpected(`no ${name}`)],
      claim: { statement: { subject: [{ name: "tool", digest: { sha256: sha256("a") } }] } },
    }) as unknown as Parameters<typeof judge>[1][number];
  const many = Array.from({ length: 10_000 }, (_none, index) => refusal(`e${String(index).padStart(5, "0")}`));

  it("bound what is listed of one artifact, and count the others", async () => {
    const { refusals } = await refused(many);
    expect(refusals?.count).toBe(10_000);
    expect(refusals?.listed).toHaveLength(MAX_LISTED_REFUSALS);
    expect(refusals?.listed[0]).toMatchObject({ bundle: "e00000", message: "no e00000" });
  });

  it("bound what is listed of all", async () => {
    const files = Array.from({ length: 100 }, (_none, index) => file(`f${index}`, "a"));
    const { verdicts } = await judge(files, many.slice(0, 30), { anyName: false });
    expect(verdicts.flatMap(({ refusals }) => refusals?.listed ?? [])).toHaveLength(MAX_REFUSALS);
    expect(verdicts.every(({ refusals }) => refusals?.count === 30)).toBe(true);
  });

  it("bound what is looked at", () => {
    const sayings = sortEvidence(many);
    const lister = refusalLister();
    const verdict = { status: "not-covered", statements: [], findings: [] } as const;
    const count = () => lister.of(file("other", "a"), verdict, sayings, null, new Map()).count;
    const counts = Array.from({ length: MAX_MENTIONS / many.length + 1 }, count);
    expect(counts.slice(0, -1).every((one) => one === many.length)).toBe(true);
    expect(counts.at(-1)).toBe(0);
  });
});
