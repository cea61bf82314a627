import { TouchmarkError } from "@touchmark/core";
import type { HttpRequest, HttpResponse } from "@touchmark/plugin";
import { aborted, throwIfAborted } from "./file-error.ts";
import {
  brokenOff,
  type Fetch,
  headersOf,
  MAX_TIMEOUT,
  reasonOf,
  requestInit,
  tooLarge,
  unavailable,
} from "./http-parts.ts";

/**
 * One HTTP exchange; see Host.
 *
 * @param url - the request's, admitted.
 * @throws TouchmarkError `NETWORK_UNAVAILABLE`, `REGISTRY_INVALID`, `INPUT_TOO_LARGE`, `ABORTED`; no message holds more
 * of the request than its host, since queries are signed and headers are secret.
 */
export async function httpExchange(
  request: HttpRequest,
  url: URL,
  send: Fetch,
  ofHost: AbortSignal,
): Promise<HttpResponse> {
  const signal = request.signal === undefined ? ofHost : AbortSignal.any([ofHost, request.signal]);
  throwIfAborted(signal);
  if (!(request.timeoutMs > 0)) throw unavailable(url, "a time limit above 0", `${request.timeoutMs} ms`);
  const stop = new AbortController();
  let late = false;
  const timer = setTimeout(
    () => {
      late = true;
      stop.abort();
    },
    Math.min(request.timeoutMs, MAX_TIMEOUT),
  );
  const interrupt = () => stop.abort();
  signal.addEventListener("abort", interrupt, { once: true });
  let headers: Readonly<Record<string, string>> | null = null;
  try {
    const response = await send(url.href, requestInit(request, stop.signal));
    headers = headersOf(response);
    return { status: response.status, headers, body: await bodyOf(response, request, url) };
  } catch (error) {
    if (signal.aborted) throw aborted();
    if (late) throw unavailable(url, `an answer within ${request.timeoutMs} ms`, "none that is whole");
    if (error instanceof TouchmarkError) throw error;
    if (headers !== null) throw brokenOff(url, error, headers);
    throw unavailable(url, "an answer", reasonOf(error));
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", interrupt);
    // Also ends what is left of a body that nobody reads to its end.
    stop.abort();
  }
}

/** The limit counts what arrives, unpacked where it was packed all the same: Content-Length may lie or be absent. */
async function bodyOf(response: Response, { maxBody }: HttpRequest, url: URL): Promise<Uint8Array> {
  if (response.body === null) return new Uint8Array();
  const declared = Number(response.headers.get("content-length") ?? "0");
  if (declared > maxBody) throw tooLarge(url, maxBody, `${declared} bytes`);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body) {
    length += chunk.byteLength;
    if (length > maxBody) throw tooLarge(url, maxBody, "more");
    chunks.push(chunk);
  }
  return joined(chunks, length);
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return whole;
}
