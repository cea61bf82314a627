import * as z from "zod/mini";
import { boundedArray } from "./bounded-array.ts";
import { isJsonObject } from "./json.ts";
import { MAX_DESCRIPTORS } from "./limits.ts";
import { ResourceDescriptor } from "./resource-descriptor.ts";
import { AnyObject, boundedText, nullishAs, optionalText, readBy, readWith } from "./schema-parts.ts";

/** SLSA provenance 1.0, 1.1 and 1.2: https://slsa.dev/spec/v1.2/build-provenance */
export const PROVENANCE_V1 = "https://slsa.dev/provenance/v1";

const descriptors = nullishAs(boundedArray(ResourceDescriptor, MAX_DESCRIPTORS), []);
const byproduct = readWith((value, payload) =>
  isEmptyObject(value) ? null : readBy(ResourceDescriptor, value, payload),
);
const byproducts = nullishAs(
  z.pipe(
    boundedArray(byproduct, MAX_DESCRIPTORS),
    z.transform((list) => list.filter((one) => one !== null)),
  ),
  [],
);
const text = optionalText(8192);
const id = boundedText(2048, 1);
const versions = AnyObject.check(
  z.refine((value) => Object.values(value).every((version) => typeof version === "string"), "a version is not text"),
) as z.ZodMiniType<Readonly<Record<string, string>>>;

/** The predicate as it is read. Unknown members are ignored, as the specification's parsing rules say. */
export const ProvenanceV1 = z.object({
  buildDefinition: z.object({
    buildType: id,
    externalParameters: AnyObject,
    internalParameters: nullishAs(AnyObject, {}),
    resolvedDependencies: descriptors,
  }),
  runDetails: z.object({
    builder: z.object({
      id,
      version: nullishAs(versions, {}),
      builderDependencies: descriptors,
    }),
    metadata: nullishAs(z.object({ invocationId: text, startedOn: text, finishedOn: text }), {
      invocationId: null,
      startedOn: null,
      finishedOn: null,
    }),
    byproducts,
  }),
});

export type ProvenanceV1 = z.output<typeof ProvenanceV1>;

/** Google Cloud Build writes `[{}]` where it has none: by the parsing rules an empty one says as little as null. */
function isEmptyObject(value: unknown): boolean {
  return isJsonObject(value) && Object.keys(value).length === 0;
}
