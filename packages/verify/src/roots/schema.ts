import { boundedArray, decodeBase64, isTouchmarkError, TouchmarkError } from "@touchmark/core";
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
const time = z
  .pipe(
    z
      .string()
      .check(
        z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/, "expected a time such as 2026-01-02T03:04:05Z"),
      ),
    z.transform((text) => new Date(text)),
  )
  .check(z.refine((date) => !Number.isNaN(date.getTime()), "no such date"));

/** A closed interval. Without a start nobody can say that a key was not used before it was anybody's: never unbounded. */
const validFor = z
  .object({
    start: time,
    end: z.pipe(
      z.nullish(time),
      z.transform((end) => end ?? null),
    ),
  })
  .check(z.refine(({ start, end }) => end === null || start <= end, "it ends before it starts"));

const blob = z.pipe(
  z.string().check(z.minLength(1), z.maxLength(MAX_ROOT_BLOB)),
  z.transform((text, context) => {
    try {
      return decodeBase64(text, "a certificate or a key");
    } catch (error) {
      if (!isTouchmarkError(error)) throw error;
      context.issues.push({ code: "custom", input: text, message: error.message });
      return z.NEVER;
    }
  }),
);

const keyId = z.object({ keyId: blob });
const name = z.string().check(z.maxLength(2048));

const Log = z
  .object({
    baseUrl: name,
    hashAlgorithm: z.literal("SHA2_256"), // RFC 6962 section 2: all that is in use
    publicKey: z.object({ rawBytes: blob, keyDetails: z.enum(LOG_KEYS), validFor }),
    logId: z.nullish(keyId),
    checkpointKeyId: z.nullish(keyId),
    operator: z.nullish(name),
  })
  .check(z.refine(({ logId, checkpointKeyId }) => logId != null || checkpointKeyId != null, "a log needs an id"));

const Authority = z.object({
  uri: z.nullish(name),
  certChain: z.object({ certificates: boundedArray(z.object({ rawBytes: blob }), MAX_CHAIN, 1) }),
  validFor,
  operator: z.nullish(name),
});

const list = <Item>(item: z.ZodMiniType<Item>) =>
  z.pipe(
    z.nullish(boundedArray(item, MAX_AUTHORITIES)),
    z.transform((items) => items ?? []),
  );

/** One root, as far as it is used. Unknown members are ignored: the format grows. */
export const TrustedRoot = z
  .object({
    mediaType: z.enum(TRUSTED_ROOT_TYPES),
    tlogs: list(Log),
    certificateAuthorities: list(Authority).check(z.refine((items) => items.length > 0, "no certificate authority")),
    ctlogs: list(Log),
    timestampAuthorities: list(Authority),
  })
  .check(
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
export const WithMediaType = z.object({ mediaType: z.string().check(z.maxLength(256)) });

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
