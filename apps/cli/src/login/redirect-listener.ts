import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { TouchmarkError } from "@touchmark/core";
import { readUrl } from "@touchmark/plugin";
import { MAX_REDIRECT_BYTES, REDIRECT_MS } from "./limits.ts";

/** What waits for the browser to come back from the login service: RFC 8252, 7.3. */
export interface RedirectListener {
  /** `http://127.0.0.1:PORT/callback`. */
  readonly redirectUri: string;
  /**
   * The address that the browser was sent to, with the code or the service's error in it.
   *
   * @throws TouchmarkError `LOGIN_FAILED` for another login's state, or when nobody came in time; `ABORTED`.
   */
  readonly answer: Promise<URL>;
  close(): void;
}

const PATH = "/callback";

/**
 * Listens on a port of this machine that nobody else has. The first request to the redirect's path ends it, whatever it
 * says: whoever guesses has one try.
 *
 * @param state - what the request to the service held (RFC 6749, 10.12): an answer without it is to somebody else's login.
 * @throws TouchmarkError `LOGIN_FAILED` where no port can be had.
 */
export async function listenForRedirect(
  state: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<RedirectListener> {
  const server = createServer({ maxHeaderSize: MAX_REDIRECT_BYTES, requestTimeout: REDIRECT_MS });
  server.maxConnections = 8;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => reject(noPort(cause))).listen(0, "127.0.0.1", resolve);
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const redirectUri = `http://${host}${PATH}`;
  const answer = firstAnswer(server, { host, state, timeoutMs, signal }).finally(() => server.close());
  // Whoever waits sees it; when nobody comes so far there was another error.
  answer.catch(() => undefined);
  return {
    redirectUri,
    answer,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

interface Expected {
  readonly host: string;
  readonly state: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

function firstAnswer(server: Server, { host, state, timeoutMs, signal }: Expected): Promise<URL> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new TouchmarkError("ABORTED", "the login was interrupted", { actual: "interrupted" }));
    const timer = setTimeout(() => reject(tooLate(timeoutMs)), timeoutMs);
    signal.addEventListener("abort", stop, { once: true });
    server.once("close", () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
    });
    server.on("request", (request, response) => {
      const url = redirectIn(request, host);
      if (url === null) return respond(response, 404, "There is nothing here.");
      if (!hasState(url, state)) {
        respond(response, 400, "This is the answer to another login. Nothing was done.");
        return reject(notOurs());
      }
      const went = url.searchParams.has("code") && !url.searchParams.has("error");
      const words = went ? "You can close this window." : "The login did not succeed. The terminal says why.";
      respond(response, went ? 200 : 400, words);
      resolve(url);
    });
  });
}

/** Null for what no browser sends that the service sent here. Another name in `Host` is a page that rebinds its name. */
function redirectIn({ method, url = "", headers }: IncomingMessage, host: string): URL | null {
  if (method !== "GET" || headers.host !== host || !url.startsWith("/")) return null;
  // Not by what `new URL` makes of it beside a base: `//host` is another host there, and `//[` throws.
  const asked = readUrl(`http://${host}${url}`);
  return asked?.pathname === PATH ? asked : null;
}

function hasState(url: URL, state: string): boolean {
  const [given, second] = url.searchParams.getAll("state");
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return given !== undefined && second === undefined && timingSafeEqual(digest(given), digest(state));
}

/** Nothing of the request is repeated. */
function respond(response: ServerResponse, status: number, words: string): void {
  response.writeHead(status, {
    "content-type": "text/plain; charset=utf-8",
    "content-security-policy": "default-src 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    connection: "close",
  });
  response.end(`${words}\n`);
}

function tooLate(timeoutMs: number): TouchmarkError {
  return new TouchmarkError("LOGIN_FAILED", "nobody logged in", {
    expected: `a login within ${Math.ceil(timeoutMs / 1_000)} seconds`,
    actual: "none",
  });
}

function noPort(cause: NodeJS.ErrnoException): TouchmarkError {
  return new TouchmarkError("LOGIN_FAILED", "nothing here can wait for the browser's answer", {
    expected: "a port on 127.0.0.1, or --login=device, which needs none",
    actual: cause.code ?? "an error",
    cause,
  });
}

function notOurs(): TouchmarkError {
  return new TouchmarkError("LOGIN_FAILED", "an answer came that belongs to another login", {
    expected: "the state that this login began with",
    actual: "another, or none",
  });
}
