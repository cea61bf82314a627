import * as z from "zod/mini";
import { type DigestSet, DigestSetOrEmpty } from "./digest.ts";
import { AnyObject, boundedText } from "./schema-parts.ts";

/**
 * in-toto ResourceDescriptor v1: something that was used or made.
 * Source: https://github.com/in-toto/attestation/blob/main/spec/v1/resource_descriptor.md (at least one of uri, digest
 * and content must be there; unknown members are ignored).
 */
export interface ResourceDescriptor {
  readonly name?: string | undefined;
  readonly uri?: string | undefined;
  readonly digest?: DigestSet | undefined;
  /** Base64; should stay below 1 KiB. */
  readonly content?: string | undefined;
  readonly downloadLocation?: string | undefined;
  readonly mediaType?: string | undefined;
  readonly annotations?: Readonly<Record<string, unknown>> | undefined;
}

const text = z.nullish(boundedText(8192));

/** A descriptor in somebody's document. In our own subjects file the schema is stricter: subjects-schema.ts. */
export const ResourceDescriptor: z.ZodMiniType<ResourceDescriptor> = z
  .pipe(
    z.object({
      name: text,
      uri: text,
      digest: z.nullish(DigestSetOrEmpty),
      content: z.nullish(boundedText(65536)),
      downloadLocation: text,
      mediaType: text,
      annotations: z.nullish(AnyObject),
    }),
    z.transform(withoutEmpty),
  )
  .check(
    z.refine((value) => value.uri !== undefined || value.digest !== undefined || value.content !== undefined, {
      message: "a resource descriptor needs a uri, a digest or content",
    }),
  );

/** "unset == null == empty" (SLSA provenance, parsing rules); only empty content is something: an empty file. */
function withoutEmpty(parsed: object): ResourceDescriptor {
  const entries = Object.entries(parsed);
  const said = entries.filter(([key, value]) => (key === "content" ? typeof value === "string" : saysSomething(value)));
  return said.length === entries.length ? parsed : Object.fromEntries(said);
}

function saysSomething(value: unknown): boolean {
  return typeof value === "object" && value !== null ? Object.keys(value).length > 0 : Boolean(value);
}
