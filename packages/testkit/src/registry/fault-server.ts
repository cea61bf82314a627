import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { FaultAnswer, FaultList, ServerName } from "./faults.ts";

/** A request as it came in, for tests to look at. */
export interface SeenRequest {
  readonly server: ServerName;
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface FaultServerOptions {
  readonly name: ServerName;
  readonly faults: FaultList;
  readonly requests: SeenRequest[];
  /** Does what is asked and says what to answer. */
  answer(request: SeenRequest): Answer;
}

export interface FaultServer {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  close(): Promise<void>;
}

/** A server on a free port of 127.0.0.1 that answers as told, except where a fault strikes. */
export async function startFaultServer(options: FaultServerOptions): Promise<FaultServer> {
  const server = createServer((incoming, response) => {
    bodyOf(incoming).then(
      (body) => respond(incoming, response, body, options),
      // The client went away: nobody is left to be answered.
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => closeServer(server) };
}

async function bodyOf(incoming: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Uint8Array);
  return new Uint8Array(Buffer.concat(chunks));
}

function respond(
  incoming: IncomingMessage,
  response: ServerResponse,
  body: Uint8Array,
  { name, faults, requests, answer }: FaultServerOptions,
): void {
  const { method = "", url: path = "" } = incoming;
  const headers = incoming.headers as Readonly<Record<string, string | undefined>>;
  const request: SeenRequest = { server: name, method, path, headers, body };
  requests.push(request);
  const fault = faults.strike(name, method, path);
  if (fault === null) send(response, method, answer(request));
  else strike(fault, response, request, answer);
}

function strike(
  fault: FaultAnswer,
  response: ServerResponse,
  request: SeenRequest,
  answer: (request: SeenRequest) => Answer,
): void {
  switch (fault.kind) {
    case "answer":
      send(response, request.method, fault);
      return;
    case "headers": {
      const right = answer(request);
      send(response, request.method, { ...right, headers: { ...right.headers, ...fault.headers } });
      return;
    }
    case "bytes":
      send(response, request.method, { ...answer(request), body: fault.bytes });
      return;
    case "half-body": {
      const right = answer(request);
      const whole = Buffer.from(right.body ?? "");
      response.writeHead(right.status, { ...right.headers, "content-length": whole.byteLength });
      response.write(whole.subarray(0, Math.floor(whole.byteLength / 2)), () => response.destroy());
      return;
    }
    case "hang-up":
      response.destroy();
      return;
    case "lost-answer":
      answer(request);
      response.destroy();
      return;
    case "broken-upload":
      answer({ ...request, body: request.body.subarray(0, fault.kept) });
      response.destroy();
      return;
    case "silence":
      return;
  }
}

function send(response: ServerResponse, method: string, { status, headers, body }: Answer): void {
  const bytes = Buffer.from(body ?? "");
  response.writeHead(status, { "content-length": bytes.byteLength, ...headers });
  response.end(method === "HEAD" || status === 204 ? undefined : bytes);
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
