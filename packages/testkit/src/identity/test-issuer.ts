import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { type Answer, type SeenRequest, startFaultServer } from "../registry/fault-server.ts";
import { type Fault, FaultList } from "../registry/faults.ts";

type Json = Readonly<Record<string, unknown>>;

/** How a token differs from an honest one. */
export interface TokenChange {
  readonly header?: Json;
  /** A member that is undefined is left out. */
  readonly claims?: Json;
  /** Signs instead of the issuer's own key; the issuer does not know it. */
  readonly key?: KeyObject;
  /** Changes the signature. */
  readonly signature?: (honest: Uint8Array) => Uint8Array;
}

/** An OpenID Connect issuer on 127.0.0.1, with an endpoint that answers as `ACTIONS_ID_TOKEN_REQUEST_URL` does. */
export interface TestIssuer {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly host: string;
  /** What a job would find in `ACTIONS_ID_TOKEN_REQUEST_URL`. */
  readonly endpoint: string;
  /** What the endpoint wants as `Bearer`. */
  readonly bearer: string;
  readonly requests: readonly SeenRequest[];
  /** A token with these claims; signed with ES256 where `alg` says so, else with RS256. */
  mint(claims: Json, change?: TokenChange): string;
  /** What the endpoint gives from now on. */
  give(token: (audience: string) => string): void;
  fail(fault: Fault): void;
  close(): Promise<void>;
}

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

let made: { readonly rsa: KeyPair; readonly ec: KeyPair } | null = null;
type KeyPair = { readonly publicKey: KeyObject; readonly privateKey: KeyObject };

/** One pair of each kind for a whole process: an RSA key takes longer to make than a test to run. */
function issuerKeyPairs() {
  made ??= {
    rsa: generateKeyPairSync("rsa", { modulusLength: 2048 }),
    ec: generateKeyPairSync("ec", { namedCurve: "P-256" }),
  };
  return made;
}

export async function startTestIssuer(): Promise<TestIssuer> {
  const { rsa, ec } = issuerKeyPairs();
  const keys = [
    { ...rsa.publicKey.export({ format: "jwk" }), use: "sig", alg: "RS256", kid: "rsa" },
    { ...ec.publicKey.export({ format: "jwk" }), use: "sig", alg: "ES256", kid: "ec" },
  ];
  const requests: SeenRequest[] = [];
  const faults = new FaultList();
  const bearer = "request-token-of-the-job";
  let token = (_audience: string): string => {
    throw new Error("the test did not say which token to give");
  };
  const server = await startFaultServer({ name: "issuer", faults, requests, answer: (request) => answer(request) });
  const url = `http://${server.host}`;

  function answer({ path, headers }: SeenRequest): Answer {
    const asked = new URL(path, url);
    if (asked.pathname === "/.well-known/openid-configuration") {
      return json({ issuer: url, jwks_uri: `${url}/keys`, id_token_signing_alg_values_supported: ["RS256", "ES256"] });
    }
    if (asked.pathname === "/keys") return json({ keys });
    if (asked.pathname !== "/token") return { status: 404 };
    if (headers["authorization"] !== `Bearer ${bearer}`) return { status: 401, body: '{"message":"no"}' };
    return json({ value: token(asked.searchParams.get("audience") ?? "") });
  }

  return {
    url,
    host: server.host,
    endpoint: `${url}/token?api-version=2.0`,
    bearer,
    requests,
    mint(claims, change = {}) {
      const header = { alg: "RS256", kid: "rsa", typ: "JWT", ...change.header };
      const isEc = header.alg === "ES256";
      const signed = `${part(isEc ? { ...header, kid: change.header?.["kid"] ?? "ec" } : header)}.${part({ ...claims, ...change.claims })}`;
      const key = change.key ?? (isEc ? ec.privateKey : rsa.privateKey);
      const honest = sign("sha256", Buffer.from(signed), { key, dsaEncoding: "ieee-p1363" });
      return `${signed}.${Buffer.from(change.signature?.(honest) ?? honest).toString("base64url")}`;
    },
    give: (next) => {
      token = next;
    },
    fail: (fault) => faults.add({ server: "issuer", ...fault }),
    close: () => server.close(),
  };
}

function json(value: unknown): Answer {
  return { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(value) };
}
