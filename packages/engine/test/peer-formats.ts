import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import Ajv from "ajv-draft-04";
import { SaxesParser } from "saxes";

const require = createRequire(import.meta.url);
// The JSON Schema of SARIF 2.1.0 as Microsoft's kit publishes it.
const kit = require.resolve("@microsoft/jest-sarif");
const schema = JSON.parse(readFileSync(join(dirname(kit), "schemas/sarif-2.1.0-rtm.5.json"), "utf8"));
const ajv = new Ajv.default({
  strict: false,
  // One of its patterns has a bracket too many.
  unicodeRegExp: false,
  formats: {
    uri: (text: string) => /^[a-z][a-z0-9+.-]*:[!-~]+$/i.test(text) && URL.canParse(text),
    // RFC 3986 section 4.1, without a scheme
    "uri-reference": /^(?:[A-Za-z0-9\-._~!$&'()*+,;=@/?]|%[0-9A-Fa-f]{2})*$/,
    "date-time": true,
  },
});
const isSarif = ajv.compile(schema);

/** What the schema has against a SARIF log that was written and read again; null for nothing. */
export function sarifFaults(log: object): string | null {
  return isSarif(JSON.parse(JSON.stringify(log))) ? null : ajv.errorsText(isSarif.errors);
}

/** An element of a document. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
}

/** The elements of an XML document, in order. @throws Error where it is not well-formed. */
export function readXml(text: string): readonly Element[] {
  const elements: { name: string; attributes: Record<string, string>; text: string }[] = [];
  const open: (typeof elements)[number][] = [];
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    const element = { name, attributes: attributes as Record<string, string>, text: "" };
    elements.push(element);
    open.push(element);
  });
  parser.on("text", (part) => {
    const element = open.at(-1);
    if (element !== undefined) element.text += part;
  });
  parser.on("closetag", () => open.pop());
  parser.write(text).close();
  return elements;
}
