import type { DigestSet } from "@touchmark/core";

/** What a policy may know of an artifact. */
export interface ArtifactFacts {
  readonly kind: "file" | "digest" | "image" | "tree";
  /** As the report calls it. */
  readonly name: string;
  /**
   * What rules are matched with, the first that any of them fits: a file's path and base name, an image's repository, the
   * purl of a package. Never what only a statement calls it.
   */
  readonly names: readonly string[];
  /** Each `ALGORITHM:HEX`. */
  readonly digests: readonly string[];
  /** `linux/arm64`; null where it is no platform of an image. */
  readonly platform: string | null;
}

/** What a policy may know of one statement about an artifact: its signature held, under somebody who is trusted. */
export interface StatementFacts {
  /** What the evidence is called: a file, with `:LINE` where it holds several. */
  readonly evidence: string;
  readonly predicateType: string;
  /** The name and the digests of the subject that the artifact is. */
  readonly subject: { readonly name: string | null; readonly digest: DigestSet };
  /** The whole statement as JSON, for expressions; null unless `CompiledPolicy.wholeStatements`. */
  readonly statement: unknown;
  /** Null where the statement is no provenance (a verification summary). */
  readonly provenance: ProvenanceFacts | null;
  /** Null where the statement is no verification summary that passed and that its verifier may give. */
  readonly summary: SummaryFacts | null;
  readonly signer: SignerFacts;
  /** Milliseconds since 1970, each proven by a log or a timestamp authority, the earliest first; null where nothing proves any. */
  readonly times: readonly number[] | null;
  readonly standing: StandingFacts;
}

export interface ProvenanceFacts {
  readonly builderId: string;
  readonly buildType: string;
  /** Of v1 `externalParameters`; of v0.2 and v0.1 what stands for it, under the names that the version gives. */
  readonly externalParameters: Readonly<Record<string, unknown>>;
  /** Where it was built from; the certificate's word wins, and both agree where both say it. */
  readonly source: {
    readonly repository: string | null;
    readonly ref: string | null;
    readonly commit: string | null;
  };
}

export interface SummaryFacts {
  readonly verifierId: string;
  readonly resourceUri: string;
  readonly levels: readonly string[];
  /** Milliseconds since 1970; null where it does not say. */
  readonly timeVerified: number | null;
}

export interface SignerFacts {
  /** `key:sha256:HEX`, `identity:NAME`, `cloud-build:NAME`. */
  readonly shown: string;
  /** SHA-256 of the public key (SubjectPublicKeyInfo in DER), lowercase hex. */
  readonly keyDigest: string;
  /** What the certificate says; all null for a key. */
  readonly issuer: string | null;
  readonly identity: string | null;
  readonly builderCommit: string | null;
  readonly runner: string | null;
  readonly trigger: string | null;
  /** `https://github.com/octo/widgets`, as the certificate has it; also where the statement is no provenance. */
  readonly sourceRepository: string | null;
  readonly sourceRepositoryId: string | null;
  readonly sourceOwnerId: string | null;
}

/** What trust gives to the signer together with the builder, never what a document says. */
export interface StandingFacts {
  /** The entry's name; null for trust that flags gave. */
  readonly entry: string | null;
  /** SLSA Build level. */
  readonly level: number;
  /** Who runs the builder; entries without one count as the same, unknown operator. */
  readonly operator: string | null;
}
