import type { Bundle, MessageBundle } from "@touchmark/core";
import type { CloudBuildRecord } from "../cloud-build/record.ts";

/** One signed thing that some bytes hold, decoded and not verified. */
export type Piece = StatementPiece | SignaturePiece;

/** A signed payload, which should be a statement. Whatever wrapped it, it is read as a Sigstore bundle has it. */
export interface StatementPiece {
  readonly kind: "statement";
  readonly format: FormatName;
  readonly bundle: Bundle;
  /** Of an envelope with nothing around it: its log entry, and perhaps its certificate, can be found elsewhere. */
  readonly unlogged?: UnloggedEnvelope;
  /** Of npm's document: what its registry says beside this. Absent in every other format. */
  readonly registry?: RegistryWord;
  /**
   * What stood around the envelope where Google Cloud Build shows it. Then its keys alone count, each signing in its own way,
   * also without saying what it signs; without this member they count for nothing.
   */
  readonly cloudBuild?: CloudBuildRecord;
}

/** By what a log may know an envelope. */
export interface UnloggedEnvelope {
  /** SHA-256 of the envelope's JSON as it was found, without white space around it; lowercase hex. */
  readonly sha256: string;
}

/** What a document of npm's registry has besides provenance: its word for having published the package. */
export type RegistryWord =
  /** In the same document; both must hold. */
  | { readonly kind: "beside"; readonly bundle: Bundle }
  | { readonly kind: "missing" }
  /** The piece is that word itself: the document has no provenance. */
  | { readonly kind: "alone" };

/** A signature over a file itself. */
export interface SignaturePiece {
  readonly kind: "signature";
  readonly format: FormatName;
  readonly signature: MessageBundle;
}

/** What the bytes were read as. */
export type FormatName =
  | "sigstore-bundle"
  | "cloud-build"
  | "cosign"
  | "dsse"
  | "github"
  | "npm"
  | "pypi"
  | "tekton-chains";
