import { TouchmarkError } from "@touchmark/core";
import type { IndexFile } from "./index-file.ts";
import { MAX_INDEX_FILES } from "./limits.ts";

/**
 * The files that a page of an index links to: `<a href="ADDRESS#sha256=HEX" data-provenance="ADDRESS">NAME</a>`. Read in one
 * pass; whatever else the page has is passed over.
 * Source: https://packaging.python.org/en/latest/specifications/simple-repository-api/#base-html-api
 *
 * @throws TouchmarkError `LIMIT_EXCEEDED`
 */
export function indexPage(bytes: Uint8Array): readonly IndexFile[] {
  const text = new TextDecoder().decode(bytes);
  const files: IndexFile[] = [];
  for (let at = nextTag(text, 0); at !== -1; ) {
    const end = text.indexOf(">", at);
    const close = end === -1 ? -1 : text.indexOf("<", end);
    if (close === -1) break;
    const tag = text.slice(at, Math.min(end, at + MAX_TAG));
    const url = attribute(tag, "href");
    if (url !== null) {
      if (files.length === MAX_INDEX_FILES) throw tooLong();
      const [, hex] = /#sha256=([0-9a-f]{64})$/.exec(url) ?? [];
      files.push({
        filename: plain(text.slice(end + 1, Math.min(close, end + 1 + MAX_TAG))).trim(),
        url,
        hashes: hex === undefined ? {} : { sha256: hex },
        provenance: attribute(tag, "data-provenance"),
      });
    }
    at = nextTag(text, close);
  }
  return files;
}

/** What of one tag is looked at. Unit: characters. */
const MAX_TAG = 8 * 1024;

function nextTag(text: string, from: number): number {
  const pattern = /<a\s/gi;
  pattern.lastIndex = from;
  return pattern.exec(text)?.index ?? -1;
}

function attribute(tag: string, name: string): string | null {
  const [, double, single] = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, "i").exec(tag) ?? [];
  const value = double ?? single;
  return value === undefined ? null : plain(value);
}

/** The entities that a name or an address may have. */
function plain(text: string): string {
  return text.replaceAll(/&(amp|lt|gt|quot|#39|#x27);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  "#39": "'",
  "#x27": "'",
};

function tooLong(): TouchmarkError {
  return new TouchmarkError("LIMIT_EXCEEDED", "the index lists too many files", {
    expected: `at most ${MAX_INDEX_FILES}`,
    actual: "more",
  });
}
