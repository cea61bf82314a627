import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import {
  encodeJson,
  encodeKeyBundle,
  INTOTO_PAYLOAD_TYPE,
  preAuthEncoding,
  STATEMENT_V1,
  type Subject,
} from "@touchmark/core";
import { type ImageSignature, imagePurl, simpleSigningPayload } from "@touchmark/oci";
import type { SignedEnvelope } from "@touchmark/plugin";

export interface TestKey {
  readonly privateKey: KeyObject;
  readonly publicPem: string;
}

export function testKey(): TestKey {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { privateKey, publicPem: publicKey.export({ type: "spki", format: "pem" }).toString() };
}

export const PROVENANCE = "https://slsa.dev/provenance/v1";

/** A statement about subjects, signed. */
export function envelopeOf(subjects: readonly Subject[], key: TestKey, predicate: object = {}): SignedEnvelope {
  const payload = encodeJson({ _type: STATEMENT_V1, subject: subjects, predicateType: PROVENANCE, predicate });
  const signature = sign("sha256", preAuthEncoding(INTOTO_PAYLOAD_TYPE, payload), key.privateKey);
  return { bundle: encodeKeyBundle({ payloadType: INTOTO_PAYLOAD_TYPE, payload, signature, hint: "h" }), subjects };
}

/** The subject of an image, as adapters write it. */
export function imageSubject(name: string, digest: string): Subject {
  return { name, digest: { sha256: digest.slice("sha256:".length) }, uri: imagePurl({ name, digest }) };
}

export function signatureOf(name: string, digest: string, key: TestKey): ImageSignature {
  const payload = simpleSigningPayload({ name, digest });
  return { name, digest, payload, signature: sign("sha256", payload, key.privateKey), publicKey: key.publicPem };
}

/** Where manifests and blobs can be put: a registry of the testkit. */
interface Shelf {
  addBlob(repository: string, bytes: Uint8Array): string;
  addManifest(repository: string, bytes: Uint8Array, options: { readonly mediaType: string }): string;
}

/** Puts a manifest that looks like an image into a registry. @returns its digest. */
export function addImage(registry: Shelf, repository: string, seed: string): string {
  const config = encodeJson({ architecture: "amd64", os: "linux", seed });
  const manifest = encodeJson({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: {
      mediaType: "application/vnd.oci.image.config.v1+json",
      digest: `sha256:${createHash("sha256").update(config).digest("hex")}`,
      size: config.byteLength,
    },
    layers: [],
  });
  registry.addBlob(repository, config);
  return registry.addManifest(repository, manifest, { mediaType: "application/vnd.oci.image.manifest.v1+json" });
}
