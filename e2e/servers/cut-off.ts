import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A wire to a server that can be cut. */
export interface CutOff {
  /** `127.0.0.1:PORT`: the same before and after. */
  readonly host: string;
  /** Cuts every connection, and each new one, once this many requests of the kind have passed from now on. */
  readonly cutAfter: (passed: number, request: RegExp) => void;
  readonly mend: () => void;
  readonly stop: () => Promise<void>;
}

/**
 * Passes connections on to a server, byte for byte.
 *
 * @param target - `127.0.0.1:PORT`.
 */
export async function startCutOff(target: string): Promise<CutOff> {
  const [host, port] = target.split(":");
  const sockets = new Set<Socket>();
  let cut: { left: number; readonly request: RegExp } | null = null;
  const drop = () => {
    for (const socket of sockets) socket.destroy();
  };
  const server = createServer((client) => {
    if (cut !== null && cut.left < 0) {
      client.destroy();
      return;
    }
    const upstream = connect(Number(port), host);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on("data", (chunk) => {
      if (cut?.request.test(chunk.toString("latin1"))) cut.left -= 1;
      if (cut !== null && cut.left < 0) drop();
      else upstream.write(chunk);
    });
    upstream.on("data", (chunk) => client.write(chunk));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    cutAfter: (passed, request) => {
      cut = { left: passed, request };
    },
    mend: () => {
      cut = null;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        drop();
      }),
  };
}
