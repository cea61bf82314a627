import { createHash } from "node:crypto";
import { type Bundle, parseBundle } from "@touchmark/core";
import { type BundleOptions, githubRun, newTestKey, signBundle, type TestKey } from "@touchmark/testkit/sigstore";
import { NPM_PUBLISH } from "../src/npm/attestation-types.ts";
import { type NpmKeys, readNpmKeys } from "../src/npm/npm-keys.ts";
import { bytesOf, sigstore } from "./certificate-cases.ts";

const PURL = "pkg:npm/%40octo/pad@1.2.3";
export const SHA512 = createHash("sha512").update("pad").digest("hex");
const COMMIT = "0123456789abcdef".repeat(3).slice(0, 40);
const SOURCE = "git+https://github.com/octo/widgets@refs/tags/v1.2.3";

/** The workflow in which npm's command line ran. */
const NPM_RUN = githubRun({ repository: "octo/widgets", ref: "refs/tags/v1.2.3" });

export const REGISTRY_KEY = newTestKey();
export const KEY_ID = "SHA256:a-test-registry";

/** keys.json: the registry's key, valid on the day of all signatures, and one for another use. */
export function keysJson({ key = REGISTRY_KEY, validFor = {} }: { key?: TestKey; validFor?: object | null } = {}) {
  const publicKey = {
    rawBytes: Buffer.from(key.spki).toString("base64"),
    keyDetails: "PKIX_ECDSA_P256_SHA_256",
    validFor: validFor === null ? undefined : { start: "2026-01-01T00:00:00.000Z", ...validFor },
  };
  return {
    keys: [
      { keyId: KEY_ID, keyUsage: "npm:attestations", publicKey },
      { keyId: "SHA256:other", keyUsage: "npm:signatures", publicKey },
    ],
  };
}

export function npmKeysOf(options: Parameters<typeof keysJson>[0] = {}): NpmKeys {
  return readNpmKeys(bytesOf(keysJson(options)));
}

type TestSubject = { name?: string; digest: Record<string, string> };

/** What npm's command line writes. */
export function npmProvenance() {
  return {
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name: PURL, digest: { sha512: SHA512 } }] as TestSubject[],
    predicateType: "https://slsa.dev/provenance/v1",
    predicate: {
      buildDefinition: {
        buildType: "https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1",
        externalParameters: {
          workflow: {
            ref: "refs/tags/v1.2.3",
            repository: "https://github.com/octo/widgets",
            path: ".github/workflows/release.yml",
          },
        },
        internalParameters: {
          github: { event_name: "push", repository_id: "1001", repository_owner_id: "2002" },
        },
        resolvedDependencies: [{ uri: SOURCE, digest: { gitCommit: COMMIT } }],
      },
      runDetails: {
        builder: { id: "https://github.com/actions/runner/github-hosted" },
        metadata: { invocationId: "https://github.com/octo/widgets/actions/runs/42/attempts/1" },
      },
    },
  };
}

/** The registry's word for having published it. */
export function publishStatement() {
  return {
    _type: "https://in-toto.io/Statement/v0.1",
    subject: [{ name: PURL, digest: { sha512: SHA512 } }] as TestSubject[],
    predicateType: NPM_PUBLISH,
    predicate: { name: "@octo/pad", version: "1.2.3", registry: "https://registry.npmjs.org" } as object,
  };
}

export function signedProvenance(statement: unknown = npmProvenance(), options: BundleOptions = {}) {
  return signBundle(sigstore, bytesOf(statement), { leaf: { claims: NPM_RUN }, ...options }).bundle;
}

export function signedPublish(statement: unknown = publishStatement(), options: BundleOptions = {}) {
  return signBundle(sigstore, bytesOf(statement), { key: REGISTRY_KEY, keyHint: KEY_ID, ...options }).bundle;
}

/** What `GET /-/npm/v1/attestations/…` answers: the registry's attestation first. */
export function npmDocument(provenance: unknown = signedProvenance(), publish: unknown = signedPublish()) {
  return {
    attestations: [
      { predicateType: NPM_PUBLISH, bundle: publish },
      { predicateType: "https://slsa.dev/provenance/v1", bundle: provenance },
    ],
  };
}

export function bundleOf(json: unknown): Bundle {
  return parseBundle(bytesOf(json));
}
