import { createHash } from "node:crypto";
import {
  attempt,
  type BundleMaterial,
  isTouchmarkError,
  type MessageBundle,
  parseBundle,
  parseMessageBundle,
  parseStatement,
  TouchmarkError,
} from "@touchmark/core";
import type { Roots } from "./roots/roots.ts";
import type { KeyTrust } from "./trust.ts";

/** The thing that a bundle must be about: its bytes, or only their SHA-256 in hex. */
export type OneArtifact =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "digest"; readonly sha256: string };

/** Who must have signed: a key, or exactly this identity from exactly this issuer. */
export type OneSigner = KeyTrust | { readonly kind: "identity"; readonly identity: string; readonly issuer: string };

/**
 * Verifies one bundle about one artifact, and nothing more: a signature over the artifact itself, or an in-toto statement
 * with the artifact among its subjects. It judges neither names nor sources nor predicates: `judge` does.
 *
 * @throws TouchmarkError with the reason, whatever it is.
 */
export async function verifyOne(
  bundle: Uint8Array,
  artifact: OneArtifact,
  signer: OneSigner,
  roots: Roots,
): Promise<void> {
  const { mediaType, material, content } = await contentOf(bundle, artifact);
  if (signer.kind === "key") {
    if (material.signer.kind !== "key") throw wrongKind("a bundle that was signed with a key", "a certificate");
    roots.verifySignatureByKey({ mediaType, material, content }, signer.key);
    return;
  }
  if (material.signer.kind !== "certificate") throw wrongKind("a certificate", "a key");
  const { leaf } = roots.verifySignature({ mediaType, material, content });
  if (leaf.identity === signer.identity && leaf.claims.issuer === signer.issuer) return;
  throw new TouchmarkError("IDENTITY_MISMATCH", "somebody else signed this", {
    expected: `${signer.identity} (${signer.issuer})`,
    actual: `${leaf.identity} (${leaf.claims.issuer})`,
  });
}

/** What is signed, once it is known to be about the artifact. */
async function contentOf(bytes: Uint8Array, artifact: OneArtifact) {
  const { envelopeContent } = await import("./certificate/signed-content.ts");
  const envelope = attempt(() => parseBundle(bytes));
  if (!isTouchmarkError(envelope)) {
    checkSubject(envelope.payload, artifact);
    return { mediaType: envelope.mediaType, material: envelope as BundleMaterial, content: envelopeContent(envelope) };
  }
  const message = attempt(() => parseMessageBundle(bytes));
  if (isTouchmarkError(message)) throw message;
  return { mediaType: message.mediaType, material: message, content: await messageContent(message, artifact) };
}

async function messageContent(message: MessageBundle, artifact: OneArtifact) {
  const { messageDigest } = message;
  if (artifact.kind === "bytes") {
    const { fileContent } = await import("./certificate/signed-content.ts");
    const content = fileContent(artifact.bytes, message.signature);
    if (messageDigest !== null) {
      const hash = ({ SHA2_256: "sha256", SHA2_384: "sha384", SHA2_512: "sha512" } as const)[messageDigest.algorithm];
      if (!sameBytes(content.digest(hash), messageDigest.bytes)) throw otherDigest();
    }
    return content;
  }
  const { digestContent } = await import("./certificate/digest-content.ts");
  const digest = Buffer.from(artifact.sha256, "hex");
  if (messageDigest !== null && messageDigest.algorithm === "SHA2_256" && !sameBytes(digest, messageDigest.bytes)) {
    throw otherDigest();
  }
  return digestContent("sha256", digest, message.signature);
}

/** An in-toto statement must have the artifact's SHA-256 among its subjects. */
function checkSubject(payload: Uint8Array, artifact: OneArtifact): void {
  const sha256 =
    artifact.kind === "digest" ? artifact.sha256 : createHash("sha256").update(artifact.bytes).digest("hex");
  if (parseStatement(payload).subject.some(({ digest }) => digest["sha256"] === sha256)) return;
  throw new TouchmarkError("NOT_COVERED", "the statement is not about this artifact", {
    expected: `a subject with sha256:${sha256}`,
    actual: "others",
  });
}

function sameBytes(left: Uint8Array | null, right: Uint8Array): boolean {
  return left !== null && Buffer.compare(left, right) === 0;
}

function otherDigest(): TouchmarkError {
  return new TouchmarkError("DIGEST_MISMATCH", "the bundle says that another file was signed", {
    expected: "the artifact's digest",
    actual: "another one",
  });
}

function wrongKind(expected: string, actual: string): TouchmarkError {
  return new TouchmarkError("SIGNER_UNTRUSTED", "the bundle was signed in another way", { expected, actual });
}
