import { TouchmarkError } from "@touchmark/core";
import {
  askService,
  type Host,
  type HttpResponse,
  jsonPost,
  type ServiceCall,
  serviceAnswer,
  serviceRefusal,
} from "@touchmark/plugin";
import * as z from "zod";
import { MAX_LOG_ANSWER_BYTES, MAX_PROOF_HASHES } from "./limits.ts";
import { Base64, type LogEntry, type Logged } from "./log-entry.ts";
import { entryKindOf } from "./rekor-v1-kind.ts";
import { isMade } from "./service-call.ts";

const Hex = z.string().regex(/^(?:[0-9a-f]{2})+$/);
const Index = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
/** The tree's number, where it is there, and the hash of the leaf. */
const ENTRY_ID = /^(?:[0-9a-f]{16})?[0-9a-f]{64}$/;

/** https://github.com/sigstore/rekor/blob/main/openapi.yaml, LogEntry: one member, named by the entry's id. */
const Answer = z
  .record(
    z.string().regex(ENTRY_ID),
    z.object({
      body: Base64,
      integratedTime: Index,
      logID: Hex,
      logIndex: Index,
      verification: z.object({
        signedEntryTimestamp: Base64,
        inclusionProof: z.object({
          checkpoint: z.string().min(1),
          hashes: z.array(Hex).max(MAX_PROOF_HASHES),
          logIndex: Index,
          rootHash: Hex,
          treeSize: Index,
        }),
      }),
    }),
  )
  .refine((entries) => Object.keys(entries).length === 1);

/**
 * Enters a signature into a log of Rekor v1.
 *
 * @throws TouchmarkError `SERVICE_INVALID`, `SERVICE_DENIED`; those of `askService`.
 */
export async function enterInRekorV1(log: string, logged: Logged, host: Host): Promise<LogEntry> {
  const kind = entryKindOf(logged);
  const call: ServiceCall = {
    service: "the log",
    request: jsonPost(`${log}/api/v1/log/entries`, kind.proposed, MAX_LOG_ANSWER_BYTES),
    secrets: [],
  };
  const posted = await askService(host, call);
  // The same signature is there already: a request before this one did its work, and its answer was lost.
  const response = posted.status === 409 ? await fetchEntry(log, posted, call, host) : posted;
  if (!isMade(response.status)) throw serviceRefusal(call, response, "an entry");
  const [entry] = Object.values(serviceAnswer(Answer, call, response, "an entry with its promise and its proof"));
  if (entry === undefined) throw new TouchmarkError("INTERNAL", "an answer with one entry has none");
  kind.check(entry.body, call);
  return converted(entry, kind.kindVersion);
}

/** Of the address in the answer only the entry's id is used: the log itself is asked for it, and nobody else. */
async function fetchEntry(log: string, conflict: HttpResponse, call: ServiceCall, host: Host): Promise<HttpResponse> {
  const id = (conflict.headers["location"] ?? "").split("/").at(-1) ?? "";
  if (!ENTRY_ID.test(id)) throw serviceRefusal(call, conflict, "an entry, or the address of the one that is there");
  return askService(host, {
    ...call,
    request: {
      method: "GET",
      url: `${log}/api/v1/log/entries/${id}`,
      headers: { accept: "application/json" },
      maxBody: MAX_LOG_ANSWER_BYTES,
      referredBy: null,
    },
  });
}

function converted(entry: z.output<typeof Answer>[string], kindVersion: LogEntry["kindVersion"]): LogEntry {
  const { inclusionProof: proof, signedEntryTimestamp } = entry.verification;
  return {
    logIndex: String(entry.logIndex),
    logId: { keyId: fromHex(entry.logID) },
    kindVersion,
    integratedTime: String(entry.integratedTime),
    inclusionPromise: { signedEntryTimestamp },
    inclusionProof: {
      logIndex: String(proof.logIndex),
      rootHash: fromHex(proof.rootHash),
      treeSize: String(proof.treeSize),
      hashes: proof.hashes.map(fromHex),
      checkpoint: { envelope: proof.checkpoint },
    },
    canonicalizedBody: entry.body,
  };
}

function fromHex(hex: string): string {
  return Buffer.from(hex, "hex").toString("base64");
}
