import { isJsonObject, parseStatement, parseSubjectsFile, readProvenance, readRelease } from "@touchmark/core";
import { CheckReportSchema } from "@touchmark/engine";
import { compilePolicy, policyDocument, trustDocument, trustList } from "@touchmark/policy";
import { denyList } from "@touchmark/verify";
import { expect, test } from "vitest";
import { ADAPTERS } from "../builtins.ts";
import { loadAdapters } from "../config/adapters.ts";
import { checkArtifactOptions } from "../config/artifact-options.ts";
import { Config } from "../config/schema.ts";
import { readYamlText } from "../config/yaml-text.ts";
import { allDocuments } from "./documents.ts";

const SHA256 = "ab".repeat(32);
/** Before the end of every example. */
const NOW = Date.parse("2026-12-01T00:00:00Z");
const adapters = await loadAdapters(ADAPTERS);

const examples = allDocuments().flatMap(({ path, fences }) =>
  fences.map(({ line, language, text }) => ({ place: `${path}:${line}`, language, text })),
);
const yaml = examples.filter(({ language }) => language === "yaml");
const json = examples.filter(({ language }) => language === "json");

/**
 * Reads an example as the program would.
 *
 * @returns what it is, by what stands in it as in `touchmark inspect`; "of others" for what is not Touchmark's.
 */
async function readExample(place: string, text: string): Promise<string> {
  const source = { label: place, digest: SHA256 };
  const { data, placeOf, lineOf } = await readYamlText(new TextEncoder().encode(text), place, "CONFIG_INVALID");
  if (!isJsonObject(data)) return "of others";
  const { artifacts, trust, deny } = data;
  if (Array.isArray(artifacts)) {
    const document = policyDocument(data, { ...source, placeOf });
    await compilePolicy(document, { now: NOW });
    if (Array.isArray(trust)) trustList(trust, { ...source, placeOf }, ["trust"]);
    if (deny !== undefined) denyList({ version: 1, deny }, { ...source, placeOf });
    return "a policy";
  }
  if (trust !== undefined) {
    trustDocument(data, { ...source, placeOf });
    return "a trust file";
  }
  if (deny !== undefined) {
    denyList(data, { ...source, placeOf });
    return "a deny list";
  }
  if (isJsonObject(artifacts)) {
    const config = Config.parse({ version: 1, ...data });
    // An adapter of another package is not at hand.
    const own = Object.entries(config.artifacts).filter(([, { use }]) => config.adapters?.[use] === undefined);
    checkArtifactOptions({ config: { ...config, artifacts: Object.fromEntries(own) }, path: place, lineOf }, adapters);
    return "a configuration";
  }
  return "of others";
}

test.each(yaml.map(({ place, text }) => [place, text] as const))("the YAML of %s is read", async (place, text) => {
  const kind = await readExample(place, text);
  const [, schema] = /\$schema=https:\/\/touchmark\.dev\/schema\/(\w+)-v1\.json/.exec(text) ?? [];
  expect(KINDS.get(schema ?? "") ?? kind).toBe(kind);
});

const KINDS: ReadonlyMap<string, string> = new Map([
  ["policy", "a policy"],
  ["trust", "a trust file"],
  ["deny", "a deny list"],
  ["config", "a configuration"],
]);

test.each(["policy", "trust", "deny", "config"])("there is a whole example for the schema %s", (name) => {
  expect(yaml.filter(({ text }) => text.includes(`$schema=https://touchmark.dev/schema/${name}-v1.json`))).toHaveLength(
    1,
  );
});

test.each([
  ["a policy", "version: 1\nartifacts: [{ match: a, sorce: github.com/octo/a }]\n", "POLICY_INVALID"],
  ["a policy's trust", "version: 1\nartifacts: [{ match: a, any-source: true }]\ntrust: []\n", "TRUST_INVALID"],
  ["a policy's denials", "version: 1\nartifacts: [{ match: a, any-source: true }]\ndeny: [{}]\n", "DENY_INVALID"],
  ["a trust file", "version: 1\ntrust: [{ preset: npm@2020-01 }]\n", "TRUST_INVALID"],
  ["a deny list", "version: 1\ndeny: [{ reason: x }]\n", "DENY_INVALID"],
  ["an adapter's options", "artifacts: { a: { use: files, inclde: x } }\n", "HINT_UNKNOWN"],
  ["YAML", "a: 1\na: 2\n", "CONFIG_INVALID"],
])("a mistake in %s would be found", async (_what, text, code) => {
  await expect(readExample("page.md:1", text)).rejects.toMatchObject({ code });
});

test.each(json.map(({ place, text }) => [place, text] as const))("the JSON of %s is what it says", (place, text) => {
  // Pages cut long digests short.
  const whole = text.replaceAll(/"(sha256:)?[0-9a-f]*…"/g, `"$1${SHA256}"`);
  const data = JSON.parse(whole);
  if (data.schema !== undefined) expect(CheckReportSchema.parse(data).result).toBe("failed");
  else if (data.type !== undefined) expect(parseSubjectsFile(new TextEncoder().encode(whole), place)).toEqual(data);
  else expect(readStated(data)).not.toBeNull();
});

/** A statement, or the predicate alone. */
function readStated(data: Readonly<Record<string, unknown>>) {
  const subject = [{ name: "tool", digest: { sha256: SHA256 } }];
  const whole = "_type" in data ? data : { ...STATED, subject, predicate: data };
  const statement = parseStatement(new TextEncoder().encode(JSON.stringify(whole)));
  return readRelease(statement) ?? readProvenance(statement);
}

const STATED = { _type: "https://in-toto.io/Statement/v1", predicateType: "https://slsa.dev/provenance/v1" };
