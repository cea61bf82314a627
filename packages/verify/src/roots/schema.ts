import {
  boundedArray,
  boundedText,
  decodeBase64,
  decodedText,
  nullishAs,
  refuseValue,
  TouchmarkError,
} from "@touchmark/core";
import * as z from "zod/mini";
import { MAX_AUTHORITIES, MAX_CHAIN, MAX_ROOT_BLOB } from "./limits.ts";

/** Source: https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_trustroot.proto, TrustedRoot.media_type */
const TRUSTED_ROOT_TYPES = [
  "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
  "application/vnd.dev.sigstore.trustedroot.v0.1+json",
  "application/vnd.dev.sigstore.trustedroot.v0.2+json",
] as const;

/** The same file, ClientTrustConfig.media_type */
const TRUST_CONFIG_TYPES = ["application/vnd.dev.sigstore.clienttrustconfig.v0.1+json"] as const;

/**
 * Keys of logs that Sigstore's verifier verifies with, by the names of sigstore_common.proto: of elliptic curves it takes every
 * key with SHA-256, so that nothing by a P-384 or P-521 would ever hold; RSA-PSS, ML-DSA and LMS are not Node's.
 */
const LOG_KEYS = [
  "PKCS1_RSA_PKCS1V5",
  "PKIX_RSA_PKCS1V5",
  "PKIX_RSA_PKCS1V15_2048_SHA256",
  "PKIX_RSA_PKCS1V15_3072_SHA256",
  "PKIX_RSA_PKCS1V15_4096_SHA256",
  "PKIX_ECDSA_P256_SHA_256",
  "PKIX_ED25519",
] as const;

/** RFC 3339 in UTC, as protobuf's JSON writes a Timestamp. */
const time = decodedText(30, (text, payload): Date => {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/.test(text)) {
    return refuseValue(payload, "expected a time such as 2026-01-02T03:04:05Z");
  }
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? refuseValue(payload, "no such date") : date;
});

/** A closed interval. Without a start nobody can say that a key was not used before it was anybody's: never unbounded. */
const validFor = z
  .object({
    start: time,
    end: nullishAs(time, null),
  })
  .check(z.refine(({ start, end }) => end === null || start <= end, "it ends before it starts"));

const blob = decodedText(MAX_ROOT_BLOB, (text) => decodeBase64(text, "a certificate or a key"), 1);

const keyId = z.nullish(z.object({ keyId: blob }));
const name = boundedText(2048);
const optionalName = z.nullish(name);

const Log = z
  .object({
    baseUrl: name,
    hashAlgorithm: z.literal("SHA2_256"), // RFC 6962 section 2: all that is in use
    publicKey: z.object({ rawBytes: blob, keyDetails: z.enum(LOG_KEYS), validFor }),
    logId: keyId,
    checkpointKeyId: keyId,
    operator: optionalName,
  })
  .check(z.refine(({ logId, checkpointKeyId }) => logId != null || checkpointKeyId != null, "a log needs an id"));

const Authority = z.object({
  uri: optionalName,
  certChain: z.object({ certificates: boundedArray(z.object({ rawBytes: blob }), MAX_CHAIN, 1) }),
  validFor,
  operator: optionalName,
});

const logs = nullishAs(boundedArray(Log, MAX_AUTHORITIES), []);
const authorities = nullishAs(boundedArray(Authority, MAX_AUTHORITIES), []);

/** One root, as far as it is used. Unknown members are ignored: the format grows. */
export const TrustedRoot = z
  .object({
    mediaType: z.enum(TRUSTED_ROOT_TYPES),
    tlogs: logs,
    certificateAuthorities: authorities,
    ctlogs: logs,
    timestampAuthorities: authorities,
  })
  .check(
    z.refine(({ certificateAuthorities }) => certificateAuthorities.length > 0, {
      path: ["certificateAuthorities"],
      error: "no certificate authority",
    }),
    z.refine(
      ({ tlogs, timestampAuthorities }) => tlogs.length + timestampAuthorities.length > 0,
      "neither a transparency log nor a timestamp authority: nothing could say when something was signed",
    ),
  );

export type TrustedRoot = z.output<typeof TrustedRoot>;
export type RootLog = z.output<typeof Log>;
export type RootAuthority = z.output<typeof Authority>;

/** What a ClientTrustConfig holds besides, the signing configuration, is for those who sign. */
export const ClientTrustConfig = z.object({ mediaType: z.enum(TRUST_CONFIG_TYPES), trustedRoot: TrustedRoot });

/** The media type of any document, to tell what it is. */
export const WithMediaType = z.object({ mediaType: boundedText(256) });

export function isTrustConfigType(mediaType: string): boolean {
  return TRUST_CONFIG_TYPES.some((type) => type === mediaType);
}

export function rootsInvalid(label: string, actual: string, cause?: unknown): TouchmarkError {
  return new TouchmarkError("ROOTS_INVALID", `${label} does not hold trusted roots that can be used`, {
    expected: "a trusted_root.json, a ClientTrustConfig, or what `gh attestation trusted-root` prints",
    actual,
    ...(cause === undefined ? {} : { cause }),
  });
}
