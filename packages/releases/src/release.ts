import type { ReleaseEvidence } from "./release-evidence.ts";

/** What a host of releases has under one name. Nobody has verified anything of it. */
export interface Release {
  /** Sorted by name; no name comes twice. */
  readonly assets: readonly Asset[];
  /**
   * What the host keeps about the release beside its files.
   *
   * @param saved - the files that were brought, each with its SHA-256 in hex.
   * @throws TouchmarkError when it could not be asked for all of it; what came before counts.
   */
  evidence(saved: readonly SavedAsset[]): AsyncIterable<ReleaseEvidence>;
}

export interface Asset {
  /** One segment of a path. */
  readonly name: string;
  /**
   * Brings the file; what the host said of its size and its digests is compared.
   *
   * @throws TouchmarkError `SERVICE_INVALID` for other bytes than the host itself said, and for a redirect to whom nobody
   * named; `LIMIT_EXCEEDED`; `NETWORK_UNAVAILABLE`, `SERVICE_UNAVAILABLE`, `SERVICE_DENIED`; what the sink throws.
   */
  save(sink: AssetSink): Promise<SavedAsset>;
}

/** Where the bytes of a file go. */
export interface AssetSink {
  /** Before the first byte of each attempt: what came before is worth nothing. */
  restart(): Promise<void>;
  /** The chunk is valid until this resolves. */
  write(chunk: Uint8Array): Promise<void>;
}

export interface SavedAsset {
  readonly name: string;
  /** Unit: bytes. */
  readonly size: number;
  /** Lowercase hex. */
  readonly sha256: string;
}
