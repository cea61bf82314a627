import { boundedText, decodeBase64, issueText, type Json } from "@touchmark/core";
import * as z from "zod/mini";
import { type ASN1Obj, RFC3161Timestamp } from "../sigstore-library.ts";
import { MAX_TIMESTAMP_BYTES } from "./limits.ts";
import { parseDer } from "./parse-der.ts";
import { reading, refused } from "./refused.ts";

const SIGNED_DATA = "1.2.840.113549.1.7.2";
const TST_INFO = "1.2.840.113549.1.9.16.1.4";
const CONTENT_TYPE_ATTRIBUTE = "1.2.840.113549.1.9.3";
const MESSAGE_DIGEST_ATTRIBUTE = "1.2.840.113549.1.9.4";

/** A timestamp of RFC 3161, decoded and not verified. */
export interface TimestampToken {
  readonly token: RFC3161Timestamp;
  readonly time: Date;
  /** Issuer and serial number that the token names its signer by; DER. */
  readonly signer: { readonly issuer: Buffer; readonly serialNumber: Buffer };
}

const Timestamp = z.object({ signedTimestamp: boundedText(2 * MAX_TIMESTAMP_BYTES) });

/** @throws TouchmarkError `TIMESTAMP_INVALID`. */
export function readTimestamps(timestamps: readonly Json[]): readonly TimestampToken[] {
  return timestamps.map((json) => {
    const parsed = Timestamp.safeParse(json);
    if (!parsed.success) throw unlike("a signedTimestamp", issueText(parsed.error));
    return readTimestamp(
      reading("TIMESTAMP_INVALID", "a timestamp", () => decodeBase64(parsed.data.signedTimestamp, "a timestamp")),
    );
  });
}

/**
 * Reads a timestamp, with what Sigstore's verifier does not look at: that the request was granted, that one signer signed,
 * and that the signed attributes are those of a timestamp (RFC 5652 section 5.3).
 *
 * @throws TouchmarkError `TIMESTAMP_INVALID`.
 */
function readTimestamp(der: Uint8Array): TimestampToken {
  if (der.byteLength > MAX_TIMESTAMP_BYTES) {
    throw refused("TIMESTAMP_INVALID", "a timestamp is too large", {
      expected: `at most ${MAX_TIMESTAMP_BYTES} bytes`,
      actual: `${der.byteLength} bytes`,
    });
  }
  return reading("TIMESTAMP_INVALID", "a timestamp", () => {
    const token = new RFC3161Timestamp(parseDer(der));
    checkResponse(token.root);
    if (token.tstInfo.version !== 1n) throw unlike("version 1", String(token.tstInfo.version));
    const time = token.signingTime;
    if (Number.isNaN(time.getTime())) throw unlike("a time", "none");
    return { token, time, signer: { issuer: token.signerIssuer, serialNumber: token.signerSerialNumber } };
  });
}

/**
 * TimeStampResp, RFC 3161 section 2.4.2; SignedData and SignerInfo, RFC 5652 sections 5.1 and 5.3. Sigstore's reader takes
 * the first `[0]` for the signed data and for the signed attributes, wherever it stands: it must be the one that is read here.
 */
function checkResponse({ subs: [status, contentInfo, ...more] }: ASN1Obj): void {
  const code = status?.subs[0]?.toInteger();
  if (code !== 0n && code !== 1n) throw unlike("a request that was granted", `status ${code}`);
  if (more.length > 0 || contentInfo?.subs[0]?.toOID() !== SIGNED_DATA) throw unlike("signed data", "other content");
  const explicit = contentInfo.subs[1];
  if (explicit?.tag.isContextSpecific(0) !== true) throw unlike("signed data", "another tag");
  const signedData = explicit.subs[0];
  const content = signedData?.subs[2]?.subs[0];
  const signers = signedData?.subs[signedData.subs.length - 1];
  if (content?.toOID() !== TST_INFO) throw unlike("a TSTInfo", "other content");
  const [signer, ...others] = signers?.subs ?? [];
  if (signers?.tag.number !== SET || signer === undefined || others.length > 0) throw unlike("one signer", "others");
  const attributes = signer.subs.find(({ tag }) => tag.isContextSpecific(0));
  if (attributes === undefined || attributes !== signer.subs[3]) throw unlike("signed attributes", "others or none");
  if (onlyValue(attributes, CONTENT_TYPE_ATTRIBUTE).toOID() !== TST_INFO) {
    throw unlike("the signed content type of a TSTInfo", "another");
  }
  onlyValue(attributes, MESSAGE_DIGEST_ATTRIBUTE);
}

const SET = 0x11;

function onlyValue(attributes: ASN1Obj, oid: string): ASN1Obj {
  const found = attributes.subs.filter(({ subs }) => subs[0]?.toOID() === oid);
  const [value, ...others] = found[0]?.subs[1]?.subs ?? [];
  if (found.length !== 1 || value === undefined || others.length > 0) {
    throw unlike(`the attribute ${oid} once, with one value`, `${found.length} times`);
  }
  return value;
}

function unlike(expected: string, actual: string) {
  return refused("TIMESTAMP_INVALID", "a timestamp is not one that can be used", { expected, actual });
}
