import type { Host } from "@touchmark/plugin";
import { fulcioLeaf, newTestKey, testSigstore } from "@touchmark/testkit/sigstore";
import { expect, it } from "vitest";
import { requestCertificate } from "./certificate.ts";

const sigstore = testSigstore();
const key = newTestKey();
const { der } = fulcioLeaf(sigstore.fulcio, key, new Date("2026-01-15T12:00:00Z"), { ctLogs: [sigstore.ctLog] });

function asked(certificate: Uint8Array): Promise<unknown> {
  const pem = `-----BEGIN CERTIFICATE-----\n${Buffer.from(certificate).toString("base64")}\n-----END CERTIFICATE-----\n`;
  const body = new TextEncoder().encode(
    JSON.stringify({ signedCertificateEmbeddedSct: { chain: { certificates: [pem] } } }),
  );
  const host = { fetch: async () => ({ status: 200, headers: {}, body }), elapsed: () => 0 } as unknown as Host;
  const request = { token: "token", proofSubject: "a job", key: key.privateKey };
  return requestCertificate("https://fulcio.example", request, host);
}

it("takes a certificate of the key that was sent", async () => {
  expect(await asked(der)).toMatchObject({ der });
});

it("SERVICE_INVALID for a certificate whose key nobody can read", async () => {
  const prime256v1 = Buffer.from("06082a8648ce3d030107", "hex");
  const at = Buffer.from(der).indexOf(prime256v1);
  const changed = der.with(at + prime256v1.byteLength - 1, 0x7f);
  await expect(asked(changed)).rejects.toMatchObject({ code: "SERVICE_INVALID" });
});
