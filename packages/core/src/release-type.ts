import type { StatedStatement } from "./statement.ts";

/** https://github.com/in-toto/attestation/blob/main/spec/predicates/release.md */
export const RELEASE_V02 = "https://in-toto.io/attestation/release/v0.2";
/** The same without `packageId`: read, never written. */
export const RELEASE_V01 = "https://in-toto.io/attestation/release/v0.1";

/** True for a statement that claims to list a release. */
export function isReleaseList({ predicateType }: Pick<StatedStatement, "predicateType">): boolean {
  return predicateType === RELEASE_V02 || predicateType === RELEASE_V01;
}
