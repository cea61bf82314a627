import { EKU, newTestKey, rootAuthority, rootOf, timestampAuthority } from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { impostor, other } from "../../test/attack-cases.ts";
import { AS_OF, outcome, rootsFrom, sign, sigstore, trusting } from "../../test/certificate-cases.ts";

// Authorities get new keys: evidence that is newer than the roots may be good.
describe("roots that are too old", () => {
  it.each([
    ["certificate authority", { fulcio: other.fulcio }],
    ["certificate authority with a new key", { fulcio: impostor() }],
    ["certificate log", { ctLog: newTestKey() }],
    ["transparency log", { rekorV2: other.rekorV2 }],
    ["timestamp authority", { timestamps: timestampAuthority("new", rootAuthority("new root")) }],
  ] as const)("cannot tell about a %s that is newer", async (_, changed) => {
    const bundle = sign({}, changed);
    expect(outcome(bundle, trusting({ roots: await rootsFrom(rootOf(sigstore), "2026-01-15T11:59:59Z") }))).toBe(
      "ROOTS_STALE",
    );
    expect(outcome(bundle, trusting({ roots: await rootsFrom(rootOf(sigstore), AS_OF) }))).not.toMatch(
      /ROOTS_STALE|verified/,
    );
  });

  it("still tell what is wrong with what they know", async () => {
    const old = await rootsFrom(rootOf(sigstore), "2026-01-01T00:00:00Z");
    expect(outcome(sign(), trusting({ roots: old }))).toBe("verified");
    expect(outcome(sign({ leaf: { purposes: [EKU.serverAuth] } }), trusting({ roots: old }))).toBe(
      "CERTIFICATE_INVALID",
    );
  });

  it("do not hide what other roots know, in whatever order", async () => {
    const strange = trusting({ roots: await rootsFrom(rootOf(other), "2026-01-01T00:00:00Z") });
    const tampered = structuredClone(sign());
    if (tampered.dsseEnvelope) tampered.dsseEnvelope.payload = Buffer.from("{}").toString("base64");
    const unheardOf = sign({}, { fulcio: impostor(), rekorV2: other.rekorV2 });
    for (const trust of [
      [strange, trusting()],
      [trusting(), strange],
    ]) {
      expect(outcome(tampered, ...trust)).toBe("LOG_ENTRY_INVALID");
      expect(outcome(unheardOf, ...trust)).toBe("ROOTS_STALE");
    }
  });
});
