import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import {
  type Bundle,
  encodeJson,
  encodeKeyBundle,
  INTOTO_PAYLOAD_TYPE,
  PROVENANCE_V1,
  parseBundle,
  preAuthEncoding,
  STATEMENT_V1,
} from "@touchmark/core";
import type { StatementPiece } from "../src/formats/piece.ts";
import { type KeyTrust, trustedKey } from "../src/trust.ts";

/** A key pair made for one test run. */
export interface TestKey {
  readonly trust: KeyTrust;
  readonly pem: Uint8Array;
  readonly privatePem: Uint8Array;
  sign(bytes: Uint8Array): Uint8Array;
}

export type TestKeyKind = "ed25519" | "P-256" | "P-384" | "P-521" | "RSA";

export function testKey(kind: TestKeyKind = "ed25519", label = "test.pub"): TestKey {
  const { publicKey, privateKey } = keyPair(kind);
  const pem = bytesOf(publicKey.export({ type: "spki", format: "pem" }));
  const privatePem = bytesOf(privateKey.export({ type: "pkcs8", format: "pem" }));
  return {
    get trust() {
      return trustedKey(pem, label);
    },
    pem,
    privatePem,
    sign: (bytes) => sign(kind === "ed25519" ? null : "sha256", bytes, privateKey),
  };
}

export interface TestStatement {
  readonly subject: readonly unknown[];
  readonly predicateType?: string;
  readonly predicate?: unknown;
}

export const PREDICATE = {
  buildDefinition: {
    buildType: "https://touchmark.dev/build-types/local/v1",
    externalParameters: {},
    resolvedDependencies: [
      { uri: "git+https://github.com/octo/widgets@refs/tags/v1.0.0", digest: { gitCommit: "ab".repeat(20) } },
    ],
  },
  runDetails: { builder: { id: "https://touchmark.dev/builders/local" } },
};

export function statementBytes(statement: TestStatement): Uint8Array {
  return encodeJson({ _type: STATEMENT_V1, predicateType: PROVENANCE_V1, predicate: PREDICATE, ...statement });
}

/** A signed bundle, as bytes. */
export function signedBytes(
  key: TestKey,
  payload: Uint8Array,
  options: { readonly payloadType?: string; readonly hint?: string } = {},
): Uint8Array {
  const payloadType = options.payloadType ?? INTOTO_PAYLOAD_TYPE;
  const signature = key.sign(preAuthEncoding(payloadType, payload));
  return encodeKeyBundle({ payloadType, payload, signature, hint: options.hint ?? key.trust.digest });
}

export function signed(key: TestKey, statement: TestStatement): Bundle {
  return parseBundle(signedBytes(key, statementBytes(statement)));
}

/** A bundle as it is read from a file. */
export function pieceOf(bundle: Bundle): StatementPiece {
  return { kind: "statement", format: "sigstore-bundle", bundle };
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

export function sha512(text: string): string {
  return createHash("sha512").update(text).digest("hex");
}

function keyPair(kind: TestKeyKind): { readonly publicKey: KeyObject; readonly privateKey: KeyObject } {
  if (kind === "ed25519") return generateKeyPairSync("ed25519");
  if (kind === "RSA") return generateKeyPairSync("rsa", { modulusLength: 2048 });
  return generateKeyPairSync("ec", { namedCurve: kind });
}

function bytesOf(text: string | Buffer): Uint8Array {
  return new TextEncoder().encode(text.toString());
}
