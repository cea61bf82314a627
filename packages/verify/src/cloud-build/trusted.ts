import type { Bundle, Json, Provenance, StatedStatement } from "@touchmark/core";
import type { SourcesByPolicy } from "../sources-by-policy.ts";
import type { Standing } from "../standing.ts";
import type { CloudBuildKey, CloudBuildKeys } from "./keys.ts";
import type { CloudBuildRecord } from "./record.ts";

/**
 * Google Cloud Build, believed for builds of one source. Made by {@link trustedCloudBuild} only. Its keys count for its own
 * provenance and for nothing else: some of them sign bare payloads.
 */
export interface CloudBuildTrust {
  readonly kind: "cloud-build";
  /** What the keys are called in reports: the user's folder, or that they came with the program. */
  readonly label: string;
  /** SHA-256 over the names and the keys, lowercase hex. */
  readonly digest: string;
  /** The day on which the keys were current; null where the user brought them. */
  readonly date: string | null;
  readonly keys: CloudBuildKeys;
  readonly source: CloudBuildSource;
  /** Null where a flag says to believe it. */
  readonly standing: Standing | null;
  /** What must hold of what it signs. Here, because it is loaded for those alone who believe it. */
  readonly checks: CloudBuildChecks;
  readonly [checked]: true;
}

/** What must have been built. */
export type CloudBuildSource =
  /** `repository` as the user meant it, `comparable` as it is compared; `ref` null for any. */
  | {
      readonly kind: "repository";
      readonly repository: string;
      readonly comparable: string;
      readonly ref: string | null;
    }
  /** An archive in storage, `gs://BUCKET/OBJECT`, of any generation. It is never a repository, whatever it is called. */
  | { readonly kind: "storage"; readonly uri: string }
  /** A policy says what is expected of each artifact; without one nothing holds. */
  | { readonly kind: "by-policy" };

declare const checked: unique symbol;

/** Google Cloud Build, once one of its keys is known to have signed. */
export interface CloudBuildSigner {
  readonly kind: "cloud-build";
  readonly trust: CloudBuildTrust;
  /** The key's name in Google's Cloud KMS. */
  readonly keyId: string;
  readonly key: CloudBuildKey;
  /** SHA-256 of the key's SubjectPublicKeyInfo in DER, lowercase hex. */
  readonly digest: string;
}

/** See the functions of these names. */
interface CloudBuildChecks {
  cloudBuildSigner(bundle: Bundle, trust: CloudBuildTrust): CloudBuildSigner;
  checkBuild(
    statement: StatedStatement,
    provenance: Provenance | null,
    key: CloudBuildKey,
    source: CloudBuildSource,
    sourcesByPolicy: SourcesByPolicy | null,
  ): void;
  checkRecord(record: CloudBuildRecord, signed: Json, statement: StatedStatement): void;
}
