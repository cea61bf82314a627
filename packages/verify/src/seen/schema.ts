import { MAX_VERSION, releaseOf } from "@touchmark/core";
import * as z from "zod/mini";
import {
  MAX_SEEN_INSTANCES,
  MAX_SEEN_KEYS,
  MAX_SEEN_NAME,
  MAX_SEEN_POLICY_KEYS,
  MAX_SEEN_REPOSITORIES,
  MAX_SEEN_SERIES,
  MAX_SEEN_TRUST_FILES,
} from "./limits.ts";

const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/, "expected 64 lowercase hex digits"));
const time = z.iso.datetime({ precision: 3 });
/** Before zod looks at each member, which it would do of any number of them. */
const bounded = <Schema extends z.ZodMiniType>(schema: Schema, max: number) =>
  z.pipe(
    z
      .unknown()
      .check(
        z.refine(
          (value) => typeof value !== "object" || value === null || Object.keys(value).length <= max,
          `more than ${max} members`,
        ),
      ),
    schema,
  );

const SeenInstance = z.strictObject({
  /** SHA-256 of what the roots hold, however they are written. */
  digest: sha256,
  /** The newest start in them. RFC 3339, UTC, milliseconds. */
  newest: time,
  /** SHA-256 of each public key (SPKI, DER), and when it stops to count; null: it does not. */
  keys: bounded(z.record(sha256, z.nullable(time)), MAX_SEEN_KEYS),
});

const version = z.string().check(
  z.maxLength(MAX_VERSION),
  z.refine((text) => releaseOf(`refs/tags/${text}`)?.version === text, "expected a semantic version"),
);

/** The newest policy, or trust file of a name, that a key signed. */
const SeenPolicy = z.strictObject({
  revision: z.int().check(z.minimum(1)),
  /** SHA-256 of what was signed. */
  digest: sha256,
});

/** The file: closed, so that nothing in it is believed that this version does not know. */
export const VerifierState = z.strictObject({
  version: z.literal(1),
  roots: bounded(z.array(SeenInstance), MAX_SEEN_INSTANCES),
  releases: bounded(
    z.record(
      z.string().check(z.minLength(1), z.maxLength(MAX_SEEN_NAME)),
      bounded(z.record(z.string().check(z.maxLength(MAX_SEEN_NAME)), version), MAX_SEEN_SERIES),
    ),
    MAX_SEEN_REPOSITORIES,
  ),
  /** By SHA-256 of the key (SPKI, DER); absent in files from before there were any. */
  policies: z.optional(bounded(z.record(sha256, SeenPolicy), MAX_SEEN_POLICY_KEYS)),
  /** By SHA-256 of the key, and by the name under which a trust file was signed: one key signs several. */
  trust: z.optional(
    bounded(
      z.record(
        sha256,
        bounded(
          z.record(z.string().check(z.minLength(1), z.maxLength(MAX_SEEN_NAME)), SeenPolicy),
          MAX_SEEN_TRUST_FILES,
        ),
      ),
      MAX_SEEN_POLICY_KEYS,
    ),
  ),
});

/** What a verifier has seen, in the order in which nothing gets lost: each part only ever moves forward. */
export type VerifierState = z.output<typeof VerifierState>;
/** Roots of one Sigstore instance. */
export type SeenInstance = z.output<typeof SeenInstance>;
/** Repository → series → the highest version that was verified. */
export type SeenReleases = Readonly<Record<string, Readonly<Record<string, string>>>>;
/** SHA-256 of a key → the policy with the highest revision that it signed. */
export type SeenPolicies = NonNullable<VerifierState["policies"]>;
/** SHA-256 of a key → name → the trust file of that name with the highest revision that it signed. */
export type SeenTrust = NonNullable<VerifierState["trust"]>;
export type SeenPolicy = z.output<typeof SeenPolicy>;
