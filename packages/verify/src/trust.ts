import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import { GITHUB_ISSUER, MAX_SMALL_FILE_BYTES, namedCurve, TouchmarkError } from "@touchmark/core";
import { checkedBuilderIds } from "./builder-id.ts";
import type { CloudBuildTrust } from "./cloud-build/trusted.ts";
import { usage } from "./match.ts";
import type { Roots } from "./roots/roots.ts";
import { type SourceExpectation, sourceExpectation } from "./source-expectation.ts";
import type { Standing } from "./standing.ts";
import type { IdentityTrust } from "./trust-identity.ts";

/** Who may sign: a key, somebody whom a certificate names, or Google Cloud Build for its own provenance. */
export type Trust = KeyTrust | IdentityTrust | CloudBuildTrust;

export function isKeyTrust(trust: Trust): trust is KeyTrust {
  return trust.kind === "key";
}

export function isIdentityTrust(trust: Trust): trust is IdentityTrust {
  return trust.kind === "identity";
}

export function isCloudBuildTrust(trust: Trust): trust is CloudBuildTrust {
  return trust.kind === "cloud-build";
}

/** A public key whose signatures are believed. Made by {@link trustedKey} only. */
export interface KeyTrust {
  readonly kind: "key";
  /** As the user named it, such as the key's file. */
  readonly label: string;
  /** SHA-256 of the key's SubjectPublicKeyInfo in DER, lowercase hex. */
  readonly digest: string;
  readonly algorithm: KeyAlgorithm;
  readonly key: KeyObject;
  /** Null where a flag names the key. */
  readonly standing: Standing | null;
  /** What it signs must say that it was built from this; null for any. It is the key's own word. */
  readonly source: SourceExpectation | null;
  /** What provenance may name as its builder beside what the standing says; none: nothing more is asked. */
  readonly builderIds: readonly string[];
  /** By which times are proven, where the standing has a window; null where none is. */
  readonly roots: Roots | null;
  readonly [checked]: true;
}

export type KeyAlgorithm = "ecdsa-p256" | "ecdsa-p384" | "ed25519";

declare const checked: unique symbol;

/** What an entry of a trust file says of a key. */
export interface KeyOptions {
  readonly standing: Standing;
  /** `OWNER/REPO` at GitHub or a URL, either with `@refs/…` behind; null for any. */
  readonly source: string | null;
  readonly builderIds: readonly string[];
  readonly roots: Roots | null;
}

/**
 * Reads a public key that the user trusts.
 *
 * @param pem - PEM with exactly one SubjectPublicKeyInfo block (RFC 7468 section 13): EC P-256, EC P-384 or Ed25519.
 * @param label - what the key is called in reports; a path as the user typed it.
 * @throws TouchmarkError `KEY_IS_PRIVATE`, `KEY_UNSUPPORTED`, `KEY_INVALID`.
 */
export function trustedKey(pem: Uint8Array, label: string, options: KeyOptions | null = null): KeyTrust {
  const { key, spki } = publicKey(pemBlock(pem, label), label);
  const builders = options?.standing.builders;
  if (builders === null || builders === "same-as-signer") {
    throw usage("a key is no builder's name", "the URI of the builder that the key signs for", String(builders));
  }
  return {
    kind: "key",
    label,
    digest: createHash("sha256").update(spki).digest("hex"),
    algorithm: algorithmOf(key, label),
    key,
    standing: options?.standing ?? null,
    source: options === null || options.source === null ? null : sourceExpectation(options.source, GITHUB_ISSUER),
    builderIds: checkedBuilderIds(options?.builderIds ?? []),
    roots: options?.roots ?? null,
  } as KeyTrust;
}

function pemBlock(pem: Uint8Array, label: string): string {
  if (pem.byteLength > MAX_SMALL_FILE_BYTES) throw invalid(label, `${pem.byteLength} bytes`);
  const text = new TextDecoder("latin1").decode(pem);
  const labels = [...text.matchAll(/^-----BEGIN ([A-Z0-9 ]{1,64})-----\r?$/gm)].map((match) => match[1] ?? "");
  const [only] = labels;
  if (labels.some((name) => name.endsWith("PRIVATE KEY"))) {
    throw new TouchmarkError("KEY_IS_PRIVATE", `${label} is a private key`, {
      expected: "the public half (touchmark.pub)",
      actual: `a PEM block "${labels.find((name) => name.endsWith("PRIVATE KEY"))}"`,
    });
  }
  if (only === undefined || labels.length > 1) throw invalid(label, `${labels.length} PEM blocks`);
  if (only !== "PUBLIC KEY") throw unsupported(label, `a PEM block "${only}"`);
  const block = /^-----BEGIN PUBLIC KEY-----\r?\n[A-Za-z0-9+/=\r\n]+-----END PUBLIC KEY-----\r?$/m.exec(text);
  if (block === null) throw invalid(label, "a PEM block that does not end, or that holds other than base64");
  return block[0];
}

/** With its encoding: a point that is none shows only when the key is written again. */
function publicKey(block: string, label: string): { readonly key: KeyObject; readonly spki: Buffer } {
  try {
    const key = createPublicKey({ key: block, format: "pem" });
    return { key, spki: key.export({ type: "spki", format: "der" }) };
  } catch (cause) {
    throw new TouchmarkError("KEY_INVALID", `${label} is not a public key`, {
      expected: "a public key in PEM (BEGIN PUBLIC KEY)",
      actual: "a block whose content is not a key",
      cause,
    });
  }
}

function algorithmOf(key: KeyObject, label: string): KeyAlgorithm {
  if (key.asymmetricKeyType === "ed25519") return "ed25519";
  const curve = namedCurve(key);
  if (curve === "prime256v1") return "ecdsa-p256";
  if (curve === "secp384r1") return "ecdsa-p384";
  throw unsupported(label, curve ?? key.asymmetricKeyType ?? "an unknown kind");
}

function unsupported(label: string, actual: string): TouchmarkError {
  return new TouchmarkError("KEY_UNSUPPORTED", `${label} is a key of a kind that is not supported`, {
    expected: "a public key (BEGIN PUBLIC KEY): EC P-256, EC P-384 or Ed25519",
    actual,
  });
}

function invalid(label: string, actual: string): TouchmarkError {
  return new TouchmarkError("KEY_INVALID", `${label} is not a public key`, {
    expected: "one PEM block BEGIN PUBLIC KEY",
    actual,
  });
}
