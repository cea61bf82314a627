import { setImmediate } from "node:timers/promises";
import { TouchmarkError } from "@touchmark/core";
import type { HttpRequest, HttpResponse } from "@touchmark/plugin";
import { startClock } from "./exchange-clock.ts";
import { aborted } from "./file-error.ts";
import { brokenOff, type Fetch, headersOf, reasonOf, requestInit, tooLarge, unavailable } from "./http-parts.ts";

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
  const clock = startClock(request, url, ofHost);
  let headers: Readonly<Record<string, string>> | null = null;
  try {
    const response = await send(url.href, requestInit(request, clock.signal));
    headers = headersOf(response);
    return { status: response.status, headers, body: await bodyOf(response, request, url) };
  } catch (error) {
    if (clock.isAborted()) throw aborted();
    if (clock.isLate()) throw unavailable(url, `an answer within ${request.timeoutMs} ms`, "none that is whole");
    if (error instanceof TouchmarkError) throw error;
    if (headers !== null) throw brokenOff(url, error, headers);
    throw unavailable(url, "an answer", reasonOf(error));
  } finally {
    clock.end();
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
  // Node gives the connection back in the next turn: a request that follows at once would open another, with its TLS.
  await setImmediate();
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
