import { comparableRepository, type Provenance, type StatedStatement } from "@touchmark/core";
import * as z from "zod/mini";
import { refused } from "../certificate/refused.ts";
import type { SourcesByPolicy } from "../sources-by-policy.ts";
import type { CloudBuildKey } from "./keys.ts";
import type { CloudBuildSource } from "./trusted.ts";

const WORKER = "https://cloudbuild.googleapis.com/GoogleHostedWorker";
const BUILD_TYPE_V1 = "https://cloud.google.com/build/gcb-buildtypes/google-worker/v1";
/** The steps were read in the source. */
const YAML_RECIPE = "https://cloudbuild.googleapis.com/CloudBuildYaml@";
/** The steps came with the request that started the build. */
const STEPS_RECIPE = "https://cloudbuild.googleapis.com/CloudBuildSteps@";
/** https://cloud.google.com/build/docs/api/reference/rest/v1/projects.builds#Build */
const BUILD_MESSAGE = "type.googleapis.com/google.devtools.cloudbuild.v1.Build";

/**
 * What a key of Google Cloud Build signed must be what its worker writes, about the source that is expected.
 * Sources: https://github.com/slsa-framework/slsa-verifier/tree/v2.7.1/verifiers/internal/gcb and
 * https://cloud.google.com/build/gcb-buildtypes/google-worker/v1
 *
 * @param sourcesByPolicy - what a policy expects, which will compare the source where trust leaves it to one; null without one.
 * @throws TouchmarkError `PREDICATE_MISMATCH`, `SOURCE_MISMATCH`, `SOURCE_UNSET`.
 */
export function checkBuild(
  statement: StatedStatement,
  provenance: Provenance | null,
  key: CloudBuildKey,
  source: CloudBuildSource,
  sourcesByPolicy: SourcesByPolicy | null,
): void {
  if (provenance?.version !== key.version) {
    throw refused("PREDICATE_MISMATCH", "the key does not sign statements of this kind", {
      expected: `SLSA provenance ${key.version}`,
      actual: statement.predicateType,
    });
  }
  if (provenance.version === "v1") checkTypeV1(provenance);
  else checkTypeV01(provenance, statement);
  switch (source.kind) {
    case "storage":
      checkStorage(statement, source.uri);
      break;
    case "repository":
      checkRepository(provenance, source);
      break;
    case "by-policy":
      checkLeftToPolicy(provenance, sourcesByPolicy);
  }
}

/** A policy can only name repositories: what an archive was, it cannot compare. */
function checkLeftToPolicy({ source, buildType }: Provenance, sourcesByPolicy: SourcesByPolicy | null): void {
  if (sourcesByPolicy === null || source === null) {
    throw refused("SOURCE_UNSET", "Google Cloud Build signs for everybody who builds there", {
      expected: "the repository that you expect, with --source OWNER/REPO, or in a policy",
      actual: source?.repository ?? "no repository",
    });
  }
  const { repository } = source;
  if (!sourcesByPolicy({ repository, repositoryId: null, ownerId: null })) {
    throw otherSource("a source that a rule of the policy names", repository);
  }
  checkSteps(buildType, repository);
}

function checkTypeV1({ builderId, buildType }: Provenance): void {
  if (builderId !== WORKER) throw otherBuilder(WORKER, builderId);
  if (buildType !== BUILD_TYPE_V1) throw otherType(BUILD_TYPE_V1, buildType);
}

const Recipe = z.lazy(() =>
  z.object({ recipe: z.object({ arguments: z.object({ "@type": z.literal(BUILD_MESSAGE) }) }) }),
);

function checkTypeV01({ builderId, buildType }: Provenance, { predicate }: StatedStatement): void {
  switch (builderId) {
    case `${WORKER}@v0.2`:
      if (buildType !== builderId) throw otherType(builderId, buildType);
      break;
    case `${WORKER}@v0.3`:
      if (![YAML_RECIPE, STEPS_RECIPE].some((one) => buildType.startsWith(one)))
        throw otherType(YAML_RECIPE, buildType);
      break;
    default:
      throw otherBuilder(`${WORKER}@v0.3 or @v0.2`, builderId);
  }
  if (!Recipe.safeParse(predicate).success) throw otherType(BUILD_MESSAGE, "arguments of another type");
}

const Materials = z.lazy(() =>
  z.object({ materials: z.array(z.object({ uri: z.string() })).check(z.maxLength(1000)) }),
);

/** The generation behind the `#` is the upload, which differs each time. */
function checkStorage({ predicate }: StatedStatement, expected: string): void {
  const parsed = Materials.safeParse(predicate);
  const uri = parsed.success ? (parsed.data.materials[0]?.uri ?? null) : null;
  if (uri?.split("#", 1)[0] === expected) return;
  throw otherSource(expected, uri);
}

function checkRepository(
  { source, buildType }: Provenance,
  expected: Extract<CloudBuildSource, { readonly kind: "repository" }>,
): void {
  const { repository, comparable, ref } = expected;
  const wanted = `${repository}${ref === null ? "" : `@${ref}`}`;
  if (source === null) throw otherSource(wanted, null);
  const stated = `${source.repository}${source.ref === null ? "" : `@${source.ref}`}`;
  if (comparableRepository(source.repository) !== comparable) throw otherSource(wanted, stated);
  checkSteps(buildType, repository);
  if (ref !== null && source.ref !== ref) throw otherSource(wanted, stated);
}

/** Anybody may build somebody else's source with steps of their own. */
function checkSteps(buildType: string, repository: string): void {
  if (!buildType.startsWith(STEPS_RECIPE)) return;
  throw refused("SOURCE_MISMATCH", "the steps of this build did not come from the source", {
    expected: `steps in a file of ${repository}`,
    actual: "steps that whoever started the build gave",
  });
}

function otherSource(expected: string, actual: string | null) {
  return refused("SOURCE_MISMATCH", "this was built from another source", {
    expected,
    actual: actual ?? "a source that is no repository, or none",
  });
}

function otherBuilder(expected: string, actual: string) {
  return refused("PREDICATE_MISMATCH", "the provenance names another builder than its key signs for", {
    expected,
    actual,
  });
}

function otherType(expected: string, actual: string) {
  return refused("PREDICATE_MISMATCH", "the provenance is not of a build as its builder makes them", {
    expected,
    actual,
  });
}
