import { ISSUERS } from "./claims.ts";

/** Ports of the test's own network: what programs speak to, and the real servers behind it. */
export const PORTS = {
  fulcio: 9401,
  rekor: 9402,
  timestamps: 9403,
  rekorV1: 9404,
  ctLog: 9405,
  real: {
    fulcio: 9501,
    fulcioGrpc: 9511,
    fulcioMetrics: 9521,
    rekor: 9502,
    rekorGrpc: 9512,
    rekorMetrics: 9522,
    timestamps: 9503,
    rekorV1: 9504,
    trillian: 9505,
    trillianSigner: 9506,
    login: 9507,
  },
} as const;

/** Where a GitHub job asks for its token. */
export const TOKEN_HOST = "run-actions.actions.githubusercontent.com";

/** Verifiers tell logs apart by host, without the port. */
export const REKOR_V1_HOST = "localhost";

/** Of the servers on port 443. */
export const ADDRESSES = { issuer: "127.0.0.1", tokens: "127.0.0.2", login: "127.0.0.3" } as const;

/** The names that lead there, in the test's own network. */
export const HOSTS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.values(ISSUERS).map((url) => [new URL(url).hostname, ADDRESSES.issuer])),
  [new URL(ISSUERS.login).hostname]: ADDRESSES.login,
  [TOKEN_HOST]: ADDRESSES.tokens,
  [REKOR_V1_HOST]: "127.0.0.1",
};

/** The servers that can be made to fail; `issuer` is all of the issuers' documents, `tokens` where a job asks for one. */
export type ServerName = "fulcio" | "rekor" | "timestamps" | "rekorV1" | "ctLog" | "issuer" | "tokens" | "login";

/** What programs inside the network call the server of a port. */
export function addressOf(port: number): string {
  return `http://127.0.0.1:${port}`;
}
