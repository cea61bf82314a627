import { createHash } from "node:crypto";
import type { Bundle, MessageBundle } from "@touchmark/core";

/** What a bundle says and proves; a signature over a file itself has no payload. */
type Material = Omit<MessageBundle, "messageDigest"> & Partial<Pick<Bundle, "payloadType" | "payload">>;

/**
 * SHA-256 over everything in a bundle, lowercase hex. Each part of unknown length has its length before it, so that no two
 * sets of parts run into the same bytes.
 */
export function materialDigest(material: Material): string {
  const { mediaType, payloadType = null, payload = EMPTY, signature, signer, tlogEntries, timestamps } = material;
  const parts = [payload, signature, ...(signer.kind === "certificate" ? signer.chain : [])];
  const hint = signer.kind === "key" ? signer.hint : null;
  const lengths = parts.map(({ byteLength }) => byteLength);
  const hash = createHash("sha256").update(
    JSON.stringify([mediaType, payloadType, signer.kind, hint, tlogEntries, timestamps, lengths]),
  );
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}

const EMPTY = new Uint8Array();
