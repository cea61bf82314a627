import { TouchmarkError } from "@touchmark/core";
import {
  askService,
  type Host,
  type HttpResponse,
  readUrl,
  type ServiceCall,
  serviceAnswer,
  serviceRefusal,
  type z,
} from "@touchmark/plugin";
import { MAX_ANSWER_BYTES, MAX_REDIRECTS } from "./limits.ts";

/** Whom to ask, and who asks. */
export interface ApiOptions {
  /** What messages call it: `GitHub's API`. */
  readonly service: string;
  readonly home: URL;
  /** Sent to the home's own origin alone. */
  readonly authorization: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
  /** What makes a rate limit wider: `a token in GITHUB_TOKEN`. */
  readonly remedy: string;
}

/** Questions to one API. */
export interface ReleaseApi {
  /** A URL below the endpoint; each segment is encoded. */
  url(...segments: readonly string[]): URL;
  /**
   * @param url - of the endpoint's own origin.
   * @returns null where the API has nothing there.
   * @throws TouchmarkError as `askService`; `SERVICE_DENIED`, `SERVICE_UNAVAILABLE` for a rate limit, `SERVICE_INVALID` for an
   * answer that is none, and for a redirect to somebody else.
   */
  ask(url: URL, accept: string): Promise<ApiAnswer | null>;
}

export interface ApiAnswer {
  /** Where it came from in the end. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** @throws TouchmarkError `SERVICE_INVALID` */
  json<T>(schema: z.ZodType<T>, expected: string): T;
}

export function openApi({ service, home, authorization, secrets, remedy }: ApiOptions, host: Host): ReleaseApi {
  const callOf = (url: URL, accept: string): ServiceCall => ({
    service,
    request: {
      method: "GET",
      url: url.href,
      headers: { accept, ...authorization },
      maxBody: MAX_ANSWER_BYTES,
      referredBy: null,
    },
    secrets,
  });
  return {
    url: (...segments) => new URL([home.href.replace(/\/$/, ""), ...segments.map(encodeURIComponent)].join("/")),
    async ask(url, accept) {
      let at = url;
      for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
        // The token goes along with every request: none leaves the endpoint's origin.
        if (at.origin !== home.origin) throw elsewhere(service, home, at);
        const call = callOf(at, accept);
        const response = await askService(host, call);
        const { status, headers, body } = response;
        if (status === 200) return { url: at, headers, body, json: (...args) => answerOf(call, response, ...args) };
        if (status === 404 || status === 410) return null;
        if (isSpent(response)) throw spent(service, home, headers, remedy);
        const next = [301, 302, 307, 308].includes(status) ? readUrl(headers["location"] ?? "", at) : null;
        if (next === null) throw serviceRefusal(call, response, "200 and an answer");
        at = next;
      }
      throw new TouchmarkError("SERVICE_INVALID", `${service} at ${home.host} redirects without end`, {
        expected: `at most ${MAX_REDIRECTS} redirects`,
        actual: "more",
      });
    },
  };
}

function answerOf<T>(call: ServiceCall, response: HttpResponse, schema: z.ZodType<T>, expected: string): T {
  return serviceAnswer(schema, call, response, expected);
}

function elsewhere(service: string, home: URL, url: URL): TouchmarkError {
  return new TouchmarkError("SERVICE_INVALID", `${service} at ${home.host} sends us to somebody else`, {
    expected: home.origin,
    actual: `${url.protocol}//${url.host}`,
  });
}

/** https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api; GitLab's header is the second one. */
function isSpent({ status, headers }: HttpResponse): boolean {
  return status === 403 && (headers["x-ratelimit-remaining"] ?? headers["ratelimit-remaining"]) === "0";
}

function spent(service: string, home: URL, headers: ApiAnswer["headers"], remedy: string): TouchmarkError {
  const reset = headers["x-ratelimit-reset"] ?? headers["ratelimit-reset"] ?? "";
  const until = /^\d{1,10}$/.test(reset) ? ` until ${new Date(Number(reset) * 1_000).toISOString()}` : "";
  return new TouchmarkError("SERVICE_UNAVAILABLE", `${service} at ${home.host} answers no more requests for now`, {
    expected: `${remedy}, or another try later`,
    actual: `a rate limit that is used up${until}`,
  });
}
