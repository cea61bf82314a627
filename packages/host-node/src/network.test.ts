import dns from "node:dns";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, Socket } from "node:net";
import { gzipSync } from "node:zlib";
import type { HttpRequest } from "@touchmark/plugin";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { errorWords } from "../test/error-words.ts";
import { createNetwork, type Network } from "./network.ts";

let server: Server;
let here: string;
let respond: (request: IncomingMessage, response: ServerResponse) => void;
const { signal } = new AbortController();

beforeEach(async () => {
  respond = (_, response) => response.end("hello");
  server = createServer((request, response) => respond(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  here = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(
  () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
);

const granted = (...hosts: string[]): Network => createNetwork({ kind: "registries", hosts }, {}, signal);

function get(network: Network, url: string, more: Partial<HttpRequest> = {}) {
  return network.fetch({ method: "GET", url, maxBody: 1_000, timeoutMs: 5_000, referredBy: null, ...more });
}

describe("an exchange", () => {
  it("carries method, headers and body, and brings back what came", async () => {
    respond = async (request, response) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of request) chunks.push(chunk as Uint8Array);
      response.writeHead(418, { "X-Got": `${request.method} ${request.headers["x-sent"]}`, link: ["a", "b"] });
      response.end(Buffer.concat(chunks));
    };
    const body = new Uint8Array([0, 255, 10]);
    const request = { method: "PATCH", headers: { "X-Sent": "yes" }, body } as const;
    const response = await get(granted(here), `http://${here}/x?y`, request);
    expect(response.status).toBe(418);
    expect(response.headers).toMatchObject({ "x-got": "PATCH yes", link: "a, b" });
    expect([...response.body]).toEqual([0, 255, 10]);
  });

  it("follows no redirect", async () => {
    respond = (_, response) => response.writeHead(307, { location: "/elsewhere" }).end();
    expect(await get(granted(here), `http://${here}/`)).toMatchObject({
      status: 307,
      headers: { location: "/elsewhere" },
    });
  });

  it("leaves its connection to the request that follows at once", async () => {
    let connections = 0;
    server.on("connection", () => {
      connections += 1;
    });
    const network = granted(here);
    for (let number = 0; number < 3; number += 1) await get(network, `http://${here}/`);
    expect(connections).toBe(1);
  });

  it("asks for bytes as they are", async () => {
    respond = (request, response) => response.end(String(request.headers["accept-encoding"]));
    expect(new TextDecoder().decode((await get(granted(here), `http://${here}/`)).body)).toBe("identity");
  });
});

describe("a body", () => {
  const limited = (max: number) => get(granted(here), `http://${here}/`, { maxBody: max });

  it("may be as long as allowed", async () => {
    respond = (_, response) => response.end("x".repeat(100));
    expect((await limited(100)).body.byteLength).toBe(100);
    await expect(limited(99)).rejects.toMatchObject({ code: "INPUT_TOO_LARGE", actual: "100 bytes" });
  });

  it("without a length is counted while it comes, and left alone after", async () => {
    let sent = 0;
    respond = (_, response) => {
      const more = () => {
        while (!response.destroyed && sent < 1_000_000_000 && response.write(Buffer.alloc(65_536))) sent += 65_536;
      };
      response.on("drain", more);
      more();
    };
    await expect(limited(100_000)).rejects.toMatchObject({ code: "INPUT_TOO_LARGE", actual: "more" });
    expect(sent).toBeLessThan(100_000_000);
  });

  it("that was packed all the same is counted unpacked", async () => {
    const packed = gzipSync(Buffer.alloc(1_000_000));
    respond = (_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(packed);
    expect(packed.byteLength).toBeLessThan(10_000);
    await expect(limited(10_000)).rejects.toMatchObject({ code: "INPUT_TOO_LARGE" });
  });

  it("that ends early is no body", async () => {
    respond = (_, response) => {
      response.writeHead(200, { "content-length": "10", "x-request-id": "r-7" });
      response.write("half", () => response.destroy());
    };
    await expect(limited(100)).rejects.toMatchObject({
      code: "REGISTRY_INVALID",
      actual: expect.stringMatching(/^a part of it: \w+ \(request r-7\)$/),
    });
  });

  it("that a chunked answer breaks off is no body either", async () => {
    respond = (_, response) => {
      response.write("some", () => response.destroy());
    };
    await expect(limited(100)).rejects.toMatchObject({ code: "REGISTRY_INVALID" });
  });

  it("of a HEAD is empty, whatever its length would be", async () => {
    respond = (_, response) => response.writeHead(200, { "content-length": "5000" }).end();
    const answer = await get(granted(here), `http://${here}/`, { method: "HEAD", maxBody: 10 });
    expect(answer).toMatchObject({ status: 200, headers: { "content-length": "5000" } });
  });
});

describe("a host that does not answer", () => {
  it("is given up in time, before its answer or in the middle of it", async () => {
    respond = () => {};
    await expect(get(granted(here), `http://${here}/`, { timeoutMs: 50 })).rejects.toMatchObject({
      code: "NETWORK_UNAVAILABLE",
      expected: "an answer within 50 ms",
    });
    respond = (_, response) => response.write("begun");
    await expect(get(granted(here), `http://${here}/`, { timeoutMs: 200 })).rejects.toMatchObject({
      code: "NETWORK_UNAVAILABLE",
    });
    await expect(get(granted(here), `http://${here}/`, { timeoutMs: 0 })).rejects.toMatchObject({
      code: "NETWORK_UNAVAILABLE",
    });
  });

  it("is named with the system's word for it", async () => {
    const gone = createServer();
    await new Promise<void>((resolve) => gone.listen(0, "127.0.0.1", resolve));
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    await expect(get(granted(`127.0.0.1:${port}`), `http://127.0.0.1:${port}/`)).rejects.toMatchObject({
      code: "NETWORK_UNAVAILABLE",
      message: `127.0.0.1:${port} did not answer`,
      actual: "ECONNREFUSED",
    });
    respond = (_, response) => response.destroy();
    await expect(get(granted(here), `http://${here}/`)).rejects.toMatchObject({ code: "NETWORK_UNAVAILABLE" });
  });

  it("ends alone by a signal of its own", async () => {
    const network = granted(here);
    const alone = new AbortController();
    respond = (_, response) => response.write("begun", () => alone.abort());
    await expect(get(network, `http://${here}/`, { signal: alone.signal })).rejects.toMatchObject({ code: "ABORTED" });
    respond = (_, response) => response.end("hello");
    await expect(get(network, `http://${here}/`, { signal: alone.signal })).rejects.toMatchObject({ code: "ABORTED" });
    expect(await get(network, `http://${here}/`)).toMatchObject({ status: 200 });
  });

  it("is left at once by an interruption", async () => {
    const interrupt = new AbortController();
    respond = (_, response) => response.write("begun", () => interrupt.abort());
    const network = createNetwork({ kind: "any" }, {}, interrupt.signal);
    await expect(get(network, `http://${here}/`)).rejects.toMatchObject({ code: "ABORTED" });
    await expect(get(network, `http://${here}/`)).rejects.toMatchObject({ code: "ABORTED" });
    await expect(network.credentials(here)).rejects.toMatchObject({ code: "ABORTED" });
  });
});

describe("an error", () => {
  it.each<[string, (response: ServerResponse) => void]>([
    ["no answer", (response) => response.destroy()],
    ["half an answer", (response) => response.write("half", () => response.destroy())],
    ["too long an answer", (response) => response.end("x".repeat(2_000))],
    ["a late answer", () => {}],
  ])("of %s holds nothing of query, headers or path", async (_, answer) => {
    respond = (_request, response) => answer(response);
    const request = { headers: { authorization: "Bearer canary" }, timeoutMs: 200 };
    expect(await errorWords(() => get(granted(here), `http://${here}/canary?sig=canary`, request))).not.toContain(
      "canary",
    );
  });

  it("of a header that cannot be sent does not hold it", async () => {
    const words = await errorWords(() =>
      get(granted(here), `http://${here}/`, { headers: { authorization: "canary\0canary" } }),
    );
    expect(words).toContain("NETWORK_UNAVAILABLE");
    expect(words).not.toContain("canary");
  });
});

describe("a grant", () => {
  it.each([
    ["another port", (host: string) => host.replace(/:\d+$/, ":1")],
    ["no port", (host: string) => host.replace(/:\d+$/, "")],
    ["another host of the same end", () => "evil.127.0.0.1.example"],
    ["nobody", () => null],
  ])("to %s is none", async (_, host) => {
    const other = host(here);
    const network = createNetwork({ kind: "registries", hosts: other === null ? [] : [other] }, {}, signal);
    await expect(get(network, `http://${here}/`)).rejects.toMatchObject({ code: "NETWORK_REFUSED" });
  });

  it("reaches where a permitted host refers us, and no further", async () => {
    const network = granted("registry.example");
    expect((await get(network, `http://${here}/`, { referredBy: "registry.example" })).status).toBe(200);
    await expect(get(network, `http://${here}/`, { referredBy: here })).rejects.toMatchObject({
      code: "NETWORK_REFUSED",
    });
    await expect(get(network, `http://${here}/`)).rejects.toMatchObject({ code: "NETWORK_REFUSED" });
  });

  it("to a service is none to a registry, nor to its credentials", async () => {
    const network = createNetwork({ kind: "services", hosts: [here] }, { DOCKER_CONFIG: "/nowhere" }, signal);
    expect((await get(network, `http://${here}/`)).status).toBe(200);
    await expect(network.credentials(here)).rejects.toMatchObject({ code: "NETWORK_REFUSED" });
    await expect(get(network, "https://registry.example/")).rejects.toMatchObject({
      code: "NETWORK_REFUSED",
      expected: `only ${here}`,
    });
  });

  it("to no service is one to nobody", async () => {
    const network = createNetwork({ kind: "services", hosts: [] }, {}, signal);
    await expect(get(network, `http://${here}/`)).rejects.toMatchObject({
      code: "NETWORK_REFUSED",
      expected: "no contact with anybody",
    });
  });

  it("to Docker Hub is one to where its API is", async () => {
    vi.spyOn(Socket.prototype, "connect").mockImplementation(() => {
      throw new Error("no socket in this test");
    });
    for (const name of ["docker.io", "index.docker.io"]) {
      await expect(get(granted(name), "https://registry-1.docker.io/v2/")).rejects.toMatchObject({
        code: "NETWORK_UNAVAILABLE",
      });
      await expect(get(granted(name), "https://auth.docker.io/token")).rejects.toMatchObject({
        code: "NETWORK_REFUSED",
      });
    }
  });

  it("to anybody is to anybody", async () => {
    expect((await get(createNetwork({ kind: "any" }, {}, signal), `http://${here}/`)).status).toBe(200);
  });
});

describe("whatever is granted", () => {
  it.each([
    ["http to another machine", "http://registry.example/"],
    ["http to what only sounds like this one", "http://localhost.example/"],
    ["http to a private address", "http://10.0.0.1/"],
    ["another protocol", "file:///etc/passwd"],
    ["data", "data:text/plain,x"],
    ["no URL", "registry.example"],
  ])("%s is refused", async (_, url) => {
    await expect(get(createNetwork({ kind: "any" }, {}, signal), url)).rejects.toMatchObject({
      code: "NETWORK_REFUSED",
    });
  });

  it("userinfo is refused, and not shown", async () => {
    const words = await errorWords(() =>
      get(createNetwork({ kind: "any" }, {}, signal), `http://canary:canary@${here}/`),
    );
    expect(words).toContain("NETWORK_REFUSED");
    expect(words).not.toContain("canary");
  });

  it("localhost must be this machine", async () => {
    const lookup = vi.spyOn(dns.promises, "lookup");
    const addresses = [
      { address: "::1", family: 6 },
      { address: "10.0.0.1", family: 4 },
    ];
    // vitest types the last overload only, which gives one address.
    lookup.mockResolvedValue(addresses as unknown as dns.LookupAddress);
    const port = here.split(":")[1];
    await expect(get(granted(`localhost:${port}`), `http://localhost:${port}/`)).rejects.toMatchObject({
      code: "NETWORK_REFUSED",
      actual: "another address",
    });
    lookup.mockRestore();
    expect((await get(granted(`localhost:${port}`), `http://localhost:${port}/`)).status).toBe(200);
  });
});

describe("a proxy", () => {
  /** What a proxy was asked to connect to. */
  async function askedBy(env: Readonly<Record<string, string>>, url: string): Promise<string[]> {
    const asked: string[] = [];
    const onConnect = (request: IncomingMessage, socket: import("node:stream").Duplex) => {
      asked.push(request.url ?? "");
      socket.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
    };
    server.on("connect", onConnect);
    const network = createNetwork({ kind: "any" }, env, signal);
    await expect(get(network, url)).rejects.toMatchObject({ code: "NETWORK_UNAVAILABLE" });
    server.off("connect", onConnect);
    return asked;
  }

  it.each(["HTTPS_PROXY", "https_proxy"])("of %s is asked for https", async (name) => {
    expect(await askedBy({ [name]: `http://${here}` }, "https://registry.invalid/v2/")).toEqual([
      "registry.invalid:443",
    ]);
  });

  it("is not asked for the hosts of NO_PROXY, nor for this machine", async () => {
    const env = { HTTPS_PROXY: `http://${here}`, NO_PROXY: "other.example,.invalid" };
    expect(await askedBy(env, "https://registry.invalid/v2/")).toEqual([]);
    expect((await get(createNetwork({ kind: "any" }, env, signal), `http://${here}/`)).status).toBe(200);
  });

  it("of HTTP_PROXY is asked for nothing, since nothing leaves the machine over http", async () => {
    expect(await askedBy({ HTTP_PROXY: `http://${here}` }, "https://registry.invalid/v2/")).toEqual([]);
  });

  it.each(["not a URL canary", "ftp://canary@proxy.example", `http://canary:canary@127.0.0.1:1`])(
    "that cannot be used is an error without its password: %s",
    async (proxy) => {
      const network = createNetwork({ kind: "any" }, { HTTPS_PROXY: proxy }, signal);
      const words = await errorWords(() => get(network, "https://registry.invalid/"));
      expect(words).toContain("NETWORK_UNAVAILABLE");
      expect(words).not.toContain("canary");
    },
  );
});
