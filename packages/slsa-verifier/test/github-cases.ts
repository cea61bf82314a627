import { type Bundle, parseBundle } from "@touchmark/core";
import {
  type BundleOptions,
  type FulcioClaims,
  githubRun,
  rootOf,
  signBundle,
  testSigstore,
} from "@touchmark/testkit/sigstore";
import { openRoots } from "@touchmark/verify";
import type { Expectations } from "../src/github-provenance.ts";

/** What every test signs with, and what every test trusts. */
export const sigstore = testSigstore();
export const roots = await openRoots({
  bytes: bytesOf(rootOf(sigstore)),
  label: "roots.json",
  asOf: "2026-06-01T00:00:00Z",
});

export const SHA256 = "a1".repeat(32);
export const SHA512 = "b2".repeat(64);
export const COMMIT = "0123456789abcdef".repeat(3).slice(0, 40);
export const WORKFLOWS = "slsa-framework/slsa-github-generator/.github/workflows";
export const GENERIC = `https://github.com/${WORKFLOWS}/generator_generic_slsa3.yml`;

/** A tag of octo/widgets, built by the generic generator v2.1.0. */
export const RUN: FulcioClaims = githubRun({
  repository: "octo/widgets",
  ref: "refs/tags/v13.0.30",
  workflow: `${WORKFLOWS}/generator_generic_slsa3.yml@refs/tags/v2.1.0`,
});

export const EXPECTED: Expectations = {
  source: "github.com/octo/widgets",
  builderId: null,
  digest: SHA256,
  branch: null,
  tag: null,
  versionedTag: null,
  inputs: new Map(),
};

/** Provenance v0.2 as slsa-github-generator writes it; a test may change any of it. */
export function genericStatement() {
  return {
    _type: "https://in-toto.io/Statement/v0.1",
    subject: [{ name: "tool", digest: { sha256: SHA256 } }],
    predicateType: "https://slsa.dev/provenance/v0.2",
    predicate: {
      builder: { id: `${GENERIC}@refs/tags/v2.1.0` },
      buildType: "https://github.com/slsa-framework/slsa-github-generator/generic@v1",
      invocation: {
        configSource: {
          uri: "git+https://github.com/octo/widgets@refs/tags/v13.0.30",
          digest: { sha1: COMMIT },
          entryPoint: ".github/workflows/release.yml",
        },
        parameters: {},
        environment: {
          github_base_ref: "",
          github_event_name: "push",
          github_event_payload: { base_ref: "refs/heads/main" },
          github_ref: "refs/tags/v13.0.30",
          github_ref_type: "tag",
        } as Record<string, unknown>,
      },
      metadata: {
        buildInvocationID: "42-1",
        completeness: { parameters: true, environment: false, materials: false },
        reproducible: false,
      },
      materials: [{ uri: "git+https://github.com/octo/widgets@refs/tags/v13.0.30", digest: { sha1: COMMIT } }],
    },
  };
}

/** Signs with a certificate for these claims. */
export function signed(statement: unknown, claims: FulcioClaims = RUN, options: BundleOptions = {}): Bundle {
  const { bundle } = signBundle(sigstore, bytesOf(statement), { leaf: { claims }, ...options });
  return parseBundle(bytesOf(bundle));
}

export function bytesOf(json: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(json));
}
