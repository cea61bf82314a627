import { createHash } from "node:crypto";
import { encodeJson, PROVENANCE_V02 } from "../packages/core/src/index.ts";
import { githubRun, signBundle, type testSigstore } from "../packages/testkit/src/sigstore/index.ts";

const GENERATOR_TAG = "refs/tags/v2.1.0";
const GENERATOR = "slsa-framework/slsa-github-generator";

/** What slsa-github-generator's generic or container workflow signs for a release: one bundle, as a line. */
export function generatorEvidence(
  sigstore: ReturnType<typeof testSigstore>,
  release: {
    readonly repository: string;
    readonly tag: string;
    /** `generic` or `container`. */
    readonly kind?: "generic" | "container";
    /** Names and contents. */
    readonly files: Readonly<Record<string, string>>;
  },
): string {
  const { repository, tag, kind = "generic", files } = release;
  const ref = `refs/tags/${tag}`;
  const workflow = `${GENERATOR}/.github/workflows/generator_${kind}_slsa3.yml@${GENERATOR_TAG}`;
  const claims = githubRun({ repository, ref, workflow });
  const material = { uri: `git+https://github.com/${repository}@${ref}`, digest: { sha1: claims.sha } };
  const statement = {
    _type: "https://in-toto.io/Statement/v0.1",
    subject: Object.entries(files).map(([name, content]) => ({ name, digest: { sha256: sha256(content) } })),
    predicateType: PROVENANCE_V02,
    predicate: {
      builder: { id: `https://github.com/${workflow}` },
      buildType: `https://github.com/${GENERATOR}/${kind}@v1`,
      invocation: {
        configSource: { ...material, entryPoint: ".github/workflows/release.yml" },
        parameters: {},
        environment: {
          github_ref: ref,
          github_ref_type: "tag",
          github_event_name: "push",
          github_event_payload: { ref },
        },
      },
      materials: [material],
    },
  };
  return `${JSON.stringify(signBundle(sigstore, encodeJson(statement), { leaf: { claims } }).bundle)}\n`;
}

export function sha256(content: string): string {
  return createHash("sha256").update(content).digest("hex");
}
