import { parseBundle, RELEASE_V02 } from "@touchmark/core";
import { type Evidence, examine } from "@touchmark/verify";
import { describe, expect, it } from "vitest";
import { evidence } from "../../verify/test/judge-cases.ts";
import { pieceOf, sha256, signedBytes, statementBytes, testKey } from "../../verify/test/signed-bundles.ts";
import { heldEvidence } from "./held-evidence.ts";

const [key, stranger] = [testKey(), testKey()];
const made = (by: typeof key, name = "tool"): Evidence =>
  evidence("e", by, key, { subject: [{ name, digest: { sha256: sha256("a") } }] });
const STATEMENT = {
  subject: [{ name: "tool", digest: { sha256: sha256("a") } }],
  predicateType: "https://example.com/p",
};

/** What is trusted, with its predicate, as a policy that looks into it keeps it. */
function kept(predicate: object): Evidence {
  const bundle = parseBundle(signedBytes(key, statementBytes({ ...STATEMENT, predicate })));
  return examine("e", pieceOf(bundle), { trust: [key.trust], wholeStatements: true });
}

/** What one subject called `tool` takes. */
const ONE = 1024 + 4 * 4;

describe("heldEvidence", () => {
  it("keeps all that fits, and says nothing then", () => {
    const held = heldEvidence({ claimed: ONE, stated: ONE });
    const [trusted, refused] = [made(key), made(stranger)];
    expect([held.keep(trusted), held.keep(refused)]).toEqual([trusted, refused]);
    expect([held.isWhole(), held.findings()]).toEqual([true, []]);
  });

  it("forgets what nobody trusted claims beyond the limit, and keeps why it was refused", () => {
    const held = heldEvidence({ claimed: 2 * ONE - 1, stated: ONE });
    held.keep(made(stranger));
    expect(held.keep(made(stranger))).toMatchObject({
      ...{ kind: "refused", claim: null, findings: [{ code: "SIGNER_UNTRUSTED" }] },
    });
    expect(held.keep(made(key))).toMatchObject({ kind: "trusted" });
    expect(held.isWhole()).toBe(true);
    expect(held.findings()).toMatchObject([{ code: "EVIDENCE_TOO_LARGE" }]);
  });

  it("does not keep what somebody trusted states beyond the limit, and is not whole then", () => {
    const held = heldEvidence({ claimed: ONE, stated: 2 * ONE - 1 });
    held.keep(made(key));
    expect(held.keep(made(key))).toBeNull();
    expect(held.isWhole()).toBe(false);
    expect(held.findings()).toMatchObject([{ code: "EVIDENCE_TOO_LARGE" }]);
  });

  it.each([
    ["text", { a: "x".repeat(10_000) }, 10_000],
    ["objects", { a: Array.from({ length: 1_000 }, () => ({})) }, 64_000],
    [
      "lists in lists",
      { a: Array.from({ length: 200 }, () => JSON.parse(`${"[".repeat(20)}${"]".repeat(20)}`)) },
      200_000,
    ],
    ["a long key", { ["k".repeat(10_000)]: 0 }, 10_000],
    ["keys", { a: Object.fromEntries(Array.from({ length: 1_000 }, (_, at) => [`k${at}`, true])) }, 20_000],
  ])("counts what is kept of a predicate: %s", (_, predicate, atLeast) => {
    const large = kept(predicate);
    const held = heldEvidence({ claimed: 0, stated: ONE + atLeast });
    expect(held.keep(large)).toBeNull();
    expect(held.keep(made(key))).toMatchObject({ kind: "trusted" });
    const enough = heldEvidence({ claimed: 0, stated: ONE + 2_000 + 5 * atLeast });
    expect(enough.keep(large)).toBe(large);
  });

  it("counts the predicate of a release's list, which is kept without a policy", () => {
    const release = { ...STATEMENT, predicateType: RELEASE_V02, predicate: { version: "1", more: "x".repeat(10_000) } };
    const bundle = parseBundle(signedBytes(key, statementBytes(release)));
    const list = examine("e", pieceOf(bundle), { trust: [key.trust] });
    expect(list).toMatchObject({ kind: "trusted", list: { predicateType: RELEASE_V02 } });
    expect(heldEvidence({ claimed: 0, stated: ONE + 10_000 }).keep(list)).toBeNull();
    expect(heldEvidence({ claimed: 0, stated: ONE + 11_000 }).keep(list)).toBe(list);
  });

  it("counts the length of names", () => {
    const held = heldEvidence({ claimed: 2 * ONE, stated: ONE });
    held.keep(made(stranger));
    expect(held.keep(made(stranger, "tools"))).toMatchObject({ claim: null });
  });
});
