import { parseBundle } from "@touchmark/core";
import {
  type BundleJson,
  type BundleOptions,
  type FulcioClaims,
  RELEASE_RUN,
  rootOf,
  signBundle,
  type TestSigstore,
  testSigstore,
} from "@touchmark/testkit/sigstore";
import { authenticate } from "../src/authenticate.ts";
import { openRoots } from "../src/open-roots.ts";
import type { Roots } from "../src/roots/roots.ts";
import { type IdentityOptions, type IdentityTrust, trustedIdentity } from "../src/trust-identity.ts";
import { sha256, statementBytes } from "./signed-bundles.ts";

/** What every test signs with, and what every test trusts unless it says otherwise. */
export const sigstore: TestSigstore = testSigstore();

export const ISSUER = "https://token.actions.githubusercontent.com";
export const IDENTITY = "https://github.com/octo/widgets/.github/workflows/release.yml@refs/tags/v1.2.3";

/** The roots are complete up to this day, long after everything in these tests was signed. */
export const AS_OF = "2026-06-01T00:00:00Z";

/** Provenance as GitHub's own action writes it, of the run that a certificate names. */
export function githubPredicate(claims: FulcioClaims = RELEASE_RUN) {
  return {
    buildDefinition: {
      buildType: "https://actions.github.io/buildtypes/workflow/v1",
      externalParameters: {
        workflow: {
          ref: claims.sourceRepositoryRef,
          repository: claims.sourceRepositoryUri,
          path: ".github/workflows/release.yml",
        },
      },
      internalParameters: {
        github: {
          event_name: claims.buildTrigger,
          repository_id: claims.sourceRepositoryId,
          repository_owner_id: claims.sourceRepositoryOwnerId,
          runner_environment: claims.runnerEnvironment,
        },
      },
      resolvedDependencies: [
        {
          uri: `git+${claims.sourceRepositoryUri}@${claims.sourceRepositoryRef}`,
          digest: { gitCommit: claims.sourceRepositoryDigest },
        },
      ],
    },
    runDetails: {
      builder: { id: claims.buildSignerUri },
      metadata: { invocationId: claims.runInvocationUri },
    },
  };
}

export const SUBJECT = { name: "tool", digest: { sha256: sha256("tool") } };

export const PAYLOAD = statementBytes({ subject: [SUBJECT], predicate: githubPredicate() });

/** A keyless bundle; `changed` are authorities that the roots do not know. */
export function sign(options: BundleOptions = {}, changed: Partial<TestSigstore> = {}, payload = PAYLOAD): BundleJson {
  return signBundle({ ...sigstore, ...changed }, payload, options).bundle;
}

export function bytesOf(json: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(json));
}

export async function rootsFrom(json: unknown = rootOf(sigstore), asOf: string | null = AS_OF): Promise<Roots> {
  return openRoots({ bytes: bytesOf(json), label: "roots.json", asOf });
}

export const roots = await rootsFrom();

export function trusting(options: Partial<IdentityOptions> = {}): IdentityTrust {
  return trustedIdentity({
    issuer: ISSUER,
    identity: options.identityPattern === undefined ? IDENTITY : null,
    identityPattern: null,
    source: null,
    withoutLog: false,
    roots,
    ...options,
  });
}

/** `verified`, or the code of the refusal; anything untyped that is thrown fails the test. */
export function outcome(bundle: unknown, ...trust: readonly IdentityTrust[]): string {
  const result = authenticate(parseBundle(bytesOf(bundle)), trust.length === 0 ? [trusting()] : trust);
  return result.kind === "verified" ? "verified" : result.findings.map(({ code }) => code).join();
}

/** The same with the words. */
export function refusal(bundle: unknown, trust: IdentityTrust = trusting()): string {
  const result = authenticate(parseBundle(bytesOf(bundle)), [trust]);
  if (result.kind === "verified") return "verified";
  return result.findings.map(({ code, message, actual }) => `${code}: ${message}: ${actual}`).join();
}
