import dns from "node:dns";
import { createServer } from "node:http";
import { type AddressInfo, Socket } from "node:net";
import { expect, it, vi } from "vitest";
import { createNetwork } from "./network.ts";
import type { NetworkGrant } from "./network-grant.ts";

// In a file, and so a process, of its own: fetch keeps connections of earlier tests.
it("who may talk to nobody opens no socket and looks up no name", async () => {
  const server = createServer((_, response) => response.end());
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  const { port } = server.address() as AddressInfo;
  const urls = [`http://127.0.0.1:${port}/`, `http://localhost:${port}/`, "https://registry.invalid/"];
  const spies = [
    vi.spyOn(Socket.prototype, "connect"),
    vi.spyOn(dns, "lookup"),
    vi.spyOn(dns.promises, "lookup"),
  ] as const;
  const get = (grant: NetworkGrant, url: string, referredBy: string | null) =>
    createNetwork(grant, { HTTPS_PROXY: urls[0], HOME: "/nonexistent" }, new AbortController().signal).fetch({
      method: "GET",
      url,
      maxBody: 1_000,
      timeoutMs: 5_000,
      referredBy,
    });
  for (const grant of [{ kind: "none" }, { kind: "registries", hosts: [] }] as const) {
    for (const url of urls) {
      for (const referredBy of [null, `127.0.0.1:${port}`]) {
        await expect(get(grant, url, referredBy)).rejects.toMatchObject({ code: "NETWORK_REFUSED" });
      }
    }
    const { credentials } = createNetwork(grant, {}, new AbortController().signal);
    await expect(credentials("registry.invalid")).rejects.toMatchObject({ code: "NETWORK_REFUSED" });
  }
  for (const spy of spies) expect(spy).not.toHaveBeenCalled();

  // The spies see what they should.
  expect(await get({ kind: "any" }, `http://localhost:${port}/`, null)).toMatchObject({ status: 200 });
  for (const spy of spies) expect(spy).toHaveBeenCalled();
  server.closeAllConnections();
  server.close();
});
