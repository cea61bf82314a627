import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What a host of releases answers for one path and query. */
export interface HostAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object as JSON. */
  readonly body?: string | Uint8Array | object;
  /** What is wrong with the body: it never ends, it ends early. */
  readonly fault?: "endless" | "cut-off";
}

/** A host on 127.0.0.1 that answers as GitHub, GitLab, npm and PyPI document it, or wrongly. */
export interface ReleaseHost {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  readonly url: string;
  /** By path and query; what is not here is 404. */
  readonly answers: Map<string, HostAnswer>;
  readonly requests: { readonly path: string; readonly headers: IncomingHttpHeaders }[];
  readonly stop: () => Promise<void>;
}

export async function startReleaseHost(): Promise<ReleaseHost> {
  const answers = new Map<string, HostAnswer>();
  const requests: { readonly path: string; readonly headers: IncomingHttpHeaders }[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    requests.push({ path, headers: request.headers });
    send(answers.get(path) ?? { status: 404, body: { message: "Not Found" } }, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    url: `http://${host}`,
    answers,
    requests,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function send({ status = 200, headers = {}, body = "", fault }: HostAnswer, response: ServerResponse): void {
  const isText = typeof body === "string" || body instanceof Uint8Array;
  const bytes = Buffer.from(isText ? body : JSON.stringify(body));
  const type: Record<string, string> = isText ? {} : { "content-type": "application/json" };
  switch (fault) {
    case undefined:
      response.writeHead(status, { ...type, ...headers }).end(bytes);
      return;
    case "cut-off":
      response.writeHead(status, { ...headers, "content-length": `${bytes.byteLength + 1}` });
      response.write(bytes, () => response.destroy());
      return;
    case "endless": {
      response.writeHead(status, headers);
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      };
      response.on("drain", more);
      more();
      return;
    }
  }
}
