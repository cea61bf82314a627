import { DENY_CONDITIONS, DenyDocument } from "@touchmark/verify";
import * as z from "zod";

type JsonSchema = z.core.JSONSchema.JSONSchema;

/** The JSON Schema of a deny list, with the rules that join keys of an entry, which zod does not write down. */
export function denySchema(): JsonSchema {
  const { $schema, ...schema } = z.toJSONSchema(DenyDocument, { io: "input", target: "draft-7" });
  const list = schema.properties?.["deny"];
  const entry = typeof list === "object" ? list.items : undefined;
  if (typeof entry !== "object" || Array.isArray(entry)) throw new Error("the schema of a deny list has no entries");
  const window = entry.properties?.["window"];
  if (typeof window !== "object") throw new Error("the schema of a deny list has no window");
  entry.anyOf = DENY_CONDITIONS.map((name) => ({ required: [name] }));
  entry.dependencies = { identity: ["issuer"], issuer: ["identity"] };
  window.minProperties = 1;
  return { $schema, $id: DENY_SCHEMA_URL, title: "a deny list, version 1", ...schema } as JsonSchema;
}

const DENY_SCHEMA_URL = "https://touchmark.dev/schema/deny-v1.json";
