import { type Code, isTouchmarkError, TouchmarkError } from "@touchmark/core";
import {
  askService,
  type Host,
  type HttpResponse,
  jsonPost,
  type ServiceCall,
  serviceAnswer,
  serviceRefusal,
} from "@touchmark/plugin";
import { type LoggedBundles, openRekorEntries, rekorQuestion, type StatementPiece } from "@touchmark/verify";
import * as z from "zod";
import {
  MAX_ASKED_ENVELOPES,
  MAX_ASKED_IDS,
  MAX_ASKED_LOGS,
  MAX_FOUND_IDS,
  MAX_FURTHER_REQUESTS,
  MAX_LOG_ANSWER_BYTES,
} from "./log-limits.ts";

/** Asks logs for the entries of envelopes that came without theirs. */
export interface LogSearch {
  /**
   * What the logs know about an envelope. Nothing of it is verified; that a log answers what was not asked for changes nothing.
   *
   * @returns null where nobody is asked: for another piece, or after 100 envelopes.
   * @throws TouchmarkError as `askService`; once no answer came, for every envelope after it: such a log is not asked on.
   */
  entriesOf(piece: StatementPiece): Promise<LoggedBundles | null>;
}

/** 16 hex digits of the tree's number before the hash, or none. */
const Ids = z.array(z.string().regex(/^(?:[0-9a-f]{16})?[0-9a-f]{64}$/));

/** Faults that are about the log, and not about one question. */
const OUT_OF_REACH: readonly Code[] = ["NETWORK_UNAVAILABLE", "SERVICE_UNAVAILABLE"];

/** What comes with a search of an index that has nothing, or of a log that keeps none. */
const NOTHING = [404, 501];

/**
 * Asks Rekor v1, whose API finds entries by their ids and by hashes. Nothing but hashes is sent.
 * Source: https://github.com/sigstore/rekor/blob/main/openapi.yaml
 *
 * @param logs - addresses; the first four are asked, in this order, until one has an entry.
 * @param host - must be allowed to contact them.
 */
export function logSearch(logs: readonly string[], host: Host): LogSearch {
  let asked = 0;
  const further = { left: MAX_FURTHER_REQUESTS };
  let broken: TouchmarkError | null = null;
  return {
    async entriesOf(piece) {
      const question = await rekorQuestion(piece);
      if (question === null) return null;
      if (broken !== null) throw broken;
      if (asked === MAX_ASKED_ENVELOPES) return null;
      asked += 1;
      try {
        return await firstAnswer(logs.slice(0, MAX_ASKED_LOGS), { ...question, piece, further }, host);
      } catch (error) {
        if (isTouchmarkError(error) && OUT_OF_REACH.includes(error.code)) broken = error;
        throw error;
      }
    },
  };
}

interface Question {
  readonly piece: StatementPiece;
  readonly ids: readonly string[];
  readonly hashes: readonly string[];
  /** Requests for more than the first ten entries about one hash that are left. */
  readonly further: { left: number };
}

async function firstAnswer(
  logs: readonly string[],
  { piece: { bundle }, ids, hashes, further }: Question,
  host: Host,
): Promise<LoggedBundles | null> {
  for (const log of logs) {
    const byId = await entries(log, ids, host);
    if (byId.of(bundle).length > 0) return byId;
    for (const hash of hashes) {
      const found = (await idsOf(log, hash, host)).slice(0, MAX_FOUND_IDS);
      for (let at = 0; at < found.length; at += MAX_ASKED_IDS) {
        if (at > 0 && further.left === 0) break;
        if (at > 0) further.left -= 1;
        const some = await entries(log, found.slice(at, at + MAX_ASKED_IDS), host);
        if (some.of(bundle).length > 0) return some;
      }
    }
  }
  return openRekorEntries([]);
}

/** @param ids - at most ten. */
async function entries(log: string, ids: readonly string[], host: Host): Promise<LoggedBundles> {
  if (ids.length === 0) return openRekorEntries([]);
  const call = post(log, "log/entries/retrieve", { entryUUIDs: ids });
  const response = await askService(host, call);
  if (NOTHING.includes(response.status)) return openRekorEntries([]);
  if (response.status !== 200) throw serviceRefusal(call, response, "entries");
  return readAnswer(call, response);
}

async function readAnswer({ service, request }: ServiceCall, { body }: HttpResponse): Promise<LoggedBundles> {
  try {
    return await openRekorEntries([{ bytes: body, called: `${service} at ${new URL(request.url).host}` }]);
  } catch (error) {
    if (!isTouchmarkError(error)) throw error;
    throw new TouchmarkError("SERVICE_INVALID", error.message, error);
  }
}

async function idsOf(log: string, hash: string, host: Host): Promise<readonly string[]> {
  const call = post(log, "index/retrieve", { hash: `sha256:${hash}` });
  const response = await askService(host, call);
  if (NOTHING.includes(response.status)) return [];
  if (response.status !== 200) throw serviceRefusal(call, response, "ids of entries");
  return serviceAnswer(Ids, call, response, "ids of entries");
}

function post(log: string, path: string, body: unknown): ServiceCall {
  const url = `${log.replace(/\/$/, "")}/api/v1/${path}`;
  return { service: "the log", request: jsonPost(url, body, MAX_LOG_ANSWER_BYTES), secrets: [] };
}
