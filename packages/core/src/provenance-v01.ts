import * as z from "zod/mini";
import { boundedArray } from "./bounded-array.ts";
import { type DigestSet, DigestSetOrEmpty } from "./digest.ts";
import { MAX_DESCRIPTORS } from "./limits.ts";
import { boundedText, nullishAs, optionalText } from "./schema-parts.ts";

/** SLSA provenance v0.1: https://slsa.dev/spec/v0.1/provenance ; read always, never written. */
export const PROVENANCE_V01 = "https://slsa.dev/provenance/v0.1";

/** The predicate as it is read. The specification lets the recipe out; without it nobody knows how it was built. */
export const ProvenanceV01 = z.lazy(() => {
  const text = optionalText(8192);
  const id = boundedText(2048, 1);
  const digest = z.pipe(
    nullishAs(DigestSetOrEmpty, null),
    z.transform((value): DigestSet | null => (value && Object.keys(value).length > 0 ? value : null)),
  );

  return z.object({
    builder: z.object({ id }),
    recipe: z.object({
      type: id,
      entryPoint: text,
      arguments: z.optional(z.unknown()),
    }),
    metadata: nullishAs(z.object({ buildInvocationId: text, buildStartedOn: text, buildFinishedOn: text }), {
      buildInvocationId: null,
      buildStartedOn: null,
      buildFinishedOn: null,
    }),
    materials: nullishAs(boundedArray(z.object({ uri: text, digest }), MAX_DESCRIPTORS), []),
  });
});

export type ProvenanceV01 = z.output<typeof ProvenanceV01>;
