import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startTestIssuer, withTestHost } from "@touchmark/testkit";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { deviceLogin } from "./device-login.ts";

const SERVICES = fileURLToPath(new URL("../../../../packages/vectors/services/", import.meta.url));
const Answers = z.array(
  z.strictObject({
    method: z.enum(["GET", "POST"]),
    path: z.string(),
    status: z.int(),
    headers: z.record(z.string(), z.string()).default({}),
    body: z.record(z.string(), z.unknown()),
  }),
);

const names = (await readdir(SERVICES)).filter((name) => name.startsWith("login")).sort();

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** What came of the login, and what the other server was asked. */
async function login(name: string) {
  const answers = Answers.parse(JSON.parse(readFileSync(join(SERVICES, name, "answers.json"), "utf8")));
  const signer = await startTestIssuer();
  const strayed: string[] = [];
  const elsewhere = createServer((request, response) => {
    strayed.push(`${request.method} ${request.url}`);
    response.end();
  });
  let issuer = "";
  let elsewhereUrl = "";
  const now = Math.floor(Date.now() / 1_000);
  const filled = (text: string) =>
    text
      .replaceAll("{issuer}", issuer)
      .replaceAll("{elsewhere}", elsewhereUrl)
      .replaceAll("{identity-token}", () =>
        signer.mint({ iss: issuer, aud: "sigstore", sub: "4004", iat: now, exp: now + 60 }),
      );
  const service = createServer((request, response) => {
    const answer = answers.find(({ method, path }) => method === request.method && path === request.url);
    const headers = Object.entries(answer?.headers ?? {}).map(([header, value]) => [header, filled(value)]);
    response
      .writeHead(answer?.status ?? 404, { "content-type": "application/json", ...Object.fromEntries(headers) })
      .end(filled(JSON.stringify(answer?.body ?? {})));
  });
  const folder = mkdtempSync(join(tmpdir(), "touchmark-login-"));
  try {
    [issuer, elsewhereUrl] = [await listen(service), await listen(elsewhere)];
    const grant = { kind: "services", hosts: [new URL(issuer).host] } as const;
    const prompt = { open: async () => undefined, code: () => undefined };
    const given = { issuer, clientId: "sigstore" };
    const result = await withTestHost(folder, (host) => deviceLogin(given, prompt, host, 10_000), {
      network: grant,
    }).catch((error: unknown) => error);
    return { result, strayed };
  } finally {
    rmSync(folder, { recursive: true });
    for (const server of [service, elsewhere]) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
    await signer.close();
  }
}

describe("vectors of login services", () => {
  it("are all there", () => expect(names.length).toBe(6));

  it.each(names)("%s", async (name) => {
    const { result, strayed } = await login(name);
    expect(strayed).toEqual([]);
    if (!name.endsWith("_fail")) {
      expect(result).toMatch(/^eyJ/);
      return;
    }
    expect(result).toMatchObject({ code: (await readFile(join(SERVICES, name, "error"), "utf8")).trim() });
    expect(JSON.stringify([result, String(result)])).not.toMatch(/canary|eyJ/);
  });
});
