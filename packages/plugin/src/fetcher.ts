import type { Host } from "./host.ts";

/** An image by digest, in the repository where its evidence is looked for. */
export interface FetchTarget {
  /** `host[:port]/path`, without tag: `ghcr.io/octo/app`. */
  readonly repository: string;
  /** Of the manifest or index: `sha256:<hex>` or `sha512:<hex>`. */
  readonly digest: string;
}

/** Bytes that claim to be evidence; nobody has verified anything about them. */
export interface FetchedEvidence {
  /** How a report calls it: `ghcr.io/octo/app@sha256:… referrer sha256:…`. */
  readonly name: string;
  /** A Sigstore bundle as JSON, if the place keeps its word. */
  readonly bytes: Uint8Array;
}

/** Asks a place where an ecosystem keeps evidence. Checks no signature: what it gives is for `verify` to judge. */
export interface Fetcher {
  /** How it is named in what people read: `oci`. */
  readonly name: string;
  /**
   * What the place has about an image, each piece once. Nothing there gives nothing: that the evidence is missing is for
   * the verifier to say.
   *
   * @throws TouchmarkError `LIMIT_EXCEEDED` when there is more than anybody would read, since a flood could push the true
   * evidence out of sight; those of the place when it cannot be asked or answers against its protocol.
   */
  fetch(image: FetchTarget, host: Host): AsyncIterable<FetchedEvidence>;
}
