import * as z from "zod/mini";
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
  const text = z.pipe(
    z.nullish(z.string().check(z.maxLength(8192))),
    z.transform((value) => (value === "" ? null : (value ?? null))),
  );
  const object = z.pipe(
    z.nullish(z.record(z.string(), z.unknown())),
    z.transform((value) => value ?? {}),
  );
  const digest = z.pipe(
    z.nullish(DigestSetOrEmpty),
    z.transform((value): DigestSet | null => (value && Object.keys(value).length > 0 ? value : null)),
  );

  return z.object({
    builder: z.object({ id: z.string().check(z.minLength(1), z.maxLength(2048)) }),
    buildType: z.string().check(z.minLength(1), z.maxLength(2048)),
    invocation: z.pipe(
      z.nullish(
        z.object({
          configSource: z.pipe(
            z.nullish(z.object({ uri: text, digest, entryPoint: text })),
            z.transform((value) => value ?? { uri: null, digest: null, entryPoint: null }),
          ),
          parameters: z.optional(z.unknown()),
          environment: z.optional(z.unknown()),
        }),
      ),
      z.transform((value) => value ?? null),
    ),
    buildConfig: object,
    metadata: z.pipe(
      z.nullish(
        z
          .object({
            buildInvocationId: text,
            buildInvocationID: text,
            buildStartedOn: text,
            buildFinishedOn: text,
            completeness: object,
            reproducible: z.pipe(
              z.nullish(z.boolean()),
              z.transform((value) => value ?? null),
            ),
          })
          .check(z.refine(namesOneInvocation, "buildInvocationId and buildInvocationID differ")),
      ),
      z.transform((value) => value ?? null),
    ),
    materials: z.pipe(
      z.nullish(boundedArray(z.object({ uri: text, digest }), MAX_DESCRIPTORS)),
      z.transform((list) => list ?? []),
    ),
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
