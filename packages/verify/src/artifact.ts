import type { DigestAlgorithm, DigestSet, Finding } from "@touchmark/core";

/** Something that the user wants to know about. */
export type Artifact = FileArtifact | DigestArtifact | ImageArtifact | TreeArtifact;

/** A file whose bytes were hashed. */
export interface FileArtifact {
  readonly kind: "file";
  /** Relative to the target, with forward slashes; the base name of a file that was given alone. */
  readonly name: string;
  /** `folder`: found below a folder target. `alone`: named by the user. It decides which names fit. */
  readonly place: "folder" | "alone";
  /** Over the bytes; must have sha256 and every acceptable algorithm of `acceptableAlgorithms(trusted)`. */
  readonly digests: DigestSet;
  /** Reads the purl out of a package file; null for a file that is no package. Called only when a purl is at stake. */
  readonly identify: (() => Promise<string | null>) | null;
  /** Its name says that it is evidence and it parses whole as evidence; then it may be set aside. */
  readonly looksLikeEvidence?: boolean;
  /** The purl of the package that it must be, beside what all artifacts must be; absent: any, or none. */
  readonly package?: string;
  /** Why some evidence was not seen, as of an image. */
  readonly gaps?: readonly Finding[];
}

/** What stands after the last slash of a file's name; a folder called `pkg:npm` makes no package of it. */
export function fileBaseName(artifact: FileArtifact): string {
  return artifact.name.slice(artifact.name.lastIndexOf("/") + 1);
}

/** A digest without bytes. */
export interface DigestArtifact {
  readonly kind: "digest";
  /** As the user wrote it: `sha256:…`. */
  readonly name: string;
  readonly algorithm: DigestAlgorithm;
  readonly hex: string;
}

/** An image manifest or index. A statement about an index says nothing of the platforms in it, and the other way round. */
export interface ImageArtifact {
  readonly kind: "image";
  /** As the report calls it: `ghcr.io/octo/app@sha256:…`. */
  readonly name: string;
  /** Registry and repository, as `parseReference` gives them; null where nobody said: in an image layout. */
  readonly repository: string | null;
  /** The layout that it lies in, as the user wrote it; null in a registry. */
  readonly layout: string | null;
  /**
   * The repository is said by a list that nobody signed. Then a subject must name exactly that repository, whatever else is
   * allowed. Absent: the user said the repository, or nobody did.
   */
  readonly isClaimed?: true;
  /** Of the manifest: the one that was asked for, and where its bytes were read those of `acceptableAlgorithms` too. */
  readonly digests: DigestSet;
  /** `linux/arm/v7`, as the index says of one of its platforms; null where it is not known. */
  readonly platform: string | null;
  /** Why it cannot hold, whatever is stated about it: bytes behind the digest that are others, missing or out of reach. */
  readonly obstacle: Obstacle | null;
  /**
   * Why some evidence was not seen. Where one of the codes is about something outside (exit status 3), a refusal for want
   * of evidence is `unknown` instead: what the evidence would have said is not known.
   */
  readonly gaps: readonly Finding[];
}

export interface Obstacle {
  readonly status: "tampered" | "not-covered" | "unknown";
  readonly findings: readonly Finding[];
}

/** A tree on the disk, as Nix makes them: a folder with all that is in it, a link, or a single file. */
export interface TreeArtifact {
  readonly kind: "tree";
  /** The base name; a subject must have exactly this one. */
  readonly name: string;
  /** `narSha256`; of a single file also sha256 and the others of `acceptableAlgorithms`. */
  readonly digests: DigestSet;
}

/** Every status that an artifact can have; the words are part of the report's schema. */
export const STATUSES = [
  "verified",
  "tampered",
  "not-covered",
  "untrusted",
  "policy",
  "evidence",
  "exception",
  "unknown",
] as const;

export type Status = (typeof STATUSES)[number];

/** A trusted statement that covers an artifact; null where it does not say. */
export interface CoveringStatement {
  /** The evidence's name: its file, with `:LINE` in a file of several bundles. */
  readonly bundle: string;
  /** `sha256:` and the digest of the evidence as it was found: of its file, or of its line without the line end. */
  readonly digest: string | null;
  readonly predicateType: string;
  /** `key:sha256:<digest of the public key>`, `identity:<the name in the certificate>`, or `cloud-build:<the name of the key>`. */
  readonly signer: string;
  /** Who identified the signer: the certificate's issuer claim; null for a key. */
  readonly issuer: string | null;
  /** The earliest time that a log or a timestamp authority vouches for; RFC 3339, UTC. Null for a key. */
  readonly signedAt: string | null;
  readonly builder: string | null;
  readonly source: string | null;
  readonly ref: string | null;
  readonly commit: string | null;
  /** SLSA Build level that the signer and the builder give, never read from the statement; of a summary, what its verifier assures. */
  readonly level: number | null;
  /** The entry of a trust file that gives it this level; null where flags said whom to believe. */
  readonly entry: string | null;
  /** Who runs the builder, as the entry says; null where it does not, and where flags said whom to believe. */
  readonly operator: string | null;
  /** What a trusted verifier says instead of provenance; null for provenance. */
  readonly summary: {
    readonly verifier: string;
    readonly resource: string;
    readonly timeVerified: string | null;
    readonly levels: string[];
  } | null;
  /** A registry that vouches for having published the package, with a key of its own; null where none was asked for. */
  readonly published: {
    readonly registry: string;
    readonly name: string;
    readonly version: string;
    /** What the registry calls its key. */
    readonly keyId: string;
    /** `sha256:` and the digest of the registry's public key in DER. */
    readonly key: string;
    /** The earliest time that a log or a timestamp authority vouches for; RFC 3339, UTC. */
    readonly signedAt: string;
  } | null;
}

/** A trusted statement about an artifact that covers nothing, and that was looked at. */
export type BesideStatement = Pick<CoveringStatement, "bundle" | "digest" | "predicateType">;

/** Why one piece of evidence about an artifact does not count, in its own words. */
export interface Refusal extends Finding {
  /** The evidence's name: its file, with `:LINE` in a file of several bundles. */
  readonly bundle: string;
}

export interface Refusals {
  /** Of all; at least as many where `MAX_MENTIONS` was reached. */
  readonly count: number;
  /** The first `MAX_LISTED_REFUSALS` of the artifact, as long as there are no more than `MAX_REFUSALS` in the run. */
  readonly listed: readonly Refusal[];
}

/** What holds for one artifact. */
export interface Verdict {
  readonly status: Status;
  readonly statements: readonly CoveringStatement[];
  readonly findings: readonly Finding[];
  /** Absent where nobody asked for any. */
  readonly beside?: readonly BesideStatement[];
  /** Why each piece of evidence does not count; absent where one does, and where the verdict needs none. */
  readonly refusals?: Refusals;
}
