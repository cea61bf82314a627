import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { HttpRequest } from "@touchmark/plugin";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createNetwork } from "./network.ts";

let server: Server;
let here: string;
let respond: (response: ServerResponse) => void;
let closed: Promise<void>;

beforeEach(async () => {
  respond = (response) => response.end("hello");
  server = createServer((_, response) => {
    closed = new Promise((resolve) => response.on("close", resolve));
    respond(response);
  });
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

function stream(more: Partial<HttpRequest> = {}, signal = new AbortController().signal) {
  const request = {
    method: "GET",
    url: `http://${here}/`,
    maxBody: 1_000,
    timeoutMs: 5_000,
    referredBy: null,
  } as const;
  return createNetwork({ kind: "services", hosts: [here] }, {}, signal).fetchStream({ ...request, ...more });
}

async function text(body: AsyncIterable<Uint8Array>): Promise<string> {
  let whole = "";
  for await (const chunk of body) whole += Buffer.from(chunk).toString();
  return whole;
}

describe("a body that is read while it comes", () => {
  it("comes whole, behind its head", async () => {
    respond = (response) => response.writeHead(206, { "X-Got": "this" }).end("hello");
    const { status, headers, body } = await stream();
    expect({ status, got: headers["x-got"], text: await text(body) }).toEqual({
      status: 206,
      got: "this",
      text: "hello",
    });
  });

  it("may be as long as allowed", async () => {
    respond = (response) => response.end("x".repeat(100));
    expect(await text((await stream({ maxBody: 100 })).body)).toHaveLength(100);
    const { body } = await stream({ maxBody: 99 });
    await expect(text(body)).rejects.toMatchObject({ code: "INPUT_TOO_LARGE", actual: "100 bytes" });
  });

  it("without a length is counted while it comes, and left alone after", async () => {
    respond = (response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      };
      response.on("drain", more);
      more();
    };
    const { body } = await stream({ maxBody: 100_000 });
    await expect(text(body)).rejects.toMatchObject({ code: "INPUT_TOO_LARGE", actual: "more" });
    await closed;
  });

  it("that ends early is an error where it ends", async () => {
    respond = (response) => {
      response.writeHead(200, { "content-length": "10" });
      response.write("half", () => response.destroy());
    };
    const { body } = await stream();
    await expect(text(body)).rejects.toMatchObject({ code: "REGISTRY_INVALID" });
  });

  it("that stands still is given up", async () => {
    respond = (response) => response.write("begun");
    const { body } = await stream({ timeoutMs: 100 });
    await expect(text(body)).rejects.toMatchObject({ code: "NETWORK_UNAVAILABLE" });
    await closed;
  });

  it("may take longer than it may stand still, also where the reader is slow", async () => {
    respond = (response) => {
      let left = 6;
      const timer = setInterval(() => {
        left -= 1;
        if (left > 0) response.write("x");
        else response.end("x");
        if (left === 0) clearInterval(timer);
      }, 60);
    };
    const { body } = await stream({ timeoutMs: 300 });
    let whole = "";
    for await (const chunk of body) {
      whole += Buffer.from(chunk).toString();
      if (whole.length === 1) await new Promise((resolve) => setTimeout(resolve, 400));
    }
    expect(whole).toBe("xxxxxx");
  });

  it("ends the exchange when nobody reads it, or not to its end", async () => {
    respond = (response) => response.write("begun");
    const unread = await stream();
    await unread.body[Symbol.asyncIterator]().return?.();
    await closed;
    const { body } = await stream();
    for await (const _ of body) break;
    await closed;
  });

  it("is interrupted with everything else", async () => {
    respond = (response) => response.write("begun");
    const interrupt = new AbortController();
    const { body } = await stream({}, interrupt.signal);
    const reading = text(body);
    interrupt.abort();
    await expect(reading).rejects.toMatchObject({ code: "ABORTED" });
    await expect(stream({}, interrupt.signal)).rejects.toMatchObject({ code: "ABORTED" });
  });
});

it("an answer that never begins is given up, and nobody is asked who is not named", async () => {
  respond = () => {};
  await expect(stream({ timeoutMs: 50 })).rejects.toMatchObject({ code: "NETWORK_UNAVAILABLE" });
  await expect(stream({ timeoutMs: 0 })).rejects.toMatchObject({ code: "NETWORK_UNAVAILABLE" });
  await expect(stream({ url: "https://evil.example/" })).rejects.toMatchObject({ code: "NETWORK_REFUSED" });
});
