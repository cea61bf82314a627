import { createPublicKey, verify } from "node:crypto";
import type { Answer, SeenRequest } from "../registry/fault-server.ts";
import { pemOf } from "../sigstore/certificate.ts";
import { fulcioLeaf } from "../sigstore/fulcio-leaf.ts";
import { newTestKey } from "../sigstore/test-key.ts";
import type { TestSigstore } from "../sigstore/test-sigstore.ts";
import { json, jsonIn } from "./json-answer.ts";

interface SigningRequest {
  readonly credentials: { readonly oidcIdentityToken: string };
  readonly publicKeyRequest: { readonly publicKey: { readonly content: string }; readonly proofOfPossession: string };
}

/** https://github.com/sigstore/fulcio/blob/main/fulcio.proto: a certificate for a key that signed the token's subject. */
export function certify(sigstore: TestSigstore, time: Date, { method, path, body }: SeenRequest): Answer {
  if (method !== "POST" || path !== "/api/v2/signingCert") return json(404, { code: 5, message: "Not Found" });
  const { credentials, publicKeyRequest } = jsonIn(body) as SigningRequest;
  const claims = JSON.parse(Buffer.from(credentials.oidcIdentityToken.split(".")[1] ?? "", "base64url").toString());
  const publicKey = createPublicKey(publicKeyRequest.publicKey.content);
  const proof = Buffer.from(publicKeyRequest.proofOfPossession, "base64");
  if (!verify("sha256", Buffer.from(claims.email ?? claims.sub), publicKey, proof)) {
    return json(400, { code: 3, message: "The signature supplied in the request could not be verified" });
  }
  const spki = new Uint8Array(publicKey.export({ type: "spki", format: "der" }));
  const leaf = fulcioLeaf(sigstore.fulcio, { ...newTestKey(), publicKey, spki }, time, { ctLogs: [sigstore.ctLog] });
  const certificates = [leaf, ...sigstore.fulcio.chain].map((one) => pemOf(one));
  return json(200, { signedCertificateEmbeddedSct: { chain: { certificates } } });
}
