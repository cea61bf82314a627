import type { Subject } from "@touchmark/core";
import type { Host } from "./host.ts";
import type { PlatformRun } from "./platform.ts";

/** Makes a bundle around a payload. */
export interface Signer {
  /** How it is named in what people read: `key`, `command`. */
  readonly name: string;
  /**
   * Signs the DSSE pre-authentication encoding of an in-toto payload.
   *
   * @param payload - the encoded statement; these bytes are signed and carried.
   * @returns a Sigstore bundle as one line of JSON.
   */
  sign(payload: Uint8Array, run: PlatformRun, host: Host): Promise<Uint8Array>;
  /**
   * Signs bytes as they are, for formats that are no DSSE envelope, such as cosign's image signatures.
   *
   * @returns the signature alone: DER for ECDSA over SHA-256, 64 bytes for Ed25519.
   */
  signMessage(message: Uint8Array, run: PlatformRun, host: Host): Promise<Uint8Array>;
}

/** A signed statement on its way to a store. */
export interface SignedEnvelope {
  /** The Sigstore bundle: one line of JSON without line end. */
  readonly bundle: Uint8Array;
  /** The subjects of the statement inside. */
  readonly subjects: readonly Subject[];
}
