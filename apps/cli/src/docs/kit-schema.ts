import * as z from "zod";
import { KitManifestShape } from "../kit/kit-manifest.ts";

type JsonSchema = z.core.JSONSchema.JSONSchema;

/** The JSON Schema of a kit's list. */
export function kitSchema(): JsonSchema {
  const { $schema, ...schema } = z.toJSONSchema(KitManifestShape, { io: "input", target: "draft-7" });
  return { $schema, $id: KIT_SCHEMA_URL, title: "the list of a kit, version 1", ...schema } as JsonSchema;
}

const KIT_SCHEMA_URL = "https://touchmark.dev/schema/kit-v1.json";
