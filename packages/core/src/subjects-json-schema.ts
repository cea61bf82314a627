import * as z from "zod/mini";
import { ARRAY_BOUNDS } from "./bounded-array.ts";
import { SubjectsFile } from "./subjects-schema.ts";

/**
 * The shape of a subjects file as JSON Schema 2020-12, for editors and other languages; it stands in
 * docs/schemas/subjects-v1.schema.json. What a schema cannot say (names, conflicts, reserved annotations) is checked by
 * `parseSubjectsFile` only.
 */
export function subjectsJsonSchema(): object {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: "https://touchmark.dev/schema/subjects-v1.json",
    title: "Touchmark subjects file, version 1",
    ...shapeOf(SubjectsFile),
  };
}

function shapeOf(schema: z.core.$ZodType): Record<string, unknown> {
  const { $schema: _dialect, ...shape } = z.toJSONSchema(schema, {
    io: "input",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      if (jsonSchema.pattern !== undefined) jsonSchema.pattern = jsonSchema.pattern.replaceAll("\\p{Cc}", CONTROL);
      const bounds = ARRAY_BOUNDS.get(zodSchema);
      if (bounds === undefined) return;
      const { item, min, max } = bounds;
      for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
      Object.assign(jsonSchema, { type: "array", items: shapeOf(item), minItems: min, maxItems: max });
    },
  });
  return shape;
}

/** `\p{Cc}` for validators in other languages, of which Python's know no property escapes. */
const CONTROL = String.raw`\x00-\x1f\x7f-\x9f`;
