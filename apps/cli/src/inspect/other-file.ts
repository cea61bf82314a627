import {
  isTouchmarkError,
  type Json,
  MAX_EVIDENCE_BYTES,
  MAX_SMALL_FILE_BYTES,
  parseJson,
  parseStatement,
} from "@touchmark/core";
import { shellWord } from "../render/shell-word.ts";
import type { InspectedFile } from "../reports/inspect.ts";
import { summarise } from "./predicates/summarise.ts";
import { textAt, valueAt } from "./stated.ts";

/**
 * What a file is that holds no evidence and is no subjects file, but which Touchmark knows.
 *
 * @returns null for anything else.
 */
export function otherFile(file: string, bytes: Uint8Array): InspectedFile | null {
  const json = jsonIn(bytes) ?? jsonIn(firstLine(bytes));
  return json === null ? textFile(file, bytes) : (unsigned(file, bytes, json) ?? jsonFile(file, json));
}

/** By members that no evidence has. Who shows it, reads it again and says what is wrong with it. */
function jsonFile(file: string, json: Json): InspectedFile | null {
  const word = shellWord(file);
  const [, sigstore] = /^application\/vnd\.dev\.sigstore\.(\w+)/.exec(textAt(json, "mediaType") ?? "") ?? [];
  if (sigstore === "trustedroot" || sigstore === "clienttrustconfig") {
    return other(file, "trusted roots of Sigstore", `touchmark roots show --trusted-root ${word}`);
  }
  if (sigstore === "signingconfig") {
    return other(file, "a signing config of Sigstore", `touchmark attest --keyless --signing-config ${word}`);
  }
  if (textAt(json, "signed", "_type") === "root") {
    return other(file, "the root of a TUF repository", `touchmark roots update --mirror URL --root ${word}`);
  }
  const schema = textAt(json, "schema");
  if (schema?.startsWith("https://touchmark.dev/schema/verify-") === true) {
    return other(file, `a report of touchmark verify: ${textAt(json, "result") ?? "an error"}`, "touchmark verify");
  }
  if (schema?.startsWith("https://touchmark.dev/schema/kit-") === true) {
    return other(file, "the list of a kit", "touchmark verify kit:FOLDER");
  }
  if (valueAt(json, "version") !== 1) return null;
  if (Array.isArray(valueAt(json, "roots")) && valueAt(json, "releases") !== undefined) {
    return other(file, "what a verifier has seen", `touchmark verify TARGET --state ${word}`);
  }
  const sections = ["artifacts", "trust", "deny"].filter((name) => valueAt(json, name) !== undefined);
  return ofSections(file, sections, Array.isArray(valueAt(json, "artifacts")));
}

/** What people write is known by the sections that it must have: a policy may have all three. */
function ofSections(file: string, sections: readonly string[], hasRules: boolean): InspectedFile | null {
  const word = shellWord(file);
  if (hasRules) return other(file, "a policy", `touchmark policy check ${word}`);
  if (sections.includes("artifacts")) return other(file, "a configuration", `touchmark check --config ${word}`);
  if (sections.includes("trust")) return other(file, "a trust file", `touchmark trust show ${word}`);
  return sections.includes("deny") ? other(file, "a deny list", `touchmark verify TARGET --deny ${word}`) : null;
}

function unsigned(file: string, bytes: Uint8Array, json: Json): InspectedFile | null {
  const type = textAt(json, "_type");
  if (type?.startsWith("https://in-toto.io/Statement/") === true) {
    const statement = parseStatement(bytes);
    const predicate = summarise(statement.predicateType, statement.predicate);
    return { file, kind: "unsigned", statement, predicate } as InspectedFile;
  }
  const predicateType = sbomType(json);
  if (predicateType === null) return null;
  return { file, kind: "unsigned", statement: null, predicate: summarise(predicateType, json) } as InspectedFile;
}

function sbomType(json: Json): string | null {
  if (textAt(json, "bomFormat") === "CycloneDX") return "https://cyclonedx.org/bom";
  const isSpdx =
    textAt(json, "spdxVersion") !== null || textAt(json, "@context")?.startsWith("https://spdx.org/") === true;
  return isSpdx ? "https://spdx.dev/Document" : null;
}

/** YAML, by the keys that begin a line. */
function textFile(file: string, bytes: Uint8Array): InspectedFile | null {
  if (bytes.byteLength > MAX_SMALL_FILE_BYTES) return null;
  const text = new TextDecoder().decode(bytes);
  if (!/^version\s*:/m.test(text)) return null;
  const sections = [...text.matchAll(/^(artifacts|trust|deny)\s*:/gm)].map(([, name = ""]) => name);
  return ofSections(file, sections, RULES.test(text));
}

/** `artifacts` of a policy is a list; that of a configuration has names. */
const RULES = /^artifacts[ \t]*:[ \t]*(?:\[|(?:#[^\n]*)?\r?\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*[ \t]*-[ \t\r\n])/m;

function other(file: string, title: string, command: string): InspectedFile {
  return { file, kind: "other", title, command };
}

function firstLine(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0x0a);
  return end === -1 ? bytes : bytes.subarray(0, end);
}

function jsonIn(bytes: Uint8Array): Json {
  try {
    return parseJson(bytes, { what: "the file", maxBytes: MAX_EVIDENCE_BYTES });
  } catch (error) {
    if (isTouchmarkError(error)) return null;
    throw error;
  }
}
