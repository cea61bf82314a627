import { TouchmarkError } from "@touchmark/core";
import { type HttpRequest, requestId } from "@touchmark/plugin";

/** `fetch` of Node, or the one of a proxy. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

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
