import {
  issueText,
  MAX_DESCRIPTORS,
  PROVENANCE_V1,
  PROVENANCE_V02,
  type ResourceDescriptor,
  TouchmarkError,
} from "@touchmark/core";
import * as z from "zod";
import { type Commit, commitOf } from "./commit.ts";
import { dependencyOf, Material } from "./dependency.ts";
import { MAX_ARGUMENTS } from "./limits.ts";

/**
 * What a provenance of BuildKit says of the inputs. There is no builder here: BuildKit's own id is empty unless the build
 * sets one, and the platform says who built.
 */
export interface BuildkitClaims {
  readonly dependencies: readonly ResourceDescriptor[];
  /** Of the context, as buildx passed it on. */
  readonly commit: Commit | null;
}

const texts = z
  .record(z.string(), z.unknown())
  .refine((args) => Object.keys(args).length <= MAX_ARGUMENTS, "too many members")
  .nullish();
const materials = z.array(Material).max(MAX_DESCRIPTORS).nullish();
const request = z.object({ args: texts, root: z.object({ request: z.object({ args: texts }).nullish() }).nullish() });
const vcs = z.object({ vcs: texts }).nullish();

/**
 * ProvenancePredicateSLSA1 in solver/llbsolver/provenance/types/types.go of moby/buildkit. Unlike the schemas of core,
 * which are for statements that are verified, this takes an empty builder id and reads BuildKit's extensions.
 */
const V1 = z.object({
  buildDefinition: z.object({
    buildType: z.string().max(2048).nullish(),
    resolvedDependencies: materials,
    externalParameters: z.object({ request: request.nullish() }).nullish(),
  }),
  runDetails: z.object({ metadata: z.object({ buildkit_metadata: vcs }).nullish() }).nullish(),
});

/** ProvenancePredicateSLSA02 there. */
const V02 = z.object({
  buildType: z.string().max(2048).nullish(),
  materials,
  invocation: z.object({ parameters: request.nullish() }).nullish(),
  metadata: z.object({ "https://mobyproject.org/buildkit@v1#metadata": vcs }).nullish(),
});

/**
 * @param label - the image's, for messages.
 * @returns nothing for a predicate that is no provenance, and for one of another builder.
 * @throws TouchmarkError `IMAGE_MALFORMED`.
 */
export function claimsOf(predicateType: string, predicate: unknown, label: string): readonly BuildkitClaims[] {
  switch (predicateType) {
    case PROVENANCE_V1: {
      const { buildDefinition, runDetails } = read(V1, predicate, label);
      const { buildType, resolvedDependencies, externalParameters } = buildDefinition;
      if (!isBuildkit(buildType)) return [];
      return [
        claims(resolvedDependencies, [runDetails?.metadata?.buildkit_metadata?.vcs], externalParameters?.request),
      ];
    }
    case PROVENANCE_V02: {
      const { buildType, materials: used, invocation, metadata } = read(V02, predicate, label);
      if (!isBuildkit(buildType)) return [];
      const extension = metadata?.["https://mobyproject.org/buildkit@v1#metadata"];
      return [claims(used, [extension?.vcs], invocation?.parameters)];
    }
    default:
      return [];
  }
}

/** BuildKitBuildType1 and BuildKitBuildType02 in types.go, of any version. */
function isBuildkit(buildType: string | null | undefined): boolean {
  return /^https:\/\/(?:mobyproject\.org\/buildkit@|github\.com\/moby\/buildkit\/)/.test(buildType ?? "");
}

function claims(
  used: z.output<typeof materials>,
  notes: readonly z.output<typeof texts>[],
  asked: z.output<typeof request> | null | undefined,
): BuildkitClaims {
  // The arguments have the prefix that the metadata has lost.
  const args = [asked?.args, asked?.root?.request?.args].map((one) => ({
    revision: one?.["vcs:revision"],
    source: one?.["vcs:source"],
  }));
  return {
    dependencies: (used ?? []).flatMap((material) => dependencyOf(material) ?? []),
    commit: [...notes, ...args].map((one) => commitOf(one?.["revision"], one?.["source"])).find(Boolean) ?? null,
  };
}

function read<S extends z.ZodType>(schema: S, predicate: unknown, label: string): z.output<S> {
  const parsed = schema.safeParse(predicate);
  if (parsed.success) return parsed.data;
  throw new TouchmarkError("IMAGE_MALFORMED", `the provenance that BuildKit wrote for ${label} cannot be read`, {
    expected: "SLSA provenance as BuildKit writes it",
    actual: issueText(parsed.error),
    cause: parsed.error,
  });
}
