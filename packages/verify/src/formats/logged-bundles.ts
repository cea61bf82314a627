import type { Bundle } from "@touchmark/core";

/** Log entries that did not come with the envelopes that they are about. */
export interface LoggedBundles {
  /**
   * The bundle with each entry that is about it: the same payload, signature and certificate, by what the entry itself says.
   * None of it is verified.
   *
   * @returns none where no entry is about it; at most 16.
   */
  of(bundle: Bundle): readonly Bundle[];
}
