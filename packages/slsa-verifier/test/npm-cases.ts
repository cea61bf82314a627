import {
  type BundleOptions,
  type FulcioClaims,
  githubRun,
  newTestKey,
  signBundle,
  type TestKey,
} from "@touchmark/testkit/sigstore";
import { readNpmKeys } from "@touchmark/verify";
import type { NpmExpectations } from "../src/npm.ts";
import { verifyNpmPackage } from "../src/verify.ts";
import { bytesOf, COMMIT, roots, SHA512, sigstore } from "./github-cases.ts";
import { verdictOf } from "./reason.ts";

export const RUNNER = "https://github.com/actions/runner";
export const HOSTED = `${RUNNER}/github-hosted`;
export const SELF_HOSTED = `${RUNNER}/self-hosted`;

const SOURCE = "git+https://github.com/octo/widgets@refs/tags/v1.0.0";
const PURL = "pkg:npm/%40octo/widgets@1.0.0";

/** The workflow of the package itself; npm's command line signs in it. */
export const OWN_RUN = githubRun({ repository: "octo/widgets", ref: "refs/tags/v1.0.0" });

const REGISTRY_KEY = newTestKey();
const KEY_ID = "SHA256:the-key-of-a-test-registry";

/** keys.json with the registry's key, and one for another use. */
export function keysJson(key: TestKey = REGISTRY_KEY) {
  const publicKey = { rawBytes: Buffer.from(key.spki).toString("base64"), keyDetails: "PKIX_ECDSA_P256_SHA_256" };
  return {
    keys: [
      { keyId: KEY_ID, keyUsage: "npm:attestations", publicKey },
      { keyId: "SHA256:other", keyUsage: "npm:signatures", publicKey },
    ],
  };
}

export const EXPECTED_PACKAGE: NpmExpectations = {
  source: "github.com/octo/widgets",
  builderId: HOSTED,
  digest: SHA512,
  branch: null,
  tag: null,
  versionedTag: null,
  inputs: new Map(),
  packageName: "@octo/widgets",
  packageVersion: "1.0.0",
};

/** What npm's command line wrote until 2023. */
export function npmStatementV02() {
  return {
    _type: "https://in-toto.io/Statement/v0.1",
    subject: [{ name: PURL, digest: { sha512: SHA512 } as Record<string, string> }],
    predicateType: "https://slsa.dev/provenance/v0.2",
    predicate: {
      buildType: "https://github.com/npm/cli/gha/v2",
      builder: { id: RUNNER },
      invocation: {
        configSource: { uri: SOURCE, digest: { sha1: COMMIT }, entryPoint: ".github/workflows/release.yml" },
        parameters: {},
        environment: {
          GITHUB_EVENT_NAME: "push",
          GITHUB_REF: "refs/tags/v1.0.0",
          GITHUB_REPOSITORY: "octo/widgets",
          GITHUB_REPOSITORY_ID: "1001",
          GITHUB_REPOSITORY_OWNER_ID: "2002",
          GITHUB_RUN_ATTEMPT: "1",
          GITHUB_RUN_ID: "42",
          GITHUB_SHA: COMMIT,
          GITHUB_WORKFLOW_REF: "octo/widgets/.github/workflows/release.yml@refs/tags/v1.0.0",
          GITHUB_WORKFLOW_SHA: COMMIT,
        } as Record<string, unknown>,
      },
      metadata: {
        buildInvocationId: "42-1",
        completeness: { parameters: false, environment: false, materials: false },
        reproducible: false,
      } as Record<string, unknown>,
      materials: [{ uri: SOURCE, digest: { sha1: COMMIT } }],
    },
  };
}

/** What it writes since. */
export function npmStatementV1() {
  return {
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name: PURL, digest: { sha512: SHA512 } as Record<string, string> }],
    predicateType: "https://slsa.dev/provenance/v1",
    predicate: {
      buildDefinition: {
        buildType: "https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1",
        externalParameters: {
          workflow: {
            ref: "refs/tags/v1.0.0",
            repository: "https://github.com/octo/widgets",
            path: ".github/workflows/release.yml",
          },
        },
        internalParameters: {
          github: { event_name: "push", repository_id: "1001", repository_owner_id: "2002" } as Record<string, unknown>,
        },
        resolvedDependencies: [{ uri: SOURCE, digest: { gitCommit: COMMIT } }],
      },
      runDetails: {
        builder: { id: HOSTED },
        metadata: { invocationId: "https://github.com/octo/widgets/actions/runs/42/attempts/1" } as Record<
          string,
          unknown
        >,
      },
    },
  };
}

/** The registry's word for having published it. */
export function publishStatement() {
  return {
    _type: "https://in-toto.io/Statement/v0.1",
    subject: [{ name: PURL, digest: { sha512: SHA512 } as Record<string, string> }],
    predicateType: "https://github.com/npm/attestation/tree/main/specs/publish/v0.1",
    predicate: { name: "@octo/widgets", version: "1.0.0", registry: "https://registry.npmjs.org" },
  };
}

export interface PackageCase {
  readonly provenance?: { readonly predicateType: string };
  readonly claims?: FulcioClaims;
  readonly publish?: unknown;
  readonly publishOptions?: BundleOptions;
  readonly expected?: Partial<NpmExpectations>;
  /** The document before it is written. */
  readonly edit?: (document: NpmDocument) => void;
  readonly keys?: unknown;
}

export type NpmDocument = ReturnType<typeof packageDocument>;

/** `passed`, or slsa-verifier's name for what is wrong. */
export function packageVerdict(one: PackageCase = {}): string {
  const document = packageDocument(one);
  one.edit?.(document);
  const keys = readNpmKeys(bytesOf(one.keys ?? keysJson()));
  return verdictOf(verifyNpmPackage(bytesOf(document), { ...EXPECTED_PACKAGE, ...one.expected }, roots, keys));
}

export function packageDocument({
  provenance = npmStatementV1(),
  claims = OWN_RUN,
  publish,
  publishOptions = {},
}: PackageCase) {
  const published = publish ?? publishStatement();
  return {
    attestations: [
      {
        predicateType: provenance.predicateType,
        bundle: signBundle(sigstore, bytesOf(provenance), { leaf: { claims } }).bundle,
      },
      {
        predicateType: publishStatement().predicateType,
        bundle: signBundle(sigstore, bytesOf(published), { key: REGISTRY_KEY, keyHint: KEY_ID, ...publishOptions })
          .bundle,
      },
    ],
  };
}
