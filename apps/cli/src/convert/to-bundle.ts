import { BUNDLE_V03, type BundleMaterial, encodeBundle, encodeMessageBundle } from "@touchmark/core";
import type { Piece } from "@touchmark/verify";
import { valueAt } from "../inspect/stated.ts";
import type { Conversion } from "./conversion.ts";
import type { Loss } from "./loss.ts";

/** Versions of Sigstore's bundle, the newest first. */
const BUNDLE_VERSIONS = ["0.3", "0.2", "0.1"] as const;
export type BundleVersion = (typeof BUNDLE_VERSIONS)[number];

const MEDIA_TYPES = {
  "0.3": BUNDLE_V03,
  "0.2": "application/vnd.dev.sigstore.bundle+json;version=0.2",
  "0.1": "application/vnd.dev.sigstore.bundle+json;version=0.1",
} as const;

/** As the newest version that has a place for everything; where none has, the newest. */
export function toAnyBundle(piece: Piece): Conversion {
  const all = BUNDLE_VERSIONS.map((version) => toBundle(piece, version));
  return all.find(({ losses }) => losses.length === 0) ?? toBundle(piece, "0.3");
}

/**
 * As a bundle of one version. v0.1 takes log entries with a promise, later ones those with a proof; v0.3 has one
 * certificate, older ones a chain (https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_bundle.proto).
 */
export function toBundle(piece: Piece, version: BundleVersion): Conversion {
  const from = piece.kind === "statement" ? piece.bundle : piece.signature;
  const { signer, losses: ofSigner } = signerIn(from.signer, version);
  const confirmation = version === "0.1" ? "inclusionPromise" : "inclusionProof";
  const tlogEntries = from.tlogEntries.filter((entry) => valueAt(entry, confirmation) != null);
  const material = { mediaType: MEDIA_TYPES[version], signer, tlogEntries };
  const losses: readonly Loss[] = tlogEntries.length === from.tlogEntries.length ? [] : ["log-entries"];
  return {
    line:
      piece.kind === "statement"
        ? encodeBundle({ ...piece.bundle, ...material })
        : encodeMessageBundle({ ...piece.signature, ...material }),
    losses: [...ofSigner, ...losses],
  };
}

function signerIn(
  signer: BundleMaterial["signer"],
  version: BundleVersion,
): { readonly signer: BundleMaterial["signer"]; readonly losses: readonly Loss[] } {
  if (signer.kind === "key" || version !== "0.3" || signer.chain.length === 1) return { signer, losses: [] };
  return { signer: { kind: "certificate", chain: signer.chain.slice(0, 1) }, losses: ["certificate-chain"] };
}
