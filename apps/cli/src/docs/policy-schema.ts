import { PolicyFile } from "@touchmark/policy";
import * as z from "zod";
import { denySchema } from "./deny-schema.ts";
import { trustSchema } from "./trust-schema.ts";

type JsonSchema = z.core.JSONSchema.JSONSchema;

/** The JSON Schema of a policy, with the entries of deny lists, which are read as such. */
export function policySchema(): JsonSchema {
  const { $schema, ...schema } = z.toJSONSchema(PolicyFile, { io: "input", target: "draft-7" });
  const deny = schema.properties?.["deny"];
  const entries = denySchema().properties?.["deny"];
  const trust = schema.properties?.["trust"];
  const trusted = trustSchema().properties?.["trust"];
  const artifacts = schema.properties?.["artifacts"];
  const rule = typeof artifacts === "object" ? artifacts.items : undefined;
  if (
    typeof deny !== "object" ||
    typeof entries !== "object" ||
    typeof trust !== "object" ||
    typeof trusted !== "object" ||
    typeof rule !== "object" ||
    Array.isArray(rule)
  ) {
    throw new Error("the schema of a policy has no rules or denials");
  }
  deny.items = entries.items as JsonSchema;
  trust.anyOf = [...(trust.anyOf ?? []).slice(0, 1), trusted];
  rule.dependencies = { "source-id": ["source"], "owner-id": ["source"] };
  rule.not = { required: ["source", "any-source"] };
  return { $schema, $id: POLICY_SCHEMA_URL, title: "a policy, version 1", ...schema } as JsonSchema;
}

const POLICY_SCHEMA_URL = "https://touchmark.dev/schema/policy-v1.json";
