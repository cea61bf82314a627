import { RELEASE_V02 } from "@touchmark/core";
import { describe, expect, it } from "vitest";
import { evidence, subject } from "../../test/judge-cases.ts";
import { listed } from "../../test/release-cases.ts";
import { pieceOf, sha256, signed, testKey } from "../../test/signed-bundles.ts";
import { denials } from "../deny/denials.ts";
import { denyList } from "../deny/deny-list.ts";
import { examine } from "../examine.ts";
import { releaseLists } from "./release-lists.ts";

const key = testKey();
const other = testKey();
const [a, b] = [subject("a", "a"), subject("b", "b")];
const namesOf = (...all: Parameters<typeof releaseLists>[0]) => releaseLists(all).lists.map(({ name }) => name);

describe("releaseLists", () => {
  it("reads what the list says, and keeps the order of names", () => {
    const { lists } = releaseLists([
      listed(key, [a], { name: "2", version: "2.0.0" }),
      listed(key, [b], { name: "1" }),
    ]);
    expect(lists.map(({ name, release }) => [name, release])).toEqual([
      ["1", expect.objectContaining({ series: "pkg:generic/widgets", version: "1.0.0" })],
      ["2", expect.objectContaining({ version: "2.0.0" })],
    ]);
  });

  it("takes two that say the same for one, in any order, whoever signed them", () => {
    expect(namesOf(listed(other, [b, a], { name: "2" }), listed(key, [a, b], { name: "1" }))).toEqual(["1"]);
  });

  it.each([
    ["another version", { name: "2", version: "1.0.1" }, [a]],
    ["another subject", { name: "2" }, [a, b]],
    ["other bytes", { name: "2" }, [subject("a", "b")]],
  ])("does not, for %s", (_name, change, subjects) => {
    expect(namesOf(listed(key, [a], { name: "1" }), listed(key, subjects, change))).toEqual(["1", "2"]);
  });

  it("leaves out provenance, and a list by somebody else", () => {
    expect(namesOf(evidence("p", key, key, { subject: [a] }), listed(other, [a], { trusted: key }))).toEqual([]);
  });

  it("leaves out one that is denied", () => {
    const entry = { key: `sha256:${key.trust.digest}`, reason: "lost" };
    const list = denyList({ version: 1, deny: [entry] }, { label: "deny.json", digest: "ab".repeat(32) });
    const options = { trust: [key.trust], denials: denials([list]) };
    const statement = { subject: [a], predicateType: RELEASE_V02, predicate: { purl: "pkg:generic/w@1" } };
    const one = examine("r", pieceOf(signed(key, statement)), options);
    expect(one.kind).toBe("denied");
    expect(releaseLists([one]).lists).toEqual([]);
  });

  it("says why one that claims to be a list is none", () => {
    const broken = evidence("broken", key, key, { subject: [a], predicateType: RELEASE_V02, predicate: { purl: "x" } });
    expect(releaseLists([broken, listed(key, [a])])).toMatchObject({
      lists: [{ name: "r.release.sigstore.json" }],
      findings: [{ code: "STATEMENT_MALFORMED", message: expect.stringContaining("broken") }],
    });
  });

  it("lists that differ in a digest that we do not compare", () => {
    const digest = { sha256: sha256("a"), gitCommit: "ab".repeat(20) };
    expect(namesOf(listed(key, [a], { name: "1" }), listed(key, [{ ...a, digest }], { name: "2" }))).toHaveLength(2);
  });
});
