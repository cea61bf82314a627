import { error } from "./distribution-api.ts";
import type { Answer, SeenRequest } from "./fault-server.ts";

/** How a test registry wants to know who asks. */
export type TestLogin =
  | { readonly kind: "none" }
  | { readonly kind: "basic"; readonly username: string; readonly password: string }
  /** With a token service on a port of its own. */
  | {
      readonly kind: "bearer";
      readonly username: string;
      readonly password: string;
      /** Given to the token service instead of a password. */
      readonly identityToken?: string;
      /** Whether who says no name gets a token to pull with. */
      readonly anonymousPull?: boolean;
      /** Requests that a token is good for; without end when absent. */
      readonly tokenUses?: number;
    };

/** Who is let in, and the tokens that were given out: token → `repository:NAME:ACTIONS` entries. */
export class RegistryLogin {
  readonly #login: TestLogin;
  readonly #tokens = new Map<string, { readonly scopes: readonly string[]; uses: number }>();
  #given = 0;

  constructor(login: TestLogin) {
    this.#login = login;
  }

  /** @returns null to let the request in, else what to answer. */
  refusal(request: SeenRequest, realm: string): Answer | null {
    const login = this.#login;
    const sent = request.headers["authorization"];
    if (login.kind === "none") return null;
    if (login.kind === "basic") {
      return sent === basic(login) ? null : unauthorized('Basic realm="test registry"');
    }
    const name = /^\/v2\/(.+?)\/(?:manifests|blobs|referrers)\//.exec(request.path)?.[1] ?? "";
    const action = ["GET", "HEAD"].includes(request.method) ? "pull" : "push";
    const scope = `repository:${name}:${action === "push" ? "pull,push" : "pull"}`;
    const token = this.#tokens.get(sent?.replace(/^Bearer /, "") ?? "");
    if (token === undefined || token.uses >= (login.tokenUses ?? Number.POSITIVE_INFINITY)) {
      return unauthorized(`Bearer realm="${realm}",service="test registry",scope="${scope}"`);
    }
    token.uses += 1;
    const granted = token.scopes.some(
      (one) => one.startsWith(`repository:${name}:`) && one.split(":")[2]?.split(",").includes(action),
    );
    return granted ? null : error(403, "DENIED", "requested access to the resource is denied");
  }

  /** https://github.com/distribution/distribution/blob/v3.0.0/docs/content/spec/auth/token.md, and oauth.md beside it. */
  token(request: SeenRequest): Answer {
    if (this.#login.kind !== "bearer") return error(404, "NOT_FOUND");
    const form =
      request.method === "POST"
        ? new URLSearchParams(new TextDecoder().decode(request.body))
        : new URL(request.path, "http://tokens").searchParams;
    const known =
      request.method === "POST"
        ? form.get("grant_type") === "refresh_token" && form.get("refresh_token") === this.#login.identityToken
        : request.headers["authorization"] === basic(this.#login);
    const scopes = form.getAll("scope").flatMap((one) => one.split(" "));
    const anonymous = request.method === "GET" && request.headers["authorization"] === undefined;
    if (!known && !(anonymous && this.#login.anonymousPull)) return error(401, "UNAUTHORIZED");
    this.#given += 1;
    const token = `token-${this.#given}-canary`;
    const granted = known ? scopes : scopes.map((one) => one.replace(/:[^:]*$/, ":pull"));
    this.#tokens.set(token, { scopes: granted, uses: 0 });
    return { status: 200, body: JSON.stringify(request.method === "POST" ? { access_token: token } : { token }) };
  }
}

function basic({ username, password }: { readonly username: string; readonly password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

function unauthorized(challenge: string): Answer {
  const { body, headers } = error(401, "UNAUTHORIZED");
  return {
    status: 401,
    headers: { ...headers, "www-authenticate": challenge },
    ...(body === undefined ? {} : { body }),
  };
}
