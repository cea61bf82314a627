// Provenance of Google Cloud Build, signed with keys that stand for its own.
import { publicPem } from "../../packages/testkit/src/sigstore/index.ts";
import { derivedKey } from "./keyless/derived-key.mjs";
import { bytesOf, changed, hash } from "./release-parts.mjs";
import { pae } from "./signing.mjs";

const WORKER = "https://cloudbuild.googleapis.com/GoogleHostedWorker";
const TYPE = "application/vnd.in-toto+json";
const DIGEST = hash("sha256", "the image\n");
const NAME = "us-docker.pkg.dev/octo/images/widgets";
const COMMIT = "0123456789".repeat(4);
const FILE = "widgets.provenance.json";

const LOCATIONS = "projects/verified-builder/locations";
const region = (name) => `${LOCATIONS}/${name}/keyRings/attestor/cryptoKeys/builtByGCB/cryptoKeyVersions/1`;
const IDS = {
  region: region("us-west2"),
  v01: `${LOCATIONS}/global/keyRings/attestor/cryptoKeys/provenanceSigner/cryptoKeyVersions/1`,
  v1: `${LOCATIONS}/global/keyRings/attestor/cryptoKeys/google-hosted-worker/cryptoKeyVersions/1`,
};
const KEYS = {
  region: derivedKey("cloud build us-west2"),
  v01: derivedKey("cloud build provenanceSigner"),
  v1: derivedKey("cloud build google-hosted-worker"),
};
const KEY_FILES = {
  "gcb-keys/us-west2.key": publicPem(KEYS.region),
  "gcb-keys/global-pae-provenanceSigner_1.key": publicPem(KEYS.v01),
  "gcb-keys/global-pae-google-hosted-worker_1.key": publicPem(KEYS.v1),
};

const subject = () => [{ name: `https://${NAME}`, digest: { sha256: DIGEST } }];

function v01() {
  return {
    _type: "https://in-toto.io/Statement/v0.1",
    predicateType: "https://slsa.dev/provenance/v0.1",
    subject: subject(),
    predicate: {
      builder: { id: `${WORKER}@v0.3` },
      recipe: {
        type: "https://cloudbuild.googleapis.com/CloudBuildYaml@v0.1",
        entryPoint: "cloudbuild.yaml",
        arguments: {
          "@type": "type.googleapis.com/google.devtools.cloudbuild.v1.Build",
          substitutions: { TAG_NAME: "v1.2.0" },
        },
      },
      metadata: { buildStartedOn: "2026-01-15T12:00:00Z" },
      materials: [{ uri: "https://github.com/octo/widgets", digest: { sha1: COMMIT } }],
    },
  };
}

function v1() {
  return {
    _type: "https://in-toto.io/Statement/v1",
    predicateType: "https://slsa.dev/provenance/v1",
    subject: subject(),
    predicate: {
      buildDefinition: {
        buildType: "https://cloud.google.com/build/gcb-buildtypes/google-worker/v1",
        externalParameters: {
          buildConfigSource: {
            repository: "git+https://github.com/octo/widgets",
            ref: "refs/tags/v1.2.0",
            path: "cloudbuild.yaml",
          },
        },
        internalParameters: { systemSubstitutions: { TAG_NAME: "v1.2.0" } },
        resolvedDependencies: [
          { uri: "git+https://github.com/octo/widgets@refs/tags/v1.2.0", digest: { gitCommit: COMMIT } },
        ],
      },
      runDetails: { builder: { id: WORKER }, byproducts: [{}] },
    },
  };
}

/** @param how - as DSSE says, or the bare payload. */
function signature(statement, key, how, keyid = IDS[key]) {
  const payload = bytesOf(statement);
  const bytes = how === "dsse" ? pae(TYPE, payload) : payload;
  return { keyid, sig: Buffer.from(KEYS[key].sign(bytes)).toString("base64") };
}

const inRegion = (statement) => signature(statement, "region", "bare");
const asV1 = (statement) => signature(statement, "v1", "dsse");

function envelope(statement, signatures) {
  return { payloadType: TYPE, payload: bytesOf(statement).toString("base64"), signatures };
}

function record(statement, signatures = ["recipe" in statement.predicate ? inRegion(statement) : asV1(statement)]) {
  const { predicate, ...head } = structuredClone(statement);
  const text =
    "recipe" in predicate
      ? { intotoStatement: { ...head, slsaProvenance: predicate } }
      : { inTotoSlsaProvenanceV1: { ...head, predicate } };
  return {
    kind: "BUILD",
    resourceUri: `https://${NAME}@sha256:${DIGEST}`,
    build: text,
    envelope: envelope(statement, signatures),
  };
}

function description(...provenance) {
  return {
    image_summary: { digest: `sha256:${DIGEST}`, fully_qualified_digest: `${NAME}@sha256:${DIGEST}` },
    provenance_summary: { provenance },
  };
}

/** Believed for one source, with the digest of the image. */
function trusting(document, source = "octo/widgets", args = {}, files = {}) {
  return {
    files: { [FILE]: `${JSON.stringify(document, null, 2)}\n`, ...KEY_FILES, ...files },
    args: { targets: [`sha256:${DIGEST}`], bundles: [FILE], cloudBuild: { keys: "gcb-keys", source }, ...args },
  };
}

export function cloudBuildCases({ pass, fail }) {
  const of = (statement, change = () => null, source = undefined) => {
    change(statement);
    return trusting(description(record(statement)), source);
  };
  pass("cloud-build", "SLSA provenance v0.1 of Google Cloud Build; a region's key signs the bare payload.", of(v01()));
  pass(
    "cloud-build-dsse",
    "The same, signed as DSSE says by the global key.",
    trusting(description(record(v01(), [signature(v01(), "v01", "dsse")]))),
  );
  pass("cloud-build-v1", "SLSA provenance v1. Google writes an empty byproduct.", of(v1()));
  const otherHost = (one) => {
    one.predicate.buildDefinition.resolvedDependencies[0].digest = { sha1: COMMIT };
  };
  pass(
    "cloud-build-v1-sha1",
    "The same; the commit's digest is called as Google does on other hosts.",
    of(v1(), otherHost),
  );
  const denied = { version: 1, deny: [{ reason: "for a test", commit: COMMIT }] };
  fail(
    "cloud-build-denied-commit",
    "DENIED",
    "cloud-build-v1-sha1",
    "The commit from which it was built is denied (A39).",
    changed(of(v1(), otherHost), (one) => {
      one.files["denied.json"] = `${JSON.stringify(denied, null, 2)}\n`;
      one.args.deny = ["denied.json"];
    }),
  );
  const older = (one) => {
    one.predicate.builder.id = `${WORKER}@v0.2`;
    one.predicate.recipe.type = `${WORKER}@v0.2`;
    one.predicate.materials = [{ uri: `https://github.com/octo/widgets/commit/${COMMIT}` }];
  };
  pass("cloud-build-worker-v0.2", "The older worker, which names the commit with its source.", of(v01(), older));
  pass(
    "cloud-build-tag",
    "The tag is expected that started the build.",
    of(v01(), undefined, "octo/widgets@refs/tags/v1.2.0"),
  );
  const upload = (one) => {
    one.predicate.recipe.type = "https://cloudbuild.googleapis.com/CloudBuildSteps@v0.1";
    one.predicate.materials = [{ uri: "gs://github.com/octo/widgets#17" }];
  };
  pass(
    "cloud-build-storage",
    "An archive in storage, which the user names.",
    of(v01(), upload, "gs://github.com/octo/widgets"),
  );
  pass(
    "cloud-build-second",
    "The first record is none, and the first signature of the second does not hold. One that holds is enough.",
    trusting(description({}, record(v01(), [signature(v01(), "v01", "bare"), inRegion(v01())]))),
  );
  source({ fail, of, upload });
  builder({ fail, of });
  signer({ pass, fail });
  beside({ fail });
}

function source({ fail, of, upload }) {
  const wrong = (name, twin, why, content, code = "SOURCE_MISMATCH") =>
    fail(`cloud-build-${name}`, code, twin, why, content);
  wrong("source", "cloud-build", "Another repository is expected.", of(v01(), undefined, "octo/widget"));
  wrong(
    "source-unsaid",
    "cloud-build",
    "Google Cloud Build builds for everybody, and nobody said what must have been built (A37).",
    of(v01(), undefined, null),
    "SOURCE_UNSET",
  );
  wrong(
    "storage-as-repository",
    "cloud-build",
    "An archive whose name is the repository's was built.",
    of(v01(), (one) => {
      one.predicate.materials = [{ uri: "gs://github.com/octo/widgets" }];
    }),
  );
  wrong(
    "storage-other",
    "cloud-build-storage",
    "Another archive is expected.",
    of(v01(), upload, "gs://github.com/octo/widget"),
  );
  wrong(
    "tag-other",
    "cloud-build-tag",
    "Another tag is expected, which begins alike.",
    of(v01(), undefined, "octo/widgets@refs/tags/v1.2"),
  );
  wrong(
    "tag-and-branch",
    "cloud-build-tag",
    "The build says a tag and a branch, and not which of them started it.",
    of(
      v01(),
      (one) => Object.assign(one.predicate.recipe.arguments.substitutions, { BRANCH_NAME: "main" }),
      "octo/widgets@refs/tags/v1.2.0",
    ),
  );
  wrong(
    "steps",
    "cloud-build",
    "Whoever started the build gave the steps, and fetched the repository only.",
    of(v01(), (one) => {
      one.predicate.recipe.type = "https://cloudbuild.googleapis.com/CloudBuildSteps@v0.1";
    }),
  );
  wrong(
    "v1-other-source",
    "cloud-build-v1",
    "The configuration is the repository's, and what was built is not.",
    of(v1(), (one) => {
      one.predicate.buildDefinition.externalParameters.sourceToBuild = {
        repository: "git+https://github.com/octo/other",
        ref: "refs/heads/main",
      };
    }),
  );
  wrong(
    "v1-other-checkout",
    "cloud-build-v1",
    "Another repository was checked out.",
    of(v1(), (one) => {
      one.predicate.buildDefinition.resolvedDependencies[0].uri = "git+https://github.com/octo/other@refs/tags/v1.2.0";
    }),
  );
  wrong(
    "v1-steps",
    "cloud-build-v1",
    "Whoever started the build gave its configuration.",
    of(v1(), (one) => {
      one.predicate.buildDefinition.externalParameters = { buildConfig: { steps: [] } };
    }),
  );
}

function builder({ fail, of }) {
  const wrong = (name, twin, why, content) => fail(`cloud-build-${name}`, "PREDICATE_MISMATCH", twin, why, content);
  wrong(
    "builder",
    "cloud-build",
    "A worker that is not known.",
    of(v01(), (one) => {
      one.predicate.builder.id = `${WORKER}@v0.4`;
    }),
  );
  wrong(
    "recipe",
    "cloud-build",
    "A recipe that the worker does not have.",
    of(v01(), (one) => {
      one.predicate.recipe.type = "https://example.com/recipe";
    }),
  );
  wrong(
    "arguments",
    "cloud-build",
    "The recipe's arguments are no build.",
    of(v01(), (one) => {
      one.predicate.recipe.arguments["@type"] = "type.googleapis.com/google.protobuf.Empty";
    }),
  );
  wrong(
    "v1-builder",
    "cloud-build-v1",
    "The worker of the other version.",
    of(v1(), (one) => {
      one.predicate.runDetails.builder.id = `${WORKER}@v0.3`;
    }),
  );
  wrong(
    "v1-type",
    "cloud-build-v1",
    "A build type that the worker does not have.",
    of(v1(), (one) => {
      one.predicate.buildDefinition.buildType = "https://example.com/type";
    }),
  );
  wrong(
    "key-of-v1",
    "cloud-build-dsse",
    "The key for v1 signed v0.1.",
    trusting(description(record(v01(), [asV1(v01())]))),
  );
  wrong(
    "v1-by-region",
    "cloud-build-v1",
    "A region's key signed v1.",
    trusting(description(record(v1(), [inRegion(v1())]))),
  );
}

function signer({ pass, fail }) {
  const signed = (...signatures) => trusting(description(record(v01(), signatures)));
  const invalid = (name, why, content, twin = "cloud-build") =>
    fail(`cloud-build-${name}`, "SIGNATURE_INVALID", twin, why, content);
  const unknown = (name, why, content, twin = "cloud-build") =>
    fail(`cloud-build-${name}`, "SIGNER_UNTRUSTED", twin, why, content);
  invalid(
    "region-as-dsse",
    "A region's key signed as DSSE says, which it never does.",
    signed(signature(v01(), "region", "dsse")),
  );
  invalid(
    "dsse-bare",
    "The key that signs as DSSE says signed the bare payload.",
    signed(signature(v01(), "v01", "bare")),
    "cloud-build-dsse",
  );
  invalid(
    "payload-changed",
    "The payload names another image than the one that was signed.",
    trusting(
      description(
        changed(record(v01()), (one) => {
          one.envelope.payload = bytesOf({ ...v01(), subject: [{ name: "x", digest: { sha256: DIGEST } }] }).toString(
            "base64",
          );
        }),
      ),
    ),
  );
  unknown(
    "region-unknown",
    "A region for which there is no key.",
    signed(signature(v01(), "region", "bare", region("us-west9"))),
  );
  unknown("key-unnamed", "The signature names no key.", signed(signature(v01(), "region", "bare", "")));
  unknown(
    "region-named-as-key",
    "A region that is called as the key that signs as DSSE says: its signature would be taken for one over the bare payload.",
    signed(signature(v01(), "v01", "bare", region("global-pae-provenanceSigner_1"))),
  );
  const dsse = envelope(v01(), [signature(v01(), "v01", "dsse")]);
  unknown(
    "envelope-alone",
    "The envelope stands alone: Google Cloud Build is believed for its own records only.",
    trusting(dsse),
    "cloud-build-dsse",
  );
  unknown(
    "bundle",
    "Google Cloud Build's key signed a Sigstore bundle.",
    trusting({
      mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
      verificationMaterial: { publicKey: { hint: IDS.v01 }, tlogEntries: [] },
      dsseEnvelope: dsse,
    }),
    "cloud-build-dsse",
  );
  const byKey = (document, key) =>
    trusting(document, null, { cloudBuild: null, key: "key.pub" }, { "key.pub": publicPem(KEYS[key]) });
  unknown(
    "by-key",
    "The user trusts the key itself, and not Google Cloud Build: then it signs nothing of Google's, whose source nobody named.",
    byKey(description(record(v01())), "region"),
  );
  pass(
    "cloud-build-envelope-by-key",
    "An envelope that stands alone, by a key that the user trusts, as DSSE says.",
    byKey(dsse, "v01"),
  );
  unknown(
    "envelope-bare",
    "An envelope that stands alone, in which a key that the user trusts signed the bare payload. Only a region's key of Google Cloud Build may.",
    byKey(envelope(v01(), [signature(v01(), "v01", "bare")]), "v01"),
    "cloud-build-envelope-by-key",
  );
}

function beside({ fail }) {
  const wrong = (name, why, change, twin = "cloud-build", statement = v01()) =>
    fail(
      `cloud-build-${name}`,
      "EVIDENCE_MISMATCH",
      twin,
      why,
      trusting(
        changed(description(record(statement)), (one) =>
          change(one.provenance_summary.provenance[0], one.image_summary),
        ),
      ),
    );
  const other = `x@sha256:${"0".repeat(64)}`;
  wrong("text", "The text that people read names another source than what is signed.", ({ build }) => {
    build.intotoStatement.slsaProvenance.materials[0].uri = "https://github.com/octo/other";
  });
  wrong(
    "v1-text",
    "The text that people read names another source than what is signed.",
    ({ build }) => {
      build.inTotoSlsaProvenanceV1.predicate.buildDefinition.externalParameters.buildConfigSource.ref =
        "refs/tags/v1.3.0";
    },
    "cloud-build-v1",
    v1(),
  );
  wrong("text-missing", "The text that people read is missing.", (one) => Object.assign(one, { build: {} }));
  wrong("kind", "The record is not one of a build.", (one) => Object.assign(one, { kind: "DISCOVERY" }));
  wrong("resource", "The record is about another image.", (one) => Object.assign(one, { resourceUri: other }));
  wrong("summary", "The summary is of another image.", (_, image) => Object.assign(image, { digest: other.slice(2) }));
  wrong("summary-name", "The summary names another image.", (_, image) =>
    Object.assign(image, { fully_qualified_digest: other }),
  );
  fail("cloud-build-no-record", "BUNDLE_MALFORMED", "cloud-build", "No record of a build.", trusting(description()));
}
