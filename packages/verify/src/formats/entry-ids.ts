import { createHash } from "node:crypto";
import type { Bundle } from "@touchmark/core";
import type { UnloggedEnvelope } from "./piece.ts";

/**
 * The ids under which Rekor v1 has an envelope, if it has it: an id is the hash of the entry's body as a leaf (RFC 6962,
 * 2.1), and of two kinds the body follows from the envelope and its certificate. So a log can be asked for the entry, and
 * gets to know nothing but a hash.
 *
 * @returns lowercase hex; none for an envelope without a certificate.
 */
export function entryIds(bundle: Bundle, { sha256 }: UnloggedEnvelope): readonly string[] {
  const { signature, signer } = bundle;
  const [leaf] = signer.kind === "certificate" ? signer.chain : [];
  if (leaf === undefined) return [];
  const verifier = base64(pemOf(leaf));
  const hash = (value: string) => ({ algorithm: "sha256", value });
  const payload = hash(payloadHash(bundle));
  // Members in the order of RFC 8785, as the log writes them.
  return [
    // https://github.com/sigstore/rekor/tree/main/pkg/types/intoto/v0.0.1
    {
      apiVersion: "0.0.1",
      kind: "intoto",
      spec: { content: { hash: hash(sha256), payloadHash: payload }, publicKey: verifier },
    },
    // https://github.com/sigstore/rekor/tree/main/pkg/types/dsse/v0.0.1
    {
      apiVersion: "0.0.1",
      kind: "dsse",
      spec: {
        envelopeHash: hash(sha256),
        payloadHash: payload,
        signatures: [{ signature: base64(signature), verifier }],
      },
    },
  ].map((body) => createHash("sha256").update("\0").update(JSON.stringify(body)).digest("hex"));
}

/** SHA-256, lowercase hex. */
export function payloadHash({ payload }: Bundle): string {
  return createHash("sha256").update(payload).digest("hex");
}

/** As Rekor writes it: lines of 64 characters. */
function pemOf(der: Uint8Array): Uint8Array {
  const lines = base64(der).match(/.{1,64}/g) ?? [];
  return Buffer.from(["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n"));
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
