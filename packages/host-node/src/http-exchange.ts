import { TouchmarkError } from "@touchmark/core";
import { type HttpRequest, type HttpResponse, requestId } from "@touchmark/plugin";
import { aborted, throwIfAborted } from "./file-error.ts";

/** `fetch` of Node, or the one of a proxy. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Timers of Node end at once above this. Unit: milliseconds. */
export const MAX_TIMEOUT = 2 ** 31 - 1;

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

export function requestInit({ method, headers, body }: HttpRequest, signal: AbortSignal): RequestInit {
  return {
    method,
    headers: { "user-agent": "touchmark", ...headers, "accept-encoding": "identity" },
    ...(body === undefined ? {} : { body: body as Uint8Array<ArrayBuffer> }),
    redirect: "manual",
    signal,
  };
}

export function headersOf(response: Response): Record<string, string> {
  return Object.fromEntries([...response.headers].map(([name, value]) => [name.toLowerCase(), value]));
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

/** The system's or the parser's code; messages of either may quote the request. */
export function reasonOf(error: unknown): string {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (typeof code === "string" && /^[A-Z][A-Z0-9_]{1,60}$/.test(code)) return code;
  }
  return "the request could not be made";
}

export function unavailable(url: URL, expected: string, actual: string): TouchmarkError {
  return new TouchmarkError("NETWORK_UNAVAILABLE", `${url.host} did not answer`, { expected, actual });
}

export function brokenOff(url: URL, error: unknown, headers: Readonly<Record<string, string>>): TouchmarkError {
  const id = requestId(headers);
  return new TouchmarkError("REGISTRY_INVALID", `the answer of ${url.host} ends early`, {
    expected: "all of its body",
    actual: `a part of it: ${reasonOf(error)}${id === null ? "" : ` (request ${id})`}`,
  });
}

export function tooLarge(url: URL, max: number, actual: string): TouchmarkError {
  return new TouchmarkError("INPUT_TOO_LARGE", `the answer of ${url.host} is too large to read`, {
    expected: `at most ${max} bytes`,
    actual,
  });
}
