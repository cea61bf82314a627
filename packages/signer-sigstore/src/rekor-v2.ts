import { encodeBase64 } from "@touchmark/core";
import { askService, type Host, jsonPost, type ServiceCall, serviceAnswer, serviceRefusal } from "@touchmark/plugin";
import * as z from "zod";
import { MAX_LOG_ANSWER_BYTES, MAX_PROOF_HASHES } from "./limits.ts";
import { Base64, checkBody, type LogEntry, type Logged } from "./log-entry.ts";
import { isMade } from "./service-call.ts";

/** 64-bit numbers are text in JSON of protobuf, and 0 is left out. */
const Index = z.string().regex(/^\d{1,19}$/);
const KindVersion = z.object({ kind: z.literal("hashedrekord"), version: z.literal("0.0.2") });

const Answer = z.object({
  logIndex: Index.optional(),
  logId: z.object({ keyId: Base64 }),
  kindVersion: KindVersion,
  inclusionProof: z.object({
    logIndex: Index.optional(),
    rootHash: Base64,
    treeSize: Index,
    hashes: z.array(Base64).max(MAX_PROOF_HASHES).optional(),
    checkpoint: z.object({ envelope: z.string().min(1) }),
  }),
  canonicalizedBody: Base64,
});

const Body = z.object({
  kind: z.literal("hashedrekord"),
  apiVersion: z.literal("0.0.2"),
  spec: z.object({
    hashedRekordV002: z.object({
      data: z.object({ algorithm: z.literal("SHA2_256"), digest: z.string() }),
      signature: z.object({
        content: z.string(),
        verifier: z.object({ x509Certificate: z.object({ rawBytes: z.string() }) }),
      }),
    }),
  }),
});

/**
 * Enters a signature into a log of Rekor v2: a hashedrekord over the digest of what is signed, which is the only kind that it
 * takes (https://github.com/sigstore/architecture-docs/blob/main/rekor-v2-spec.md).
 *
 * @returns null where the log has the same entry already, which it does not give out: whoever asks then signs again, since
 * no two ECDSA signatures are the same.
 * @throws TouchmarkError `SERVICE_INVALID`, `SERVICE_DENIED`; those of `askService`.
 */
export async function enterInRekorV2(log: string, logged: Logged, host: Host): Promise<LogEntry | null> {
  const [digest, signature] = [encodeBase64(logged.digest), encodeBase64(logged.signature)];
  const rawBytes = encodeBase64(logged.certificate.der);
  const hashedRekordRequestV002 = {
    digest,
    signature: {
      content: signature,
      verifier: { keyDetails: "PKIX_ECDSA_P256_SHA_256", x509Certificate: { rawBytes } },
    },
  };
  const call: ServiceCall = {
    service: "the log",
    request: jsonPost(`${log}/api/v2/log/entries`, { hashedRekordRequestV002 }, MAX_LOG_ANSWER_BYTES),
    secrets: [],
  };
  const response = await askService(host, call);
  if (response.status === 409) return null;
  if (!isMade(response.status)) throw serviceRefusal(call, response, "an entry");
  const answer = serviceAnswer(Answer, call, response, "an entry with its proof of inclusion");
  checkBody(
    answer.canonicalizedBody,
    Body,
    ({ spec: { hashedRekordV002: entry } }) =>
      entry.data.digest === digest &&
      entry.signature.content === signature &&
      entry.signature.verifier.x509Certificate.rawBytes === rawBytes,
    call,
  );
  const { logIndex = "0", inclusionProof: proof, ...entry } = answer;
  return {
    ...entry,
    logIndex,
    inclusionProof: { ...proof, logIndex: proof.logIndex ?? "0", hashes: proof.hashes ?? [] },
  };
}
