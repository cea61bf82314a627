import * as z from "zod/mini";
import { boundedArray } from "./bounded-array.ts";
import { type DigestSet, DigestSetOrEmpty } from "./digest.ts";
import { MAX_DESCRIPTORS } from "./limits.ts";
import { AnyObject, boundedText, nullishAs, optionalText } from "./schema-parts.ts";

/** SLSA provenance v0.2: https://slsa.dev/spec/v0.2/provenance ; read always, never written. */
export const PROVENANCE_V02 = "https://slsa.dev/provenance/v0.2";

/**
 * The predicate as it is read. slsa-github-generator writes `buildInvocationID`, the specification `buildInvocationId`.
 * Made on first use, as other schemas that few documents need: to make one takes longer than to read a document by it.
 */
export const ProvenanceV02 = z.lazy(() => {
  const text = optionalText(8192);
  const id = boundedText(2048, 1);
  const object = nullishAs(AnyObject, {});
  const digest = z.pipe(
    nullishAs(DigestSetOrEmpty, null),
    z.transform((value): DigestSet | null => (value && Object.keys(value).length > 0 ? value : null)),
  );

  return z.object({
    builder: z.object({ id }),
    buildType: id,
    invocation: nullishAs(
      z.object({
        configSource: nullishAs(z.object({ uri: text, digest, entryPoint: text }), {
          uri: null,
          digest: null,
          entryPoint: null,
        }),
        parameters: z.optional(z.unknown()),
        environment: z.optional(z.unknown()),
      }),
      null,
    ),
    buildConfig: object,
    metadata: nullishAs(
      z
        .object({
          buildInvocationId: text,
          buildInvocationID: text,
          buildStartedOn: text,
          buildFinishedOn: text,
          completeness: object,
          reproducible: nullishAs(z.boolean(), null),
        })
        .check(z.refine(namesOneInvocation, "buildInvocationId and buildInvocationID differ")),
      null,
    ),
    materials: nullishAs(boundedArray(z.object({ uri: text, digest }), MAX_DESCRIPTORS), []),
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
