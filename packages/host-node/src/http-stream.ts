import type { HttpRequest, HttpStream } from "@touchmark/plugin";
import { startClock } from "./exchange-clock.ts";
import { aborted } from "./file-error.ts";
import { brokenOff, type Fetch, headersOf, reasonOf, requestInit, tooLarge, unavailable } from "./http-parts.ts";

/**
 * One HTTP exchange whose body is read while it comes; see Host.
 *
 * @param url - the request's, admitted.
 * @throws TouchmarkError as `httpExchange`, before the body and while it is read.
 */
export async function httpStream(
  request: HttpRequest,
  url: URL,
  send: Fetch,
  ofHost: AbortSignal,
): Promise<HttpStream> {
  const clock = startClock(request, url, ofHost);
  const failure = (error: unknown, headers: Readonly<Record<string, string>> | null) => {
    if (clock.isAborted()) return aborted();
    if (clock.isLate()) return unavailable(url, `more of the answer within ${request.timeoutMs} ms`, "nothing");
    return headers === null ? unavailable(url, "an answer", reasonOf(error)) : brokenOff(url, error, headers);
  };
  let response: Response;
  try {
    response = await send(url.href, requestInit(request, clock.signal));
  } catch (error) {
    clock.end();
    throw failure(error, null);
  }
  clock.rest();
  const headers = headersOf(response);
  return { status: response.status, headers, body: chunks(response, headers) };

  /** Not a generator: one that was never asked for a chunk does nothing when it is left. */
  function chunks(answer: Response, head: Readonly<Record<string, string>>): AsyncIterable<Uint8Array> {
    const reader = answer.body?.getReader() ?? null;
    const declared = Number(head["content-length"] ?? "0");
    let length = 0;
    const over = async (): Promise<IteratorResult<Uint8Array>> => {
      clock.end();
      return { done: true, value: undefined };
    };
    const more = async (): Promise<IteratorResult<Uint8Array>> => {
      if (declared > request.maxBody) throw tooLarge(url, request.maxBody, `${declared} bytes`);
      const { done, value } = reader === null ? { done: true, value: undefined } : await next(reader, head);
      if (done || value === undefined) return over();
      length += value.byteLength;
      if (length > request.maxBody) throw tooLarge(url, request.maxBody, "more");
      return { done: false, value };
    };
    const iterator: AsyncIterator<Uint8Array> = {
      next: async () => {
        try {
          return await more();
        } catch (error) {
          clock.end();
          throw error;
        }
      },
      return: over,
    };
    return { [Symbol.asyncIterator]: () => iterator };
  }

  async function next(reader: ReadableStreamDefaultReader<Uint8Array>, head: Readonly<Record<string, string>>) {
    clock.start();
    try {
      return await reader.read();
    } catch (error) {
      throw failure(error, head);
    } finally {
      clock.rest();
    }
  }
}
