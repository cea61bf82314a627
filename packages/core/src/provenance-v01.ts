import * as z from "zod/mini";
import { boundedArray } from "./bounded-array.ts";
import { type DigestSet, DigestSetOrEmpty } from "./digest.ts";
import { MAX_DESCRIPTORS } from "./limits.ts";

/** SLSA provenance v0.1: https://slsa.dev/spec/v0.1/provenance ; read always, never written. */
export const PROVENANCE_V01 = "https://slsa.dev/provenance/v0.1";

/** The predicate as it is read. The specification lets the recipe out; without it nobody knows how it was built. */
export const ProvenanceV01 = z.lazy(() => {
  const text = z.pipe(
    z.nullish(z.string().check(z.maxLength(8192))),
    z.transform((value) => (value === "" ? null : (value ?? null))),
  );
  const digest = z.pipe(
    z.nullish(DigestSetOrEmpty),
    z.transform((value): DigestSet | null => (value && Object.keys(value).length > 0 ? value : null)),
  );

  return z.object({
    builder: z.object({ id: z.string().check(z.minLength(1), z.maxLength(2048)) }),
    recipe: z.object({
      type: z.string().check(z.minLength(1), z.maxLength(2048)),
      entryPoint: text,
      arguments: z.optional(z.unknown()),
    }),
    metadata: z.pipe(
      z.nullish(z.object({ buildInvocationId: text, buildStartedOn: text, buildFinishedOn: text })),
      z.transform((value) => value ?? { buildInvocationId: null, buildStartedOn: null, buildFinishedOn: null }),
    ),
    materials: z.pipe(
      z.nullish(boundedArray(z.object({ uri: text, digest }), MAX_DESCRIPTORS)),
      z.transform((list) => list ?? []),
    ),
  });
});

export type ProvenanceV01 = z.output<typeof ProvenanceV01>;
