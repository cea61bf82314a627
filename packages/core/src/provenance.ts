import type * as z from "zod/mini";
import { REPORTED_BY } from "./annotations.ts";
import { cloudBuildSourceV1, cloudBuildSourceV01, isCloudBuildWorker } from "./cloud-build-source.ts";
import { TouchmarkError } from "./errors.ts";
import { issueText } from "./issue-text.ts";
import { PROVENANCE_V1, ProvenanceV1 } from "./provenance-v1.ts";
import { PROVENANCE_V01, ProvenanceV01 } from "./provenance-v01.ts";
import { PROVENANCE_V02, ProvenanceV02 } from "./provenance-v02.ts";
import type { ResourceDescriptor } from "./resource-descriptor.ts";
import { readSource, type Source } from "./source.ts";
import type { StatedStatement } from "./statement.ts";
import { isTektonBuild, tektonSourceV1, tektonSourceV02 } from "./tekton-source.ts";

/** What any version of SLSA provenance says, in the words of v1. `null` where it says nothing. */
export interface Provenance {
  readonly version: "v1" | "v0.2" | "v0.1";
  readonly builderId: string;
  readonly buildType: string;
  readonly invocationId: string | null;
  readonly startedOn: string | null;
  readonly finishedOn: string | null;
  readonly source: Source | null;
  readonly dependencyCount: number;
}

/** True when the predicate type is SLSA provenance of a version that we read. */
export function isProvenance(predicateType: string): boolean {
  return [PROVENANCE_V1, PROVENANCE_V02, PROVENANCE_V01].includes(predicateType);
}

/**
 * Reads the provenance in a statement.
 *
 * @returns null when the statement's predicate is something else (an SBOM, a test result).
 * @throws TouchmarkError `STATEMENT_MALFORMED` when it claims to be provenance and is not well formed.
 */
export function readProvenance(statement: StatedStatement): Provenance | null {
  switch (statement.predicateType) {
    case PROVENANCE_V1:
      return fromV1(parsePredicate(ProvenanceV1, statement));
    case PROVENANCE_V02:
      return fromV02(parsePredicate(ProvenanceV02, statement));
    case PROVENANCE_V01:
      return fromV01(parsePredicate(ProvenanceV01, statement));
    default:
      return null;
  }
}

/** @throws TouchmarkError `STATEMENT_MALFORMED`. */
export function parsePredicate<S extends z.ZodMiniType>(schema: S, statement: StatedStatement): z.output<S> {
  const parsed = schema.safeParse(statement.predicate);
  if (parsed.success) return parsed.data;
  throw new TouchmarkError("STATEMENT_MALFORMED", "the predicate is not well-formed SLSA provenance", {
    expected: statement.predicateType,
    actual: issueText(parsed.error),
    cause: parsed.error,
  });
}

function fromV1(predicate: ProvenanceV1): Provenance {
  const { buildDefinition, runDetails } = predicate;
  return {
    version: "v1",
    builderId: runDetails.builder.id,
    buildType: buildDefinition.buildType,
    ...runDetails.metadata,
    source: sourceOfV1(predicate),
    dependencyCount: buildDefinition.resolvedDependencies.length,
  };
}

function sourceOfV1(predicate: ProvenanceV1): Source | null {
  const { buildDefinition, runDetails } = predicate;
  if (isCloudBuildWorker(runDetails.builder.id)) return cloudBuildSourceV1(predicate);
  if (isTektonBuild(buildDefinition.buildType)) return tektonSourceV1(predicate);
  return sourceOf(buildDefinition.resolvedDependencies[0]);
}

/** Where the platform knows no source, the first dependency may be hearsay; `generate` marks that. */
function sourceOf(first: ResourceDescriptor | undefined): Source | null {
  return Object.hasOwn(first?.annotations ?? {}, REPORTED_BY) ? null : readSource(first);
}

function fromV02(predicate: ProvenanceV02): Provenance {
  const { metadata, materials, invocation } = predicate;
  const configSource = invocation?.configSource;
  return {
    version: "v0.2",
    builderId: predicate.builder.id,
    buildType: predicate.buildType,
    invocationId: metadata?.buildInvocationId ?? metadata?.buildInvocationID ?? null,
    startedOn: metadata?.buildStartedOn ?? null,
    finishedOn: metadata?.buildFinishedOn ?? null,
    // slsa.dev/spec/v0.2/provenance: configSource is what the build was started from, and stands in materials as well.
    source: isTektonBuild(predicate.buildType)
      ? tektonSourceV02(predicate)
      : readSource(configSource?.uri ? configSource : materials[0]),
    dependencyCount: materials.length,
  };
}

function fromV01(predicate: ProvenanceV01): Provenance {
  const { builder, recipe, metadata, materials } = predicate;
  return {
    version: "v0.1",
    builderId: builder.id,
    buildType: recipe.type,
    invocationId: metadata.buildInvocationId,
    startedOn: metadata.buildStartedOn,
    finishedOn: metadata.buildFinishedOn,
    source: isCloudBuildWorker(builder.id) ? cloudBuildSourceV01(predicate) : readSource(materials[0]),
    dependencyCount: materials.length,
  };
}
