import { createPublicKey, type KeyObject, sign, X509Certificate } from "node:crypto";
import { encodeBase64, TouchmarkError } from "@touchmark/core";
import { askService, type Host, jsonPost, type ServiceCall, serviceAnswer, serviceRefusal } from "@touchmark/plugin";
import * as z from "zod";
import { certifiedName } from "./certified-name.ts";
import { CERTIFICATE_TIMEOUT_MS, MAX_CERTIFICATE_ANSWER_BYTES, MAX_CHAIN } from "./limits.ts";
import { isMade } from "./service-call.ts";

/** What the authority certified. */
export interface IssuedCertificate {
  readonly der: Uint8Array;
  readonly pem: string;
  /** Unit: milliseconds since 1970. */
  readonly notAfter: number;
  /** Whom it names: its one subject alternative name, a URI or an e-mail address. */
  readonly name: string;
}

/** https://github.com/sigstore/fulcio/blob/main/fulcio.proto; leaf first, each in PEM. */
const Chain = z.object({ chain: z.object({ certificates: z.array(z.string()).min(1).max(MAX_CHAIN) }) });
const Answer = z.object({ signedCertificateEmbeddedSct: Chain });

/**
 * Asks Fulcio (API v2) for a certificate of a key.
 *
 * @param key - the private half; it signs the token's subject, to show that it is here.
 * @throws TouchmarkError `SERVICE_INVALID` for an answer without a certificate of this key; those of `askService`.
 */
export async function requestCertificate(
  authority: string,
  request: { readonly token: string; readonly proofSubject: string; readonly key: KeyObject },
  host: Host,
): Promise<IssuedCertificate> {
  const publicKey = createPublicKey(request.key);
  const proof = sign("sha256", new TextEncoder().encode(request.proofSubject), request.key);
  const body = {
    credentials: { oidcIdentityToken: request.token },
    publicKeyRequest: {
      publicKey: { algorithm: "ECDSA", content: publicKey.export({ type: "spki", format: "pem" }) },
      proofOfPossession: encodeBase64(proof),
    },
  };
  const call: ServiceCall = {
    service: "the certificate authority",
    request: jsonPost(`${authority}/api/v2/signingCert`, body, MAX_CERTIFICATE_ANSWER_BYTES),
    timeoutMs: CERTIFICATE_TIMEOUT_MS,
    secrets: [request.token],
  };
  const response = await askService(host, call);
  if (!isMade(response.status)) throw serviceRefusal(call, response, "a certificate");
  // One with its promise beside it instead of inside has no place in a bundle.
  const answer = serviceAnswer(Answer, call, response, "a certificate with the promise of a certificate log inside");
  const [leaf = ""] = answer.signedCertificateEmbeddedSct.chain.certificates;
  return readLeaf(leaf, publicKey, call);
}

function readLeaf(pem: string, publicKey: KeyObject, call: ServiceCall): IssuedCertificate {
  const read = parsed(pem);
  const notAfter = Date.parse(read?.certificate.validTo ?? "");
  if (read?.key.equals(publicKey) && !Number.isNaN(notAfter)) {
    const { certificate } = read;
    const name = certifiedName(certificate.subjectAltName);
    return { der: new Uint8Array(certificate.raw), pem: certificate.toString(), notAfter, name };
  }
  throw new TouchmarkError("SERVICE_INVALID", `${call.service} at ${new URL(call.request.url).host} answered wrongly`, {
    expected: "a certificate of the key that was sent",
    actual: read === null ? "no certificate" : "one of another key",
  });
}

/** The key is read here too: Node decodes it when it is asked for, and throws where it cannot. */
function parsed(pem: string): { readonly certificate: X509Certificate; readonly key: KeyObject } | null {
  try {
    const certificate = new X509Certificate(pem);
    return { certificate, key: certificate.publicKey };
  } catch {
    return null;
  }
}
