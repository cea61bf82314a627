import { isTouchmarkError, type Json, parseJson, TouchmarkError } from "@touchmark/core";
import * as z from "zod";
import type { Host } from "./host.ts";
import type { HttpRequest, HttpResponse } from "./network.ts";
import { requestId } from "./request-id.ts";
import {
  FIRST_SERVICE_PAUSE_MS,
  MAX_SERVICE_ATTEMPTS,
  MAX_SERVICE_PAUSE_MS,
  MAX_SERVICE_WORDS,
  SERVICE_PATIENCE_MS,
  SERVICE_TIMEOUT_MS,
} from "./service-limits.ts";

/** A request to a service that identities and signatures come from: a token issuer, a certificate authority, a log. */
export interface ServiceCall {
  /** What messages call it: `the certificate authority`. */
  readonly service: string;
  /** Made again when it fails, so it must be one that may arrive twice. */
  readonly request: Omit<HttpRequest, "timeoutMs">;
  /** For each attempt; 30 s when absent. Unit: milliseconds. */
  readonly timeoutMs?: number;
  /** Tokens that were sent. A service may repeat them; a message must not. */
  readonly secrets: readonly string[];
}

/** A request that posts JSON, and wants JSON. */
export function jsonPost(url: string, body: unknown, maxBody: number): ServiceCall["request"] {
  return {
    method: "POST",
    url,
    headers: { "content-type": "application/json", accept: "application/json" },
    body: new TextEncoder().encode(JSON.stringify(body)),
    maxBody,
    referredBy: null,
  };
}

/** Answers after which the same request may go well: those that say "later", by RFC 9110 and RFC 6585. */
const LATER = new Set([429, 500, 502, 503, 504]);

type Attempt =
  | { readonly kind: "answer"; readonly response: HttpResponse }
  | { readonly kind: "broken"; readonly error: TouchmarkError };

/**
 * Asks, and asks again with growing pauses while no whole answer comes or one that says "later": as often and as long as
 * anybody would wait. The host is told before each pause.
 *
 * @returns an answer of any other status; no redirect is followed.
 * @throws TouchmarkError `NETWORK_UNAVAILABLE` without an answer, `SERVICE_UNAVAILABLE` for 429 and 5xx, `SERVICE_INVALID`
 * for one that ends early or is too long, each after the last attempt and with the host's name; `NETWORK_REFUSED`, `ABORTED`.
 */
export async function askService(host: Host, call: ServiceCall): Promise<HttpResponse> {
  const began = host.elapsed();
  for (let number = 1; ; number += 1) {
    const attempt = await askOnce(host, call);
    if (attempt.kind === "answer" && !LATER.has(attempt.response.status)) return attempt.response;
    const failure = attempt.kind === "broken" ? attempt.error : serviceRefusal(call, attempt.response, "an answer");
    const pauseMs = number < MAX_SERVICE_ATTEMPTS ? pauseAfter(attempt, number) : null;
    if (pauseMs === null || host.elapsed() - began + pauseMs > SERVICE_PATIENCE_MS) throw failure;
    host.retrying?.({ failure, pauseMs });
    await host.wait(pauseMs);
  }
}

async function askOnce(host: Host, call: ServiceCall): Promise<Attempt> {
  const { request, timeoutMs = SERVICE_TIMEOUT_MS } = call;
  try {
    return { kind: "answer", response: await host.fetch({ ...request, timeoutMs }) };
  } catch (error) {
    if (!isTouchmarkError(error)) throw error;
    if (error.code === "NETWORK_UNAVAILABLE") return { kind: "broken", error: renamed(error, error.code, call) };
    if (error.code === "REGISTRY_INVALID") return { kind: "broken", error: renamed(error, "SERVICE_INVALID", call) };
    if (error.code === "INPUT_TOO_LARGE") throw renamed(error, "SERVICE_INVALID", call);
    throw error;
  }
}

/** The host's error, which names its host, with the service's name before it. */
function renamed(error: TouchmarkError, code: "NETWORK_UNAVAILABLE" | "SERVICE_INVALID", call: ServiceCall) {
  const { expected, actual, message } = error;
  return new TouchmarkError(code, `${call.service}: ${message}`, { expected, actual, cause: error });
}

/** What the service asks for, else twice as long each time; null when it asks for more than anybody waits. */
function pauseAfter(attempt: Attempt, failures: number): number | null {
  const asked = attempt.kind === "answer" ? retryAfter(attempt.response) : null;
  if (asked === null) return FIRST_SERVICE_PAUSE_MS * 2 ** (failures - 1);
  return asked > MAX_SERVICE_PAUSE_MS ? null : asked;
}

/** RFC 9110, 10.2.3: seconds, or a date, by the service's own clock. Unit of the result: milliseconds. */
function retryAfter({ headers }: HttpResponse): number | null {
  const text = headers["retry-after"] ?? "";
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  const pause = HTTP_DATE.test(text) ? Date.parse(text) - Date.parse(headers["date"] ?? "") : Number.NaN;
  return Number.isNaN(pause) ? null : Math.max(0, pause);
}

const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * The error for an answer that is not the wanted one: the service, its host, the status, the service's own words without
 * anything that looks like a token, and the number by which its operator finds the request.
 *
 * @param expected - what was hoped for: `201 and a certificate`.
 */
export function serviceRefusal(call: ServiceCall, response: HttpResponse, expected: string): TouchmarkError {
  const { status } = response;
  const host = new URL(call.request.url).host;
  const [code, problem] =
    status === 429 || status >= 500
      ? (["SERVICE_UNAVAILABLE", "could not do it now"] as const)
      : status >= 400
        ? (["SERVICE_DENIED", "refuses what it was asked"] as const)
        : (["SERVICE_INVALID", "answered against its protocol"] as const);
  const words = wordsOf(response.body, call.secrets);
  const id = requestId(response.headers);
  return new TouchmarkError(code, `${call.service} at ${host} ${problem}`, {
    expected,
    actual: `status ${status}${words === "" ? "" : `: ${words}`}${id === null ? "" : ` (request ${id})`}`,
  });
}

/**
 * The JSON document in an answer.
 *
 * @param expected - what it should be: `a certificate`.
 * @throws TouchmarkError `SERVICE_INVALID`, without the parser's words: they show a part of the answer, which may be secret.
 */
export function serviceAnswer<T>(schema: z.ZodType<T>, call: ServiceCall, response: HttpResponse, expected: string): T {
  const parsed = schema.safeParse(documentIn(response.body));
  if (parsed.success) return parsed.data;
  const id = requestId(response.headers);
  const place = parsed.error.issues[0]?.path.filter((part) => typeof part === "number" || SAFE_KEY.test(String(part)));
  const where = place === undefined || place.length === 0 ? "" : `, at ${place.join(".").slice(0, 200)}`;
  throw new TouchmarkError("SERVICE_INVALID", `${call.service} at ${new URL(call.request.url).host} answered wrongly`, {
    expected,
    actual: `something else${where}${id === null ? "" : ` (request ${id})`}`,
  });
}

const SAFE_KEY = /^[A-Za-z0-9_]{1,64}$/;

/** Null for what is no JSON, or JSON that two parsers could read in two ways. */
function documentIn(body: Uint8Array): Json {
  try {
    return parseJson(body, { what: "the answer", maxBytes: body.byteLength });
  } catch (error) {
    if (isTouchmarkError(error)) return null;
    throw error;
  }
}

/** gRPC gateways (Fulcio, Rekor v2) and Rekor v1 say `message`, GitHub too; the timestamp authority as well. */
const Words = z.object({ message: z.string() });

function wordsOf(body: Uint8Array, secrets: readonly string[]): string {
  const parsed = Words.safeParse(jsonOf(body));
  if (!parsed.success) return "";
  const hidden = secrets.reduce((text, secret) => text.replaceAll(secret, "…"), parsed.data.message);
  return (
    hidden
      // A JWT, or a piece of one.
      .replaceAll(/[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_.-]*/g, "…")
      .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
      .slice(0, MAX_SERVICE_WORDS)
      .trim()
  );
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return null;
  }
}
