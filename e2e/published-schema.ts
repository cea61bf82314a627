import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect } from "vitest";

/**
 * A document that names its schema, valid by it: by another implementation of JSON Schema than the one that wrote it, strict
 * about its keywords.
 *
 * @returns the schema's name, `inspect-v1`.
 */
export function publishedSchemaOf(document: { readonly schema?: string }): string {
  const [, name] = /^https:\/\/touchmark\.dev\/schema\/([a-z-]+-v\d+)\.json$/.exec(document.schema ?? "") ?? [];
  expect(name, "a schema that is published").toBeDefined();
  const file = new URL(`../docs/schemas/${name}.schema.json`, import.meta.url);
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
  const isValid = ajv.compile(JSON.parse(readFileSync(file, "utf8")));
  expect({ name, valid: isValid(document), errors: isValid.errors }).toEqual({ name, valid: true, errors: null });
  return name ?? "";
}
