import { createHash } from "node:crypto";
import { encodeBase64 } from "@touchmark/core";
import type { ServiceCall } from "@touchmark/plugin";
import * as z from "zod";
import { checkBody, type Logged } from "./log-entry.ts";
import { envelopeOf, type SignedContent } from "./signed-content.ts";

/** How one kind of content stands in a log of Rekor v1. */
export interface EntryKind {
  readonly kindVersion: { readonly kind: string; readonly version: string };
  /** What is posted. */
  readonly proposed: unknown;
  /** @throws TouchmarkError `SERVICE_INVALID` for a body that is about another signature. */
  check(canonicalizedBody: string, call: ServiceCall): void;
}

/** The kind that all verifiers read: dsse 0.0.1 for an envelope, hashedrekord 0.0.1 for a file. */
export function entryKindOf({ content, ...logged }: Logged): EntryKind {
  const verifier = encodeBase64(new TextEncoder().encode(logged.certificate.pem));
  return content.kind === "envelope" ? dsse(content, logged.signature, verifier) : hashedRekord(logged, verifier);
}

const Sha256 = z.object({ algorithm: z.literal("sha256"), value: z.string() });

/** https://github.com/sigstore/rekor/tree/main/pkg/types/dsse/v0.0.1 */
const Dsse = z.object({
  kind: z.literal("dsse"),
  apiVersion: z.literal("0.0.1"),
  spec: z.object({
    payloadHash: Sha256,
    signatures: z.tuple([z.object({ signature: z.string(), verifier: z.string() })]),
  }),
});

/** The payload is sent for the log to hash; only its digest is kept. */
function dsse(
  content: Extract<SignedContent, { kind: "envelope" }>,
  signature: Uint8Array,
  verifier: string,
): EntryKind {
  const envelope = JSON.stringify(envelopeOf(content, signature));
  const payloadHash = createHash("sha256").update(content.payload).digest("hex");
  return {
    kindVersion: { kind: "dsse", version: "0.0.1" },
    proposed: {
      apiVersion: "0.0.1",
      kind: "dsse",
      spec: { proposedContent: { envelope, verifiers: [verifier] } },
    },
    check: (body, call) =>
      checkBody(
        body,
        Dsse,
        ({ spec }) =>
          spec.payloadHash.value === payloadHash &&
          spec.signatures[0].signature === encodeBase64(signature) &&
          spec.signatures[0].verifier === verifier,
        call,
      ),
  };
}

/** https://github.com/sigstore/rekor/tree/main/pkg/types/hashedrekord/v0.0.1 */
const HashedRekord = z.object({
  kind: z.literal("hashedrekord"),
  apiVersion: z.literal("0.0.1"),
  spec: z.object({
    data: z.object({ hash: Sha256 }),
    signature: z.object({ content: z.string(), publicKey: z.object({ content: z.string() }) }),
  }),
});

function hashedRekord({ digest, signature }: Omit<Logged, "content">, verifier: string): EntryKind {
  const value = Buffer.from(digest).toString("hex");
  const content = encodeBase64(signature);
  return {
    kindVersion: { kind: "hashedrekord", version: "0.0.1" },
    proposed: {
      apiVersion: "0.0.1",
      kind: "hashedrekord",
      spec: {
        data: { hash: { algorithm: "sha256", value } },
        signature: { content, publicKey: { content: verifier } },
      },
    },
    check: (body, call) =>
      checkBody(
        body,
        HashedRekord,
        ({ spec }) =>
          spec.data.hash.value === value &&
          spec.signature.content === content &&
          spec.signature.publicKey.content === verifier,
        call,
      ),
  };
}
