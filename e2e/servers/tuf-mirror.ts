import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** How a mirror fails for some of its files. */
type MirrorFault =
  /** It answers with this status, and nothing else. */
  | { readonly kind: "status"; readonly status: number }
  /** It waits before it answers. Unit: milliseconds. */
  | { readonly kind: "late"; readonly ms: number }
  /** It announces the whole file, gives half of it and hangs up. */
  | { readonly kind: "half" }
  /** It gives bytes until nobody takes any more; without a length before. */
  | { readonly kind: "endless" }
  /** It gives other bytes. */
  | { readonly kind: "body"; readonly body: Uint8Array };

/** Serves the files of a TUF repository, on loopback. */
export interface TufMirror {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Paths that were asked for since the last call, in order. */
  readonly asked: () => readonly string[];
  /** From now on, files whose path matches are given so, until `mend`. */
  readonly fail: (path: RegExp, fault: MirrorFault) => void;
  readonly mend: () => void;
  /** Bytes that an endless file has given so far. */
  readonly given: () => number;
  readonly stop: () => Promise<void>;
}

/** @param folder - of the repository; read anew for every request. */
export async function startTufMirror(folder: string): Promise<TufMirror> {
  let fault: { readonly path: RegExp; readonly fault: MirrorFault } | null = null;
  let asked: string[] = [];
  let given = 0;
  const count = (bytes: number) => {
    given += bytes;
  };
  const server = createServer(async (request, response) => {
    const path = (request.url ?? "/").slice(1);
    asked.push(path);
    const failing = fault?.path.test(path) === true ? fault.fault : null;
    await (failing === null ? giveFile(folder, path, response) : giveWrongly(failing, folder, path, response, count));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: () => {
      const before = asked;
      asked = [];
      return before;
    },
    fail: (path, kind) => {
      fault = { path, fault: kind };
    },
    mend: () => {
      fault = null;
    },
    given: () => given,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function giveFile(folder: string, path: string, response: ServerResponse): Promise<void> {
  const file = /^(?:targets\/(?:registry\.npmjs\.org\/)?)?[\w.]+$/.test(path) ? join(folder, path) : null;
  const found = file === null ? null : await stat(file).catch(() => null);
  if (file === null || found === null || !found.isFile()) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { "content-length": found.size });
  createReadStream(file).pipe(response);
}

async function giveWrongly(
  fault: MirrorFault,
  folder: string,
  path: string,
  response: ServerResponse,
  count: (bytes: number) => void,
): Promise<void> {
  switch (fault.kind) {
    case "status":
      response.writeHead(fault.status).end();
      return;
    case "late":
      await sleep(fault.ms);
      await giveFile(folder, path, response);
      return;
    case "half": {
      const bytes = await readFile(join(folder, path));
      response.writeHead(200, { "content-length": bytes.byteLength });
      response.write(bytes.subarray(0, bytes.byteLength / 2), () => response.destroy());
      return;
    }
    case "endless":
      giveEndlessly(response, count);
      return;
    case "body":
      response.writeHead(200, { "content-length": fault.body.byteLength }).end(fault.body);
      return;
  }
}

function giveEndlessly(response: ServerResponse, count: (bytes: number) => void): void {
  const chunk = Buffer.alloc(65_536, " ");
  const more = () => {
    let takesMore = true;
    while (takesMore && !response.destroyed) {
      takesMore = response.write(chunk);
      count(chunk.byteLength);
    }
  };
  response.on("drain", more);
  response.writeHead(200);
  more();
}
