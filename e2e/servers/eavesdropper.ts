import { createServer, type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";

/** What is answered in the server's place. */
export interface OwnAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The connection ends after the body, whatever length was announced. */
  readonly cut?: boolean;
}

/** Stands between clients and a registry, as whoever runs the registry, or a proxy before it, can. */
export interface Eavesdropper {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  /** Every request so far: `GET /v2/octo/app/…`, and who the client said it is. */
  readonly heard: Heard[];
  /**
   * From now on, answers each request for which this gives an answer; passes the others on. `null` passes all of them on.
   */
  readonly answer: (instead: ((line: string) => OwnAnswer | null) | null) => void;
  readonly stop: () => Promise<void>;
}

interface Heard {
  readonly line: string;
  readonly authorization: string | null;
}

/** @param target - `127.0.0.1:PORT`. */
export async function startEavesdropper(target: string): Promise<Eavesdropper> {
  const heard: Heard[] = [];
  let own: ((line: string) => OwnAnswer | null) | null = null;
  const server = createServer((asked, response) => {
    const line = `${asked.method} ${asked.url}`;
    heard.push({ line, authorization: asked.headers.authorization ?? null });
    const instead = own?.(line) ?? null;
    if (instead !== null) {
      asked.resume();
      response.writeHead(instead.status, { ...instead.headers });
      if (instead.cut === true) response.write(instead.body ?? "", () => response.destroy());
      else response.end(instead.body ?? "");
      return;
    }
    const upstream = passedOn(asked, target, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    upstream.on("error", () => response.destroy());
    asked.pipe(upstream);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    answer: (instead) => {
      own = instead;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The Host header stays the client's, so that the registry names this address in its own. */
function passedOn({ method, url, headers }: IncomingMessage, target: string, done: (answer: IncomingMessage) => void) {
  const [hostname, port] = target.split(":");
  return request({ hostname, port, method, path: url, headers }, done);
}
