import { type Chain, intermediateAuthority, rootAuthority, timestampAuthority } from "./authorities.ts";
import type { TestLog } from "./rekor.ts";
import { newTestKey, type TestKey } from "./test-key.ts";
import { type TrustedRoot, trustedRoot } from "./trusted-root.ts";

/**
 * A whole Sigstore without a server: what signs, and the root that trusts it.
 *
 * To attack, sign with a changed copy, `{ ...sigstore, ctLog: newTestKey() }`, and verify with the root of the original.
 */
export interface TestSigstore {
  /** The intermediate that issues. */
  readonly fulcio: Chain;
  readonly ctLog: TestKey;
  readonly rekorV1: TestLog;
  readonly rekorV2: TestLog;
  /** The leaf that signs. */
  readonly timestamps: Chain;
}

export function testSigstore(): TestSigstore {
  const issuing = rootAuthority("fulcio root");
  return {
    fulcio: intermediateAuthority("fulcio intermediate", issuing),
    ctLog: newTestKey(),
    rekorV1: { version: 1, key: newTestKey(), baseUrl: "https://rekor.sigstore.test", tree: "1193050959916656506" },
    rekorV2: { version: 2, key: newTestKey("ed25519"), baseUrl: "https://log2026-1.rekor.sigstore.test" },
    timestamps: timestampAuthority("timestamps", rootAuthority("timestamps root")),
  };
}

/** The root that trusts all of it: a new object each time, for a test to change. */
export function rootOf({ fulcio, ctLog, rekorV1, rekorV2, timestamps }: TestSigstore): TrustedRoot {
  return trustedRoot({
    logs: [rekorV1, rekorV2],
    ctLogs: [{ key: ctLog, baseUrl: "https://ctfe.sigstore.test" }],
    certificateAuthorities: [{ authority: fulcio, uri: "https://fulcio.sigstore.test" }],
    timestampAuthorities: [{ authority: timestamps, uri: "https://timestamp.sigstore.test" }],
  });
}
