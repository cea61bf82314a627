import type { RuleEntry } from "../document/rule-entry.ts";
import type { RuleSigner } from "./exported.ts";

/** A rule about images, with whoever may sign for it. */
export interface ImageRule {
  /** Counted from 1, in the policy. */
  readonly number: number;
  readonly rule: RuleEntry;
  readonly images: readonly string[];
  readonly signers: readonly RuleSigner[];
}
