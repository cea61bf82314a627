import { newTestKey, pae, type TestKey } from "@touchmark/testkit/sigstore";
import { bytesOf, EXPECTED, SHA256 } from "./github-cases.ts";

const INTOTO = "application/vnd.in-toto+json";
export const WORKER = "https://cloudbuild.googleapis.com/GoogleHostedWorker";
export const REGION_KEY_ID =
  "projects/verified-builder/locations/us-west2/keyRings/attestor/cryptoKeys/builtByGCB/cryptoKeyVersions/1";
export const PAE_KEY_V1 =
  "projects/verified-builder/locations/global/keyRings/attestor/cryptoKeys/google-hosted-worker/cryptoKeyVersions/1";
export const PAE_KEY_V01 =
  "projects/verified-builder/locations/global/keyRings/attestor/cryptoKeys/provenanceSigner/cryptoKeyVersions/1";

const REGION_KEY = newTestKey();
const PAE_KEY = newTestKey();
export const GCB_KEYS = new Map([
  ["us-west2", REGION_KEY.publicKey],
  ["global-pae-google-hosted-worker_1", PAE_KEY.publicKey],
  ["global-pae-provenanceSigner_1", PAE_KEY.publicKey],
]);

export const EXPECTED_IMAGE = { ...EXPECTED, builderId: WORKER };

const IMAGE = { name: "https://us-docker.pkg.dev/p/r/widgets", digest: { sha256: SHA256 } };
const BUILD = "type.googleapis.com/google.devtools.cloudbuild.v1.Build";

/** Provenance v0.1 of the worker v0.3. */
export function workerStatement() {
  return {
    _type: "https://in-toto.io/Statement/v0.1",
    predicateType: "https://slsa.dev/provenance/v0.1",
    subject: [IMAGE] as { name: string; digest: Record<string, string> }[],
    predicate: {
      builder: { id: `${WORKER}@v0.3` },
      recipe: {
        type: "https://cloudbuild.googleapis.com/CloudBuildYaml@v0.1",
        entryPoint: "cloudbuild.yaml",
        arguments: { "@type": BUILD, substitutions: { TAG_NAME: "v13.0.30" } } as Record<string, unknown>,
      },
      metadata: { buildStartedOn: "2026-01-15T12:00:00Z" },
      materials: [{ uri: "https://github.com/octo/widgets", digest: { sha1: "x" } }],
    },
  };
}

/** The same of the worker v0.2, which named the commit with its source. */
export function olderWorkerStatement() {
  const statement = workerStatement();
  statement.predicate.builder.id = `${WORKER}@v0.2`;
  statement.predicate.recipe.type = `${WORKER}@v0.2`;
  statement.predicate.materials = [{ uri: "https://github.com/octo/widgets/commit/abc", digest: { sha1: "x" } }];
  return statement;
}

/** Provenance v1. */
export function workerStatementV1() {
  return {
    _type: "https://in-toto.io/Statement/v1",
    predicateType: "https://slsa.dev/provenance/v1",
    subject: [IMAGE],
    predicate: {
      buildDefinition: {
        buildType: "https://cloud.google.com/build/gcb-buildtypes/google-worker/v1",
        externalParameters: {
          buildConfigSource: {
            repository: "git+https://github.com/octo/widgets",
            ref: "refs/tags/v13.0.30",
            path: "cloudbuild.yaml",
          } as Record<string, unknown>,
        },
        internalParameters: { systemSubstitutions: { TAG_NAME: "v13.0.30" } as Record<string, unknown> },
      },
      runDetails: { builder: { id: WORKER } },
    },
  };
}

export interface GcbSignature {
  readonly keyid: string;
  readonly sig: string;
}

/** By the key of a region: over the payload alone, in the alphabet of URLs. */
export function bareSignature(statement: unknown, key: TestKey = REGION_KEY, keyid = REGION_KEY_ID): GcbSignature {
  const sig = Buffer.from(key.sign(bytesOf(statement))).toString("base64");
  return { keyid, sig: sig.replaceAll("+", "-").replaceAll("/", "_") };
}

/** As DSSE says. */
export function paeSignature(statement: unknown, keyid: string, key: TestKey = PAE_KEY): GcbSignature {
  return { keyid, sig: Buffer.from(key.sign(pae(INTOTO, bytesOf(statement)))).toString("base64") };
}

/** One provenance of a description, as `gcloud artifacts docker images describe` prints it. */
export function gcbProvenance(
  statement: ReturnType<typeof workerStatement>,
  signatures: readonly GcbSignature[] = [bareSignature(statement)],
) {
  const { predicate, ...head } = structuredClone(statement);
  return {
    kind: "BUILD",
    resourceUri: `https://us-docker.pkg.dev/p/r/widgets@sha256:${SHA256}`,
    build: { intotoStatement: { ...head, slsaProvenance: predicate } } as Record<string, unknown>,
    envelope: envelopeOf(statement, signatures),
  };
}

export function gcbProvenanceV1(
  statement: ReturnType<typeof workerStatementV1>,
  signatures: readonly GcbSignature[] = [paeSignature(statement, PAE_KEY_V1)],
) {
  return {
    ...gcbProvenance(workerStatement()),
    build: { inTotoSlsaProvenanceV1: structuredClone(statement) } as Record<string, unknown>,
    envelope: envelopeOf(statement, signatures),
  };
}

export function gcbDescription(...provenance: ReturnType<typeof gcbProvenance>[]) {
  return {
    image_summary: {
      digest: `sha256:${SHA256}`,
      fully_qualified_digest: `us-docker.pkg.dev/p/r/widgets@sha256:${SHA256}`,
    },
    provenance_summary: { provenance },
  };
}

function envelopeOf(statement: unknown, signatures: readonly GcbSignature[]) {
  return { payloadType: INTOTO, payload: Buffer.from(bytesOf(statement)).toString("base64"), signatures };
}
