import { type Finding, finding, type StatedStatement } from "@touchmark/core";
import type { Evidence } from "@touchmark/verify";
import { MAX_CLAIMED_BYTES, MAX_STATED_BYTES } from "./check-limits.ts";

/** What is kept of evidence until everything is judged, within what one run may hold in memory. */
export interface HeldEvidence {
  /**
   * @returns the same; of nobody trusted without what it claims where that is too much together; null for what somebody trusted
   * states, where that is.
   */
  keep(evidence: Evidence): Evidence | null;
  /** True while everything that somebody trusted states was kept. */
  isWhole(): boolean;
  findings(): readonly Finding[];
}

/** @param limits - others for tests. */
export function heldEvidence(limits = { claimed: MAX_CLAIMED_BYTES, stated: MAX_STATED_BYTES }): HeldEvidence {
  let [claimed, stated] = [0, 0];
  let [forgotten, left] = [0, 0];
  return {
    keep(evidence) {
      switch (evidence.kind) {
        case "signature":
          return evidence;
        case "refused": {
          const bytes = evidence.claim === null ? 0 : sizeOf(evidence.claim.statement);
          if (bytes === 0 || claimed + bytes <= limits.claimed) {
            claimed += bytes;
            return evidence;
          }
          forgotten += 1;
          return { ...evidence, claim: null };
        }
        default: {
          // Of a list the whole statement is kept.
          const list = evidence.kind === "trusted" ? evidence.list : null;
          const bytes = sizeOf(list ?? evidence.verified.statement);
          if (stated + bytes <= limits.stated) {
            stated += bytes;
            return evidence;
          }
          left += 1;
          return null;
        }
      }
    },
    isWhole: () => left === 0,
    findings: () => [
      ...(forgotten === 0
        ? []
        : [tooMuch(`what ${statements(forgotten)} that nobody trusted signed mention`, limits.claimed)]),
      ...(left === 0 ? [] : [tooMuch(`what ${statements(left)} that somebody trusted signed state`, limits.stated)]),
    ],
  };
}

/** A subject, and the ways to find it. Measured with 500,000 of the smallest. Unit: bytes. */
const SUBJECT_BYTES = 1024;

function sizeOf({ subject, predicate }: StatedStatement): number {
  let bytes = predicate === null ? 0 : jsonSize(predicate);
  for (const { name = "", uri = "" } of subject) bytes += SUBJECT_BYTES + 4 * (name.length + uri.length);
  return bytes;
}

/**
 * What a value of JSON takes in memory: `{}` takes 64 bytes and `[]` 40, 20 times their text. Measured with Node 20 by values of
 * one kind each: it is 0.5 to 4 times what they take, and 1.8 times what provenance takes. Unit: bytes.
 */
function jsonSize(value: unknown): number {
  let bytes = 0;
  const waiting = [value];
  while (waiting.length > 0) {
    const one = waiting.pop();
    if (typeof one === "string") bytes += 24 + one.length;
    else if (typeof one === "number") bytes += 8;
    else if (typeof one === "object" && one !== null) {
      bytes += 64;
      for (const [key, inside] of Object.entries(one)) {
        bytes += Array.isArray(one) ? 8 : 32 + key.length;
        waiting.push(inside);
      }
    }
  }
  return bytes;
}

function statements(count: number): string {
  return count === 1 ? "1 statement" : `${count} statements`;
}

function tooMuch(what: string, limit: number): Finding {
  return finding("EVIDENCE_TOO_LARGE", `${what} is not used: there is too much of it`, {
    expected: `at most ${Math.floor(limit / SUBJECT_BYTES)} subjects in all, fewer where names or predicates are long`,
    actual: "more",
  });
}
