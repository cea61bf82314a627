import { generateKeyPairSync, sign } from "node:crypto";
import { preAuthEncoding } from "../../packages/core/src/index.ts";
import type { Host, HttpRequest } from "../../packages/plugin/src/index.ts";
import { requestCertificate } from "../../packages/signer-sigstore/src/certificate.ts";
import type { Logged } from "../../packages/signer-sigstore/src/log-entry.ts";
import { enterInRekorV1 } from "../../packages/signer-sigstore/src/rekor-v1.ts";
import { enterInRekorV2 } from "../../packages/signer-sigstore/src/rekor-v2.ts";
import { readSigningConfig } from "../../packages/signer-sigstore/src/signing-config.ts";
import { requestTimestamp } from "../../packages/signer-sigstore/src/timestamp.ts";
import { withSigningServers } from "../../packages/testkit/src/signing/signing-servers.ts";
import type { Parser } from "../parser.ts";
import { answering } from "./answering-host.ts";
import { json } from "./sound-inputs.ts";

const NOW = new Date("2026-01-15T12:00:00Z");
const { privateKey: key } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const payload = new TextEncoder().encode("{}");
const logged: Logged = {
  content: { kind: "envelope", payloadType: "text/plain", payload },
  digest: new Uint8Array(32),
  signature: sign("sha256", preAuthEncoding("text/plain", payload), key),
  certificate: { der: new Uint8Array([1]), pem: "pem" },
};
const token = `e30.${Buffer.from('{"sub":"x"}').toString("base64url")}.e30`;

type Ask = (host: Host, url: string) => Promise<unknown>;
const ASKED: readonly (readonly [string, "fulcio" | "rekor1" | "rekor2" | "timestamps", Ask])[] = [
  ["fulcio-answer", "fulcio", (host, url) => requestCertificate(url, { token, proofSubject: "x", key }, host)],
  ["rekor-v1-answer", "rekor1", (host, url) => enterInRekorV1(url, logged, host)],
  ["rekor-v2-answer", "rekor2", (host, url) => enterInRekorV2(url, logged, host)],
  ["timestamp-answer", "timestamps", (host, url) => requestTimestamp(url, logged.signature, host)],
];

/** What the services of a Sigstore answer to somebody who signs, and the file that names them. */
export async function serviceParsers(): Promise<readonly Parser[]> {
  const answers = await withSigningServers(NOW, ({ servers, host }) =>
    Promise.all(ASKED.map(([, server, ask]) => recorded(host, (recording) => ask(recording, servers[server])))),
  );
  return [
    ...ASKED.map(
      ([name, , ask], at): Parser => ({
        name,
        sound: [answers[at] ?? new Uint8Array()],
        codes: ["SERVICE_INVALID"],
        read: (body) =>
          ask(
            answering(() => body),
            "https://service.example",
          ),
      }),
    ),
    {
      name: "signing-config",
      sound: [json(signingConfig())],
      codes: ["INPUT_INVALID", "INPUT_TOO_LARGE", "USAGE"],
      read: (bytes) => readSigningConfig(bytes, () => NOW.getTime()),
    },
  ];
}

async function recorded(host: Host, run: (host: Host) => Promise<unknown>): Promise<Uint8Array> {
  let body: Uint8Array = new Uint8Array();
  await run({
    ...host,
    async fetch(request: HttpRequest) {
      const response = await host.fetch(request);
      body = response.body;
      return response;
    },
  });
  return body;
}

function signingConfig() {
  const service = (name: string, operator: string, majorApiVersion = 1) => ({
    url: `https://${name}.example`,
    majorApiVersion,
    validFor: { start: "2025-01-01T00:00:00Z" },
    operator,
  });
  return {
    mediaType: "application/vnd.dev.sigstore.signingconfig.v0.2+json",
    caUrls: [service("fulcio", "a")],
    oidcUrls: [service("oidc", "a")],
    rekorTlogUrls: [service("log2", "a", 2), service("log1", "b", 2)],
    rekorTlogConfig: { selector: "EXACT", count: 2 },
    tsaUrls: [service("tsa", "a")],
    tsaConfig: { selector: "ANY" },
  };
}
