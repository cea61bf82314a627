/** Somebody who signed evidence that holds. */
export type GuideSigner =
  | {
      readonly kind: "key";
      /** The public key's file. */
      readonly file: string;
      /** `sha256:HEX` of the key in DER. */
      readonly digest: string;
    }
  | {
      readonly kind: "identity";
      readonly identity: string;
      readonly issuer: string;
      /** `https://HOST/PATH`; null where the evidence names none. */
      readonly source: string | null;
      readonly ref: string | null;
    };

/** A file of evidence that other tools may read. */
export interface GuideBundle {
  readonly path: string;
  /** One Sigstore bundle, and nothing else. */
  readonly isOneBundle: boolean;
  readonly predicateType: string;
  readonly subjects: number;
  readonly builder: string | null;
  readonly hasTimestamps: boolean;
  readonly hasLogEntries: boolean;
}

/** A file of the release that holds. */
export interface GuideFile {
  readonly path: string;
  /** Lowercase hex. */
  readonly sha256: string;
  readonly bundle: GuideBundle;
  readonly signer: GuideSigner;
}

/** What a guide is written from: of the release, nothing but what was verified. */
export interface GuideFacts {
  /** As they are typed where the reader stands. */
  readonly targets: readonly string[];
  readonly files: readonly GuideFile[];
  /** Artifacts that are no files: images, trees, digests. */
  readonly others: readonly string[];
  readonly signers: readonly GuideSigner[];
  /** Evidence that was named; none where it lies beside the artifacts. */
  readonly bundles: readonly string[];
  readonly ignore: readonly string[];
  /** Roots of the publisher's own; null for Sigstore's public-good ones. */
  readonly trustedRoot: string | null;
  readonly withoutLog: boolean;
  /** The list of the release that holds; null where there is none. */
  readonly list: { readonly series: string; readonly version: string; readonly bundle: string } | null;
}
