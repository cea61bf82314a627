// A release of many files and several bundles with a policy that asks everything of each, an expression included; and policies of
// many rules.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { compilePolicy, policyDocument } from "../packages/policy/dist/index.js";
import { RELEASE_RUN, rootOf, signBundle, testSigstore } from "../packages/testkit/dist/sigstore/index.js";

const BUILDER = "https://example.com/builder";
const BUILD_TYPE = "https://example.com/type";

/**
 * Writes the bundles, the roots and the policy.
 *
 * @returns the arguments of `touchmark verify` that name them.
 */
export function signForPolicy(folder, files, bundles) {
  const sigstore = testSigstore();
  const [evidence, roots, policy] = ["policy.jsonl", "policy-roots.json", "policy.json"].map((name) =>
    join(folder, name),
  );
  const each = Math.ceil(files.length / bundles);
  const lines = Array.from({ length: bundles }, (_, at) =>
    JSON.stringify(signBundle(sigstore, statementAbout(files.slice(at * each, (at + 1) * each))).bundle),
  );
  writeFileSync(evidence, `${lines.join("\n")}\n`);
  writeFileSync(roots, JSON.stringify(rootOf(sigstore)));
  const { buildSignerUri, issuer, sourceRepositoryUri } = RELEASE_RUN;
  const signer = { issuer, identity: buildSignerUri };
  writeFileSync(
    policy,
    JSON.stringify({
      version: 1,
      trust: [{ name: "release", signer, builder: BUILDER, "max-level": 2, roots: basename(roots) }],
      artifacts: [
        {
          match: "f*.bin",
          source: sourceRepositoryUri,
          "build-type": BUILD_TYPE,
          level: 2,
          parameters: { values: { "inputs.channel": "stable" }, only: ["inputs.channel"] },
          when: `statement.predicate.buildDefinition.externalParameters.inputs.channel == "stable" && signer.issuer == "${issuer}"`,
        },
      ],
    }),
  );
  return ["--bundle", evidence, "--policy", policy, "--offline"];
}

function statementAbout(files) {
  const subject = files.map((file) => ({
    name: basename(file),
    digest: { sha256: createHash("sha256").update(readFileSync(file)).digest("hex") },
  }));
  const buildDefinition = { buildType: BUILD_TYPE, externalParameters: { inputs: { channel: "stable" } } };
  const predicate = { buildDefinition, runDetails: { builder: { id: BUILDER } } };
  const predicateType = "https://slsa.dev/provenance/v1";
  return Buffer.from(JSON.stringify({ _type: "https://in-toto.io/Statement/v1", subject, predicateType, predicate }));
}

/** Milliseconds from a policy's data to one that is ready to judge, the median of some runs. */
export async function compileTime(rules, rounds) {
  const artifacts = Array.from({ length: rules }, (_, at) => ({
    match: at % 2 === 0 ? `tool-${at}-*` : `ghcr.io/octo/app-${at}`,
    source: `github.com/octo/project-${at % 100}`,
    tag: "v{semver} >=1.0.0",
    level: 2,
    "max-age": "180d",
    ...(at % 10 === 0 ? { when: `signer.runner == "github-hosted" && artifact.name != "${at}"` } : {}),
  }));
  const times = [];
  for (let round = 0; round < rounds; round += 1) {
    const data = structuredClone({ version: 1, artifacts });
    const start = performance.now();
    await compilePolicy(policyDocument(data, { label: "policy.yaml", digest: "0".repeat(64) }), { now: Date.now() });
    times.push(performance.now() - start);
  }
  return times.sort((left, right) => left - right)[Math.floor(rounds / 2)];
}
