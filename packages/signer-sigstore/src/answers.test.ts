import { generateKeyPairSync, sign } from "node:crypto";
import { preAuthEncoding } from "@touchmark/core";
import type { Host, HttpRequest } from "@touchmark/plugin";
import { withSigningServers } from "@touchmark/testkit";
import fc from "fast-check";
import { expect, it } from "vitest";
import { requestCertificate } from "./certificate.ts";
import type { Logged } from "./log-entry.ts";
import { enterInRekorV1 } from "./rekor-v1.ts";
import { enterInRekorV2 } from "./rekor-v2.ts";
import { requestTimestamp } from "./timestamp.ts";

const { privateKey: key } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const payload = new TextEncoder().encode("{}");
const encoded = preAuthEncoding("text/plain", payload);
const logged: Logged = {
  content: { kind: "envelope", payloadType: "text/plain", payload },
  digest: new Uint8Array(32),
  signature: sign("sha256", encoded, key),
  certificate: { der: new Uint8Array([1]), pem: "pem" },
};
const token = `e30.${Buffer.from('{"sub":"x"}').toString("base64url")}.e30`;

type Ask = (host: Host, url: string) => Promise<unknown>;
const parsers: readonly [string, "fulcio" | "rekor1" | "rekor2" | "timestamps", Ask][] = [
  ["a certificate", "fulcio", (host, url) => requestCertificate(url, { token, proofSubject: "x", key }, host)],
  ["an entry of Rekor v1", "rekor1", (host, url) => enterInRekorV1(url, logged, host)],
  ["an entry of Rekor v2", "rekor2", (host, url) => enterInRekorV2(url, logged, host)],
  ["a timestamp", "timestamps", (host, url) => requestTimestamp(url, logged.signature, host)],
];

it.each(parsers)("%s out of anything is refused with a code, in no time", async (_name, server, ask) => {
  const honest = await withSigningServers(new Date("2026-01-15T12:00:00Z"), async ({ servers, host }) => {
    let answer: Uint8Array = new Uint8Array();
    const recording = async (request: HttpRequest) => {
      const response = await host.fetch(request);
      answer = response.body;
      return response;
    };
    await ask({ ...host, fetch: recording }, servers[server]);
    return answer;
  });
  expect(honest.byteLength).toBeGreaterThan(100);
  const typed = async (body: Uint8Array) => {
    const host = { fetch: async () => ({ status: 201, headers: {}, body }) } as unknown as Host;
    const start = performance.now();
    await ask(host, "https://service.example").catch((error: unknown) => {
      expect(error).toMatchObject({ code: "SERVICE_INVALID" });
    });
    expect(performance.now() - start).toBeLessThan(100);
  };
  await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), typed));
  await fc.assert(
    fc.asyncProperty(
      fc.json().map((text) => new TextEncoder().encode(text)),
      typed,
    ),
  );
  const bent = fc.tuple(fc.nat(honest.byteLength - 1), fc.nat(255)).map(([at, byte]) => honest.with(at, byte));
  await fc.assert(fc.asyncProperty(bent, typed));
  await fc.assert(
    fc.asyncProperty(
      fc.nat(honest.byteLength).map((end) => honest.subarray(0, end)),
      typed,
    ),
  );
  for (const body of ["[".repeat(200_000), `{"a":${"[".repeat(30_000)}`, "\u0000".repeat(200_000)]) {
    await typed(new TextEncoder().encode(body));
  }
});
