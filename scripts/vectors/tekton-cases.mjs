// Runs of Tekton with what Tekton Chains signed in their annotations.
import { bytesOf, changed, hash, statement } from "./release-parts.mjs";

const UID = "0c4f9a52-6a7e-4a0f-9d0e-3c1b2a4d5e6f";
const DIGEST = hash("sha256", "the image\n");
const FILE = "run.json";
const under = (what, key = `taskrun-${UID}`) => `chains.tekton.dev/${what}-${key}`;

const STATED = changed(statement([{ name: "gcr.io/octo/app", digest: { sha256: DIGEST } }]), ({ predicate }) => {
  predicate.buildDefinition.buildType = "https://tekton.dev/chains/v2/slsa";
  predicate.runDetails.builder.id = "https://tekton.dev/chains/v2";
});
const SIMPLE_SIGNING = {
  critical: {
    identity: { "docker-reference": "gcr.io/octo/app" },
    image: { "docker-manifest-digest": `sha256:${DIGEST}` },
    type: "cosign container image signature",
  },
  optional: null,
};

export function tektonCases({ pass, fail, evidence }, { p256, other }) {
  const envelope = (key = p256) => evidence(STATED, { key }).dsseEnvelope;
  const stored = (payload, signature, key) => ({
    [under("payload", key)]: bytesOf(payload).toString("base64"),
    [under("signature", key)]: bytesOf(signature).toString("base64"),
    [under("cert", key)]: "",
    [under("chain", key)]: "",
  });
  const run = (annotations, kind = "TaskRun") => ({
    apiVersion: "tekton.dev/v1",
    kind,
    metadata: { name: "app-build", uid: UID, annotations: { ...annotations, "chains.tekton.dev/signed": "true" } },
  });
  const right = () => stored(STATED, envelope());
  const simple = () => stored(SIMPLE_SIGNING, "MEUCIQ", DIGEST.slice(0, 12));
  const given = (document, args = {}) => ({
    files: { [FILE]: `${JSON.stringify(document, null, 2)}\n` },
    args: { targets: [`sha256:${DIGEST}`], bundles: [FILE], ...args },
    publicKey: p256.publicPem,
  });
  pass("tekton", "A TaskRun that Tekton Chains signed with a key.", given(run(right())));
  pass(
    "tekton-pipeline",
    "A PipelineRun.",
    given(run(stored(STATED, envelope(), `pipelinerun-${UID}`), "PipelineRun")),
  );
  pass(
    "tekton-list",
    "A list of runs. One was not signed, and the annotations of another are broken.",
    given({
      apiVersion: "v1",
      kind: "List",
      items: [run({}), run({ ...right(), [under("signature")]: "?" }), run({ ...right(), ...simple() })],
    }),
  );
  const wrong = (name, code, why, document, args) => fail(`tekton-${name}`, code, "tekton", why, given(document, args));
  wrong("other-key", "SIGNER_UNTRUSTED", "A key that nobody trusts signed.", run(stored(STATED, envelope(other))));
  wrong(
    "other-payload",
    "EVIDENCE_MISMATCH",
    "The payload in the annotation is not the one that is signed. Who reads the annotation reads what nobody signed.",
    run({ ...right(), [under("payload")]: bytesOf({ ...STATED, subject: [] }).toString("base64") }),
  );
  wrong("without-payload", "BUNDLE_MALFORMED", "The payload is missing.", run({ ...right(), [under("payload")]: "" }));
  wrong(
    "without-signature",
    "BUNDLE_MALFORMED",
    "The signature is missing.",
    run({ ...right(), [under("signature")]: "" }),
  );
  wrong("unsigned", "BUNDLE_MALFORMED", "The run says that it was signed, and holds no signature.", run({}));
  wrong(
    "two-members",
    "BUNDLE_MALFORMED",
    "The envelope has a member that DSSE does not know.",
    run(stored(STATED, { ...envelope(), trusted: true })),
  );
  wrong(
    "image-signature",
    "NOT_PROVENANCE",
    "The image is signed, and nothing says where it came from.",
    run(simple()),
  );
  wrong(
    "statement-without-envelope",
    "NOT_PROVENANCE",
    "The statement was signed as it is, and not in an envelope that says what it is.",
    run(stored(STATED, "MEUCIQ")),
  );
  wrong(
    "annotations",
    "EVIDENCE_TOO_LARGE",
    "More annotations than Kubernetes keeps.",
    run({ ...right(), note: "PADDING" }),
    {
      generate: [{ file: FILE, text: "PADDING", with: "x", times: 262_144 }],
    },
  );
}
