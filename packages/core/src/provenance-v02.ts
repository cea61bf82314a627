import * as z from "zod";
import { boundedArray } from "./bounded-array.ts";
import { type DigestSet, DigestSetOrEmpty } from "./digest.ts";
import { MAX_DESCRIPTORS } from "./limits.ts";

/** SLSA provenance v0.2: https://slsa.dev/spec/v0.2/provenance ; read always, never written. */
export const PROVENANCE_V02 = "https://slsa.dev/provenance/v0.2";

/**
 * The predicate as it is read. slsa-github-generator writes `buildInvocationID`, the specification `buildInvocationId`.
 * Made on first use, as other schemas that few documents need: to make one takes longer than to read a document by it.
 */
export const ProvenanceV02 = z.lazy(() => {
  const text = z
    .string()
    .max(8192)
    .nullish()
    .transform((value) => (value === "" ? null : (value ?? null)));
  const object = z
    .record(z.string(), z.unknown())
    .nullish()
    .transform((value) => value ?? {});
  const digest = DigestSetOrEmpty.nullish().transform((value): DigestSet | null =>
    value && Object.keys(value).length > 0 ? value : null,
  );

  return z.object({
    builder: z.object({ id: z.string().min(1).max(2048) }),
    buildType: z.string().min(1).max(2048),
    invocation: z
      .object({
        configSource: z
          .object({ uri: text, digest, entryPoint: text })
          .nullish()
          .transform((value) => value ?? { uri: null, digest: null, entryPoint: null }),
        parameters: z.unknown().optional(),
        environment: z.unknown().optional(),
      })
      .nullish()
      .transform((value) => value ?? null),
    buildConfig: object,
    metadata: z
      .object({
        buildInvocationId: text,
        buildInvocationID: text,
        buildStartedOn: text,
        buildFinishedOn: text,
        completeness: object,
        reproducible: z
          .boolean()
          .nullish()
          .transform((value) => value ?? null),
      })
      .refine(namesOneInvocation, "buildInvocationId and buildInvocationID differ")
      .nullish()
      .transform((value) => value ?? null),
    materials: boundedArray(z.object({ uri: text, digest }), MAX_DESCRIPTORS)
      .nullish()
      .transform((list) => list ?? []),
  });
});

export type ProvenanceV02 = z.output<typeof ProvenanceV02>;

/** Two spellings with two values: readers would differ in what they show. */
function namesOneInvocation(metadata: {
  readonly buildInvocationId: string | null;
  readonly buildInvocationID: string | null;
}): boolean {
  const { buildInvocationId: specified, buildInvocationID: written } = metadata;
  return specified === null || written === null || specified === written;
}
