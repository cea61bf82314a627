import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import { MAX_SMALL_FILE_BYTES, TouchmarkError } from "@touchmark/core";
import type { CloudBuildTrust } from "./cloud-build/trust-cloud-build.ts";
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
  readonly [checked]: true;
}

export type KeyAlgorithm = "ecdsa-p256" | "ecdsa-p384" | "ed25519";

declare const checked: unique symbol;

/**
 * Reads a public key that the user trusts.
 *
 * @param pem - PEM with exactly one SubjectPublicKeyInfo block (RFC 7468 section 13): EC P-256, EC P-384 or Ed25519.
 * @param label - what the key is called in reports; a path as the user typed it.
 * @throws TouchmarkError `KEY_IS_PRIVATE`, `KEY_UNSUPPORTED`, `KEY_INVALID`.
 */
export function trustedKey(pem: Uint8Array, label: string): KeyTrust {
  const { key, spki } = publicKey(pemBlock(pem, label), label);
  return {
    kind: "key",
    label,
    digest: createHash("sha256").update(spki).digest("hex"),
    algorithm: algorithmOf(key, label),
    key,
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
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (key.asymmetricKeyType === "ec" && curve === "prime256v1") return "ecdsa-p256";
  if (key.asymmetricKeyType === "ec" && curve === "secp384r1") return "ecdsa-p384";
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
