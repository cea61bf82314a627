import type { Adapter } from "@touchmark/plugin";
import * as z from "zod";
import { SCHEMA_URL } from "../commands/init.ts";
import { ARTIFACT_KEYS, Config } from "../config/schema.ts";

type JsonSchema = z.core.JSONSchema.JSONSchema;

/**
 * The JSON Schema of a configuration: what editors complete and check. Options of the adapters that come with Touchmark
 * are part of it; those of other packages are anything.
 */
export function configSchema(adapters: readonly Adapter[]): JsonSchema {
  const schema = z.toJSONSchema(Config, { io: "input", target: "draft-7" });
  const artifacts = schema.properties?.["artifacts"];
  if (typeof artifacts !== "object" || typeof artifacts.additionalProperties !== "object") {
    throw new Error("the schema of a configuration has no artifacts");
  }
  artifacts.minProperties = 1;
  const artifact = artifacts.additionalProperties;
  artifact.allOf = [...adapters].sort((left, right) => (left.name < right.name ? -1 : 1)).map(optionsOf);
  const { $schema, ...rest } = schema;
  return { $schema, $id: SCHEMA_URL, title: "touchmark.yaml, version 1", ...rest } as JsonSchema;
}

/** Where `use` is this adapter, its options are the other keys. */
function optionsOf(adapter: Adapter): JsonSchema {
  const { $schema: _dialect, ...options } = z.toJSONSchema(adapter.options, {
    io: "input",
    target: "draft-7",
    unrepresentable: "any",
  });
  const own = Object.fromEntries(ARTIFACT_KEYS.map((key) => [key, true]));
  return {
    if: { properties: { use: { const: adapter.name } }, required: ["use"] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { ...options, properties: { ...own, ...options.properties } },
  } as JsonSchema;
}
