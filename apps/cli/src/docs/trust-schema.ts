import { TrustDocument } from "@touchmark/policy";
import * as z from "zod";

type JsonSchema = z.core.JSONSchema.JSONSchema;

/** The JSON Schema of a trust file; what joins keys of an entry, and ranges and days, `touchmark trust check` knows. */
export function trustSchema(): JsonSchema {
  const { $schema, ...schema } = z.toJSONSchema(TrustDocument, { io: "input", target: "draft-7" });
  return { $schema, $id: TRUST_SCHEMA_URL, title: "a trust file, version 1", ...schema } as JsonSchema;
}

const TRUST_SCHEMA_URL = "https://touchmark.dev/schema/trust-v1.json";
