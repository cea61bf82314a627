import { TouchmarkError } from "@touchmark/core";
import type { BuilderTrust, TrustEntry, VerifierTrust } from "./entry.ts";
import { MAX_TRUST_ENTRIES } from "./limits.ts";
import { buildersMeet } from "./overlap-builders.ts";
import { type KeyOf, signersMeet } from "./overlap-signers.ts";
import { sourcesMeet } from "./overlap-sources.ts";

/**
 * Refuses two entries that one signature could satisfy: what it is worth would depend on which of them is asked. Where it cannot be
 * known that none could, they overlap.
 *
 * @param keyOf - what tells the key of one entry from that of another; its path when absent.
 * @throws TouchmarkError `TRUST_OVERLAP`, with both places; `TRUST_INVALID` for two of one name, and for too many.
 */
export function checkOverlaps(entries: readonly TrustEntry[], keyOf: KeyOf = ({ path }) => path): void {
  if (entries.length > MAX_TRUST_ENTRIES) {
    throw new TouchmarkError("TRUST_INVALID", "there are too many trust entries", {
      expected: `at most ${MAX_TRUST_ENTRIES}`,
      actual: String(entries.length),
    });
  }
  for (const [index, right] of entries.entries()) {
    for (const left of entries.slice(0, index)) {
      if (overlap(left, right, keyOf)) {
        throw new TouchmarkError("TRUST_OVERLAP", `"${left.name}" and "${right.name}" are about the same signer`, {
          expected: "one entry for each signer, builder, source and time",
          actual: `${left.place} and ${right.place}`,
        });
      }
      if (left.name !== right.name) continue;
      throw new TouchmarkError("TRUST_INVALID", `two entries are called "${left.name}"`, {
        expected: "a name of its own for each",
        actual: `${left.place} and ${right.place}`,
      });
    }
  }
}

function overlap(left: TrustEntry, right: TrustEntry, keyOf: KeyOf): boolean {
  if (left.kind === "verifier" || right.kind === "verifier") {
    return left.kind === "verifier" && right.kind === "verifier" && verifiersMeet(left, right, keyOf);
  }
  return (
    windowsMeet(left, right) &&
    (left.runners === null || right.runners === null || left.runners === right.runners) &&
    sourcesMeet(left, right) &&
    signersMeet(left, right, keyOf) &&
    buildersMeet(left, right)
  );
}

function windowsMeet(left: TrustEntry, right: TrustEntry): boolean {
  return isBefore(left.from, right.until) && isBefore(right.from, left.until);
}

function isBefore(from: Date | null, until: Date | null): boolean {
  return from === null || until === null || from <= until;
}

function verifiersMeet(left: VerifierTrust, right: VerifierTrust, keyOf: KeyOf): boolean {
  return (
    left.verifierId === right.verifierId &&
    windowsMeet(left, right) &&
    signersMeet(asBuilder(left), asBuilder(right), keyOf) &&
    left.resources.some((one) => right.resources.some((other) => resourcesMeet(one, other)))
  );
}

function asBuilder({ signer }: VerifierTrust): Pick<BuilderTrust, "signer" | "source"> {
  return { signer, source: null };
}

function resourcesMeet(left: string, right: string): boolean {
  const [one, other] = [left.replace(/\*$/, ""), right.replace(/\*$/, "")];
  if (left.endsWith("*") && right.endsWith("*")) return one.startsWith(other) || other.startsWith(one);
  if (left.endsWith("*")) return right.startsWith(one);
  return right.endsWith("*") ? left.startsWith(other) : left === right;
}
