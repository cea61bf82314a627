import { TouchmarkError } from "@touchmark/core";
import type { Host, HttpRequest, HttpResponse, RegistryAddress } from "@touchmark/plugin";
import { referral } from "./referral.ts";
import { registryError } from "./registry-error.ts";
import { MAX_ANSWER_BYTES, MAX_REDIRECTS, REQUEST_TIMEOUT_MS } from "./registry-limits.ts";
import type { RegistryLogin } from "./registry-login.ts";
import { exchange, type Outcome, withRetries } from "./retry.ts";

/** A request to the registry itself. */
interface RegistryRequest {
  readonly method: HttpRequest["method"];
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** {@link MAX_ANSWER_BYTES} when absent. Unit: bytes. */
  readonly maxBody?: number;
  /** {@link REQUEST_TIMEOUT_MS} when absent. Unit: milliseconds. */
  readonly timeoutMs?: number;
}

/** Requests to one repository, as whoever the registry wants us to be. */
export interface RegistrySession {
  readonly address: RegistryAddress;
  /** A URL of the API: `manifests/latest` of this repository. */
  url(path: string): URL;
  /** Once, logged in, redirects of reads followed. */
  attempt(request: RegistryRequest): Promise<Outcome>;
  /** With retries. @throws TouchmarkError when no whole answer came. */
  send(request: RegistryRequest): Promise<HttpResponse>;
  /** The error for an answer that was not hoped for. */
  failure(response: HttpResponse, what: string, expected: string): TouchmarkError;
}

export interface SessionOptions {
  readonly address: RegistryAddress;
  readonly host: Host;
  readonly login: RegistryLogin;
  /** The path of the repository in the registry. */
  readonly repository: string;
  /** `repository:NAME:pull`. */
  readonly scope: string;
}

/** What came back, and whether from the registry itself or from where it redirected us. */
type Landing = Outcome & { readonly atHome: boolean };

export function registrySession({ address, host, login, repository, scope }: SessionOptions): RegistrySession {
  const home = new URL(address.origin);

  async function attempt(request: RegistryRequest): Promise<Outcome> {
    const used = login.current(scope);
    const first = await follow(request, used);
    // Who asks for a login is the registry; a challenge from where it redirected us would get an answer to another host.
    if (first.kind === "broken" || first.response.status !== 401 || !first.atHome) return first;
    const renewed = await login.renew(scope, used, first.response.headers["www-authenticate"]);
    return renewed === null ? first : follow(request, renewed);
  }

  async function follow(request: RegistryRequest, authorization: string | null): Promise<Landing> {
    let url = request.url;
    let sent = authorization;
    let referredBy: string | null = null;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
      const outcome = await exchange(host, httpRequest(request, url, sent, referredBy));
      if (outcome.kind === "broken" || !isRedirect(request, outcome.response)) {
        return { ...outcome, atHome: url.origin === home.origin };
      }
      const next = referral(outcome.response.headers["location"], url, `a redirect of ${url.host}`);
      if (next.origin !== url.origin) {
        // For good, also when a further redirect leads back.
        sent = null;
        referredBy = url.host;
      }
      url = next;
    }
    throw new TouchmarkError("REGISTRY_INVALID", `${address.registry} redirects without end`, {
      expected: `at most ${MAX_REDIRECTS} redirects`,
      actual: "more",
    });
  }

  return {
    address,
    url: (path) => new URL(`/v2/${repository}/${path}`, home),
    attempt,
    send: (request) => withRetries(host, () => attempt(request)),
    failure: (response, what, expected) =>
      registryError(
        response,
        what,
        response.status === 401 ? `credentials for exactly ${address.registry} that allow it` : expected,
        login.hide,
      ),
  };
}

/** Reads are redirected, to where blobs are kept; a body is sent nowhere but to the registry. */
function isRedirect({ method }: RegistryRequest, { status }: HttpResponse): boolean {
  return (method === "GET" || method === "HEAD") && [301, 302, 303, 307, 308].includes(status);
}

function httpRequest(
  { method, headers, body, maxBody, timeoutMs }: RegistryRequest,
  url: URL,
  authorization: string | null,
  referredBy: string | null,
): HttpRequest {
  return {
    method,
    url: url.href,
    headers: { ...headers, ...(authorization === null ? {} : { authorization }) },
    ...(body === undefined ? {} : { body }),
    maxBody: maxBody ?? MAX_ANSWER_BYTES,
    timeoutMs: timeoutMs ?? REQUEST_TIMEOUT_MS,
    referredBy,
  };
}
