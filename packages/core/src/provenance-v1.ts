import * as z from "zod/mini";
import { boundedArray } from "./bounded-array.ts";
import { MAX_DESCRIPTORS } from "./limits.ts";
import { ResourceDescriptor } from "./resource-descriptor.ts";

/** SLSA provenance 1.0, 1.1 and 1.2: https://slsa.dev/spec/v1.2/build-provenance */
export const PROVENANCE_V1 = "https://slsa.dev/provenance/v1";

const descriptors = z.pipe(
  z.nullish(boundedArray(ResourceDescriptor, MAX_DESCRIPTORS)),
  z.transform((list) => list ?? []),
);
/** Google Cloud Build writes `[{}]` where it has none: by the parsing rules an empty one says as little as null. */
const byproducts = z.pipe(
  z.nullish(boundedArray(z.union([z.strictObject({}), ResourceDescriptor]), MAX_DESCRIPTORS)),
  z.transform((list) => (list ?? []).filter((one): one is ResourceDescriptor => Object.keys(one).length > 0)),
);
const parameters = z.pipe(
  z.nullish(z.record(z.string(), z.unknown())),
  z.transform((value) => value ?? {}),
);
/** "unset == null == empty" (spec, parsing rules). */
const text = z.pipe(
  z.nullish(z.string().check(z.maxLength(8192))),
  z.transform((value) => (value === "" ? null : (value ?? null))),
);

/** The predicate as it is read. Unknown members are ignored, as the specification's parsing rules say. */
export const ProvenanceV1 = z.object({
  buildDefinition: z.object({
    buildType: z.string().check(z.minLength(1), z.maxLength(2048)),
    externalParameters: z.record(z.string(), z.unknown()),
    internalParameters: parameters,
    resolvedDependencies: descriptors,
  }),
  runDetails: z.object({
    builder: z.object({
      id: z.string().check(z.minLength(1), z.maxLength(2048)),
      version: z.pipe(
        z.nullish(
          z
            .record(z.string(), z.unknown())
            .check(
              z.refine(
                (value) => Object.values(value).every((version) => typeof version === "string"),
                "a version is not text",
              ),
            ),
        ),
        z.transform((value) => (value ?? {}) as Readonly<Record<string, string>>),
      ),
      builderDependencies: descriptors,
    }),
    metadata: z.pipe(
      z.nullish(z.object({ invocationId: text, startedOn: text, finishedOn: text })),
      z.transform((value) => value ?? { invocationId: null, startedOn: null, finishedOn: null }),
    ),
    byproducts,
  }),
});

export type ProvenanceV1 = z.output<typeof ProvenanceV1>;
