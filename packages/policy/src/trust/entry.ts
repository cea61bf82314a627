import type { TagRange } from "./tag-range.ts";

/** One entry of a trust file or a preset, read and understood. It names files; whoever reads them makes trust of it. */
export type TrustEntry = BuilderTrust | VerifierTrust;

interface NamedEntry {
  readonly name: string;
  /** Where it is written: `trust.yaml:12`, `preset:npm@2026-11`. */
  readonly place: string;
  /** Every proven time must lie between the two, both included; null where there is no end on that side. */
  readonly from: Date | null;
  readonly until: Date | null;
  readonly withoutLog: boolean;
  /** Relative to the file; null for those that the user chose otherwise. */
  readonly roots: string | null;
}

export interface BuilderTrust extends NamedEntry {
  readonly kind: "builder";
  readonly signer: TrustSigner;
  /** Null for Google Cloud Build, which names its builders itself. */
  readonly builders: "same-as-signer" | readonly string[] | null;
  /** 0 to 3. */
  readonly maxLevel: number;
  readonly operator: string | null;
  readonly runners: string | null;
  /** As `--source` takes it. */
  readonly source: string | null;
}

export interface VerifierTrust extends NamedEntry {
  readonly kind: "verifier";
  readonly signer: Exclude<TrustSigner, { readonly kind: "cloud-build" } | { readonly kind: "own-workflow" }>;
  readonly verifierId: string;
  /** What it may assert at most. */
  readonly levels: readonly string[];
  /** URIs; those that end in `*` stand for all that begin so. */
  readonly resources: readonly string[];
  /** How old its summaries may be; null for any age. Unit: milliseconds. */
  readonly maxAge: number | null;
}

export type TrustSigner =
  /** Relative to the file. */
  | { readonly kind: "key"; readonly path: string }
  | { readonly kind: "identity"; readonly issuer: string; readonly identity: string }
  | { readonly kind: "pattern"; readonly issuer: string; readonly pattern: string }
  | {
      readonly kind: "workflow";
      readonly issuer: string;
      /** `https://github.com/OWNER/REPO/.github/workflows/FILE.yml`. */
      readonly workflow: string;
      readonly tags: TagRange | null;
      readonly commits: readonly string[];
    }
  | { readonly kind: "own-workflow"; readonly issuer: string }
  | { readonly kind: "cloud-build" };

/** A file or a preset, read. */
export interface TrustList {
  /** As the user named it. */
  readonly label: string;
  /** SHA-256, lowercase hex. */
  readonly digest: string;
  readonly entries: readonly TrustEntry[];
  /** The presets that it names, each as `NAME@DATE`. */
  readonly presets: readonly string[];
}
