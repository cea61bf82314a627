import { createServer, type IncomingMessage, type Server, type ServerResponse, request as send } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { type FaultWindow, OpenFaults, type SigstoreFault } from "./faults.ts";

export interface Request {
  readonly method: string;
  /** The name in the request's `host`, without a port. */
  readonly host: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | string[] | undefined>>;
  readonly body?: Buffer | string;
}

export interface FaultyServerOptions {
  /** 127.0.0.1 when absent. */
  readonly address?: string;
  readonly port: number;
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly answer: (request: Request) => Answer | Promise<Answer>;
  readonly seen: (request: Request) => void;
}

/** A server that answers as told, except where a fault strikes. */
export class FaultyServer {
  readonly #options: FaultyServerOptions;
  readonly #faults = new OpenFaults();
  readonly #server: Server;

  constructor(options: FaultyServerOptions) {
    this.#options = options;
    const listener = (incoming: IncomingMessage, response: ServerResponse) => {
      this.#respond(incoming, response).catch(() => response.destroy());
    };
    this.#server = options.tls === undefined ? createServer(listener) : createTlsServer(options.tls, listener);
  }

  listen(): Promise<void> {
    const { port, address = "127.0.0.1" } = this.#options;
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject).listen(port, address, resolve);
    });
  }

  async fail(fault: SigstoreFault, window: FaultWindow): Promise<void> {
    this.#faults.add(fault, window);
    if (fault.kind !== "refuse" || !this.#server.listening) return;
    await new Promise((resolve) => {
      this.#server.close(resolve);
      this.#server.closeAllConnections();
    });
  }

  async mend(): Promise<void> {
    this.#faults.clear();
    if (!this.#server.listening) await this.listen();
  }

  async #respond(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url: path = "", headers } = incoming;
    const request = {
      method,
      path,
      headers,
      host: (headers.host ?? "").replace(/:\d+$/, ""),
      body: await bodyOf(incoming),
    };
    this.#options.seen(request);
    const fault = this.#faults.strike(`${method} ${path}`);
    if (fault === null) end(response, await this.#options.answer(request));
    else await strike(fault, response, () => this.#options.answer(request));
  }
}

/** The answer of the real server behind, byte for byte. */
export function forward(port: number, { method, path, headers, body }: Request): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const upstream = send({ host: "127.0.0.1", port, method, path, headers: { ...headers, connection: "close" } });
    upstream.on("error", reject).on("response", (answer) => {
      bodyOf(answer).then((bytes) => {
        const { "transfer-encoding": _, connection: __, ...rest } = answer.headers;
        resolve({ status: answer.statusCode ?? 502, headers: rest, body: bytes });
      }, reject);
    });
    upstream.end(body);
  });
}

async function strike(
  fault: SigstoreFault,
  response: ServerResponse,
  answer: () => Answer | Promise<Answer>,
): Promise<void> {
  switch (fault.kind) {
    case "answer":
      end(response, fault);
      return;
    case "bytes":
      end(response, { ...(await answer()), body: fault.body });
      return;
    case "half-body": {
      const { status, headers, body = "" } = await answer();
      const whole = Buffer.from(body);
      response.writeHead(status, { ...headers, "content-length": whole.length });
      response.write(whole.subarray(0, Math.floor(whole.length / 2)), () => response.destroy());
      return;
    }
    case "slow":
      await sleep(fault.ms);
      end(response, await answer());
      return;
    case "lost-answer":
      await answer();
      response.destroy();
      return;
    case "hang-up":
      response.destroy();
      return;
    case "silence":
      return;
    case "refuse":
      // A connection from before.
      response.destroy();
      return;
  }
}

function end(response: ServerResponse, { status, headers, body = "" }: Answer): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, { ...headers, "content-length": bytes.length });
  response.end(bytes);
}

export async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
