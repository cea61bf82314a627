import { createHash } from "node:crypto";
import { TouchmarkError } from "@touchmark/core";
import { askService, type Host, type ServiceCall, serviceRefusal } from "@touchmark/plugin";
import { MAX_TIMESTAMP_BYTES } from "./limits.ts";
import { isMade } from "./service-call.ts";

/**
 * RFC 3161, 2.4.1: version 1, and a MessageImprint of SHA-256 (2.16.840.1.101.3.4.2.1) with its 32 bytes to follow. There
 * is no nonce: no signature occurs twice, so an old answer fits no new one. Certificates are not asked for, since a
 * verifier takes those of its trusted root.
 */
const QUERY_START = Buffer.from("30360201013031300d060960864801650304020105000420", "hex");

/**
 * Asks an authority for a timestamp over a signature.
 *
 * @param authority - the whole address.
 * @returns a TimeStampResp in DER, which is granted and about this signature. Whether it is signed by a trusted authority
 * is for the verifier to say.
 * @throws TouchmarkError `SERVICE_INVALID`, `SERVICE_DENIED`; those of `askService`.
 */
export async function requestTimestamp(authority: string, signature: Uint8Array, host: Host): Promise<Uint8Array> {
  const imprint = createHash("sha256").update(signature).digest();
  const call: ServiceCall = {
    service: "the timestamp authority",
    request: {
      method: "POST",
      url: authority,
      headers: { "content-type": "application/timestamp-query", accept: "application/timestamp-reply" },
      body: Buffer.concat([QUERY_START, imprint]),
      maxBody: MAX_TIMESTAMP_BYTES,
      referredBy: null,
    },
    secrets: [],
  };
  const response = await askService(host, call);
  if (!isMade(response.status)) throw serviceRefusal(call, response, "a timestamp");
  const problem = problemOf(response.body, imprint);
  if (problem === null) return response.body;
  throw new TouchmarkError("SERVICE_INVALID", `${call.service} at ${new URL(authority).host} answered wrongly`, {
    expected: "a timestamp of RFC 3161 over the signature",
    actual: problem,
  });
}

/** RFC 3161, 2.4.2: a PKIStatusInfo, whose status must be 0 (granted) or 1 (with changes), and the token. */
function problemOf(der: Uint8Array, imprint: Buffer): string | null {
  const outer = elementAt(der, 0);
  const info = outer === null || outer.end !== der.byteLength ? null : elementAt(der, outer.start);
  const status = info === null ? null : elementAt(der, info.start);
  if (der[0] !== 0x30 || status === null || der[status.start - 2] !== 0x02 || status.end !== status.start + 1) {
    return "no TimeStampResp";
  }
  const value = der[status.start] ?? 0;
  if (value > 1) return `refused with status ${value}`;
  // As an OCTET STRING of 32 bytes; it stands there once, inside the token.
  const hashed = Buffer.concat([Buffer.from([0x04, 0x20]), imprint]);
  return Buffer.from(der).includes(hashed) ? null : "a timestamp over something else";
}

/** The content of the DER element at an offset: X.690, 8.1.3, with lengths of up to 4 bytes. */
function elementAt(der: Uint8Array, at: number): { readonly start: number; readonly end: number } | null {
  const first = der[at + 1];
  if (first === undefined) return null;
  const more = first < 0x80 ? 0 : first & 0x7f;
  if (more > 4 || first === 0x80) return null;
  let length = first < 0x80 ? first : 0;
  for (let index = 0; index < more; index += 1) length = length * 256 + (der[at + 2 + index] ?? 0);
  const start = at + 2 + more;
  return start + length <= der.byteLength ? { start, end: start + length } : null;
}
