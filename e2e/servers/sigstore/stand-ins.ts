// `node stand-ins.mjs CONFIGURATION`, inside the test's own network: the issuers, the certificate log, and a server in
// front of each real one that can fail. A test speaks to it over a socket in the file system, which leads there.
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { testKeyOf } from "../../../packages/testkit/src/sigstore/test-key.ts";
import { ADDRESSES, PORTS, type ServerName } from "./addresses.ts";
import { ctLogAnswer } from "./ct-log-answers.ts";
import type { FaultWindow, SigstoreFault } from "./faults.ts";
import { bodyOf, FaultyServer, type FaultyServerOptions, forward, type Request } from "./faulty-server.ts";
import { issuerAnswer, tokenAnswer } from "./issuer-answers.ts";

export interface StandInConfiguration {
  readonly socket: string;
  readonly tokensKey: string;
  readonly ctLogKey: string;
  readonly tlsChain: string;
  readonly tlsKey: string;
}

export type StandInCommand =
  | { readonly do: "fail"; readonly server: ServerName; readonly fault: SigstoreFault; readonly window: FaultWindow }
  | { readonly do: "mend" }
  | { readonly do: "requests" }
  | ({ readonly do: "send" } & SentRequest);

/** A request from inside the network. */
export interface SentRequest {
  readonly port: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What came back, text as UTF-8; null: no answer. */
export interface GotAnswer {
  readonly status: number;
  readonly body: string;
}

/** A request as it came in. */
export interface SeenRequest {
  readonly server: ServerName;
  readonly method: string;
  readonly path: string;
  readonly headers: Request["headers"];
  readonly body: string;
}

const configuration = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as StandInConfiguration;
const read = (file: string) => readFileSync(file, "utf8");
const tokensKey = read(configuration.tokensKey);
const ctLogKey = testKeyOf(read(configuration.ctLogKey));
const requests: SeenRequest[] = [];

const tls = { cert: read(configuration.tlsChain), key: read(configuration.tlsKey) };
const servers: Readonly<Record<ServerName, FaultyServer>> = {
  fulcio: front("fulcio", PORTS.fulcio, PORTS.real.fulcio),
  rekor: front("rekor", PORTS.rekor, PORTS.real.rekor),
  timestamps: front("timestamps", PORTS.timestamps, PORTS.real.timestamps),
  rekorV1: front("rekorV1", PORTS.rekorV1, PORTS.real.rekorV1),
  ctLog: standIn("ctLog", { port: PORTS.ctLog, answer: (request) => ctLogAnswer(ctLogKey, request) }),
  issuer: standIn("issuer", { port: 443, tls, answer: (request) => issuerAnswer(tokensKey, request) }),
  tokens: standIn("tokens", {
    address: ADDRESSES.tokens,
    port: 443,
    tls,
    answer: (request) => tokenAnswer(tokensKey, request),
  }),
  login: standIn("login", {
    address: ADDRESSES.login,
    port: 443,
    tls,
    answer: ({ headers, ...request }) =>
      forward(PORTS.real.login, { ...request, headers: { ...headers, "x-forwarded-proto": "https" } }),
  }),
};

for (const one of Object.values(servers)) await one.listen();
createServer((incoming, response) => {
  obey(incoming).then(
    (answer) => response.end(JSON.stringify(answer ?? null)),
    (error: Error) => response.writeHead(500).end(error.message),
  );
}).listen(configuration.socket, () => console.log(`ready as ${process.pid}`));

async function obey(incoming: IncomingMessage): Promise<unknown> {
  const command = JSON.parse((await bodyOf(incoming)).toString()) as StandInCommand;
  switch (command.do) {
    case "fail":
      return servers[command.server].fail(command.fault, command.window);
    case "mend":
      await Promise.all(Object.values(servers).map((one) => one.mend()));
      return null;
    case "requests":
      return requests.splice(0);
    case "send":
      return sent(command).catch(() => null);
  }
}

async function sent({ port, body, ...request }: SentRequest): Promise<GotAnswer> {
  const { status, body: got = "" } = await forward(port, { ...request, host: "", body: Buffer.from(body) });
  return { status, body: got.toString() };
}

function front(name: ServerName, port: number, real: number): FaultyServer {
  return standIn(name, { port, answer: (request) => forward(real, request) });
}

function standIn(name: ServerName, options: Omit<FaultyServerOptions, "seen">): FaultyServer {
  const seen = ({ method, path, headers, body }: Request) => {
    requests.push({ server: name, method, path, headers, body: body.toString("latin1") });
  };
  return new FaultyServer({ ...options, seen });
}
