import type { Evidence } from "@touchmark/verify";
import { describe, expect, it } from "vitest";
import { evidence } from "../../verify/test/judge-cases.ts";
import { sha256, testKey } from "../../verify/test/signed-bundles.ts";
import { heldEvidence } from "./held-evidence.ts";

const [key, stranger] = [testKey(), testKey()];
const made = (by: typeof key, name = "tool"): Evidence =>
  evidence("e", by, key, { subject: [{ name, digest: { sha256: sha256("a") } }] });
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

  it("counts the length of names", () => {
    const held = heldEvidence({ claimed: 2 * ONE, stated: ONE });
    held.keep(made(stranger));
    expect(held.keep(made(stranger, "tools"))).toMatchObject({ claim: null });
  });
});
