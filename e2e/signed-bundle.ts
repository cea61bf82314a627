import { createHash, createPrivateKey, createPublicKey, sign } from "node:crypto";

const PAYLOAD_TYPE = "application/vnd.in-toto+json";

/** What a right key might be made to sign: any text as the payload of a bundle of one line. */
export function signedBundle(privatePem: string, payload: string): string {
  const bytes = Buffer.from(payload);
  const key = createPrivateKey(privatePem);
  // DSSE v1.0.2, pre-authentication encoding.
  const encoded = Buffer.concat([Buffer.from(`DSSEv1 ${PAYLOAD_TYPE.length} ${PAYLOAD_TYPE} ${bytes.length} `), bytes]);
  const spki = createPublicKey(key).export({ type: "spki", format: "der" });
  return JSON.stringify({
    mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
    verificationMaterial: { publicKey: { hint: sha256(spki).toString("base64") } },
    dsseEnvelope: {
      payload: bytes.toString("base64"),
      payloadType: PAYLOAD_TYPE,
      signatures: [{ sig: sign("sha256", encoded, key).toString("base64") }],
    },
  });
}

export interface SubjectEntry {
  readonly name: string;
  readonly digest: Readonly<Record<string, string>>;
}

/** SLSA provenance as `attest` writes it, over any subjects. */
export function provenance(subject: readonly SubjectEntry[]): string {
  return statement(subject, "https://slsa.dev/provenance/v1", {
    buildDefinition: {
      buildType: "https://touchmark.dev/buildtypes/local/v1",
      externalParameters: {},
      resolvedDependencies: [],
    },
    runDetails: { builder: { id: "https://touchmark.dev/builders/local" } },
  });
}

export function statement(subject: readonly SubjectEntry[], predicateType: string, predicate: unknown): string {
  return JSON.stringify({ _type: "https://in-toto.io/Statement/v1", subject, predicateType, predicate });
}

function sha256(bytes: string | Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}

export function hex(algorithm: "sha256" | "sha512" | "sha1", bytes: string): string {
  return createHash(algorithm).update(bytes).digest("hex");
}
