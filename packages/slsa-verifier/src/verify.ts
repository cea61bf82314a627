import { type Bundle, isTouchmarkError } from "@touchmark/core";
import type { CloudBuildKeys, NpmKeys, Roots } from "@touchmark/verify";
import { TRUSTED_BUILDERS } from "./builders.ts";
import { isGcbBuilder, judgeGcbImage } from "./gcb.ts";
import { type Expectations, judgeGithubProvenance } from "./github-provenance.ts";
import { judgeNpmPackage, type NpmExpectations } from "./npm.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";
import { Refusal } from "./refusal.ts";
import { judgeVsa, type VsaExpectations } from "./vsa.ts";

/** `slsa-verifier verify-artifact`: one artifact, one bundle. */
export function verifyArtifact(bundle: Bundle, expected: Expectations, roots: Roots): Outcome {
  return outcomeOf(() => {
    requireGithub(expected.builderId);
    return judged(bundle, expected, roots, TRUSTED_BUILDERS.artifact);
  });
}

/** `slsa-verifier verify-github-attestation`: the builder must be named. */
export function verifyGithubAttestation(bundle: Bundle, expected: Expectations, roots: Roots): Outcome {
  return outcomeOf(() => {
    requireGithub(expected.builderId);
    return judged(bundle, expected, roots, TRUSTED_BUILDERS.githubAttestation);
  });
}

/** `slsa-verifier verify-image`, for images whose attestations cosign attached: one that holds is enough. */
export function verifyImage(attestations: readonly Bundle[], expected: Expectations, roots: Roots): Outcome {
  return outcomeOf(() => {
    requireGithub(expected.builderId);
    let first: unknown = new Refusal("ErrorNoValidSignature", "no attestation of the image was found");
    for (const [index, attestation] of attestations.entries()) {
      try {
        return judged(attestation, expected, roots, TRUSTED_BUILDERS.image);
      } catch (error) {
        if (!(error instanceof Refusal) && !isTouchmarkError(error)) throw error;
        if (index === 0) first = error;
      }
    }
    throw first;
  });
}

/** `slsa-verifier verify-image`, for what Google Cloud Build says of an image. */
export function verifyGcbImage(document: Uint8Array, expected: Expectations, keys: CloudBuildKeys): Outcome {
  return outcomeOf(() => ({ passed: true, commit: null, ...judgeGcbImage(document, expected, keys) }));
}

/** `slsa-verifier verify-npm-package`. */
export function verifyNpmPackage(
  document: Uint8Array,
  expected: NpmExpectations,
  roots: Roots,
  keys: NpmKeys,
): Outcome {
  return outcomeOf(() => {
    requireGithub(expected.builderId);
    return { passed: true, ...judgeNpmPackage(document, expected, roots, keys) };
  });
}

/** `slsa-verifier verify-vsa`. */
export function verifyVsa(attestation: Uint8Array, expected: VsaExpectations): Outcome {
  return outcomeOf(() => ({ passed: true, builderId: null, commit: null, ...judgeVsa(attestation, expected) }));
}

/**
 * A builder that is named chooses the rules, before anything is read.
 *
 * @returns null for builders that slsa-verifier has no rules for.
 */
export function rulesFor(builderId: string | null): "github" | "gcb" | null {
  if (builderId === null || builderId === "" || builderId.startsWith("https://github.com/")) return "github";
  return isGcbBuilder(builderId) ? "gcb" : null;
}

function requireGithub(builderId: string | null): void {
  const rules = rulesFor(builderId);
  if (rules === "gcb") throw new Refusal("ErrorNotSupported", `${builderId} builds images`);
  if (rules === null) throw new Refusal("ErrorVerifierNotSupported", `${builderId}`);
}

function judged(bundle: Bundle, expected: Expectations, roots: Roots, trusted: readonly string[]) {
  const { payloadType, payload } = bundle;
  const signing = roots.verifyBundle(bundle, false);
  const judgement = judgeGithubProvenance({ payloadType, payload, signing }, expected, trusted);
  return { passed: true, ...judgement, statement: payload } as const;
}
