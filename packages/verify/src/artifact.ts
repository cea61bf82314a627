import type { DigestAlgorithm, DigestSet } from "@touchmark/core";
import type { Finding } from "./finding.ts";

/** Something that the user wants to know about. */
export type Artifact = FileArtifact | DigestArtifact;

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
  readonly predicateType: string;
  /** `key:sha256:<digest of the public key>`. */
  readonly signer: string;
  readonly builder: string | null;
  readonly source: string | null;
  readonly ref: string | null;
  readonly commit: string | null;
  /** SLSA Build level that the signer and the builder give; never read from the statement. */
  readonly level: number | null;
}

/** What holds for one artifact. */
export interface Verdict {
  readonly status: Status;
  readonly statements: readonly CoveringStatement[];
  readonly findings: readonly Finding[];
}
