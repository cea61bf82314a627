import { type Bundle, type DigestSet, type Finding, finding, type MessageBundle } from "@touchmark/core";
import { readClaim } from "./claim.ts";

/**
 * A signature over a file itself, or a registry's word for having published it: somebody signed these bytes, and said nothing
 * of where they came from.
 */
export interface SignatureEvidence {
  readonly kind: "signature";
  readonly name: string;
  /** What it says that was signed; empty where it does not say. Nobody checked it: it only words a refusal. */
  readonly digests: DigestSet;
  readonly findings: readonly Finding[];
}

const ALGORITHMS = { SHA2_256: "sha256", SHA2_384: "sha384", SHA2_512: "sha512" } as const;

/** Whoever signed it, it covers nothing; so nobody needs to be trusted for it. */
export function signatureEvidence(name: string, { messageDigest }: MessageBundle): SignatureEvidence {
  return {
    kind: "signature",
    name,
    digests:
      messageDigest === null
        ? {}
        : { [ALGORITHMS[messageDigest.algorithm]]: Buffer.from(messageDigest.bytes).toString("hex") },
    findings: [
      finding("NOT_PROVENANCE", "it is a signature without a statement, which does not say where a file came from", {
        expected: "SLSA provenance",
        actual: "a message signature",
      }),
    ],
  };
}

/** npm's document about a package that was published without provenance: the registry knows it, and nobody says who built it. */
export function publishedOnly(name: string, bundle: Bundle): SignatureEvidence {
  return {
    kind: "signature",
    name,
    digests: readClaim(bundle)?.statement.subject[0]?.digest ?? {},
    findings: [
      finding("NOT_PROVENANCE", "npm's registry says that it published this, and has no provenance for it", {
        expected: "SLSA provenance",
        actual: "the registry's publish attestation alone",
      }),
    ],
  };
}
