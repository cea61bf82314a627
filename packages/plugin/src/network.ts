/** One HTTP exchange with a host that the user named, or that such a host referred us to. */
export interface HttpRequest {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** `https:`; `http:` only to a loopback address. No userinfo. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** A longer body ends the exchange with `INPUT_TOO_LARGE`. Unit: bytes. */
  readonly maxBody: number;
  /** Until the last byte of the body is there. Unit: milliseconds, above 0. */
  readonly timeoutMs: number;
  /**
   * The `host[:port]` that sent us to this URL, which must itself be permitted: a registry's token service, the place
   * where it keeps blobs. Null when the user named the URL's own host.
   */
  readonly referredBy: string | null;
  /** Ends this exchange with `ABORTED`, as the host's own signal ends all of them. */
  readonly signal?: AbortSignal;
}

/** What came back, whatever its status. Redirects are not followed: the caller decides what may go along. */
export interface HttpResponse {
  readonly status: number;
  /** Names in lower case; several of one name are joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** The same of a body that is too large to be held: read once, chunk by chunk, or left alone. */
export interface HttpStream extends Omit<HttpResponse, "body"> {
  /**
   * Each chunk is valid until the next is asked for. Whoever stops early ends the exchange.
   *
   * @throws TouchmarkError as `Host.fetch`, while it is read.
   */
  readonly body: AsyncIterable<Uint8Array>;
}

/** What a registry wants to know of a user. Never part of a message. */
export type RegistryCredentials =
  | { readonly kind: "basic"; readonly username: string; readonly password: string }
  | { readonly kind: "identity-token"; readonly token: string };
