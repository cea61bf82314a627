import type { WritableHost } from "./host.ts";
import type { SignedEnvelope } from "./signer.ts";

/** What became of one envelope in one place. */
export interface Receipt {
  /** The subject's name, or null when the place holds the whole release. */
  readonly subject: string | null;
  /** Where it is now: a path as the user would type it, or a URI. */
  readonly uri: string;
  /** True when the same bytes were there before. */
  readonly existed: boolean;
}

/** Puts envelopes where an ecosystem looks for them. Idempotent. */
export interface Publisher {
  readonly name: string;
  publish(envelopes: readonly SignedEnvelope[], host: WritableHost): Promise<readonly Receipt[]>;
}
