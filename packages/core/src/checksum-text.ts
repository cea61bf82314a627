import { algorithmByName, type DigestAlgorithm, isWellFormedDigest } from "./digest.ts";
import { TouchmarkError } from "./errors.ts";
import { decodeUtf8 } from "./json.ts";
import { MAX_METADATA_BYTES, MAX_SUBJECTS } from "./limits.ts";

/** One line of a checksum list. */
export interface ChecksumEntry {
  /** As written, unescaped; null for a file that holds only a digest. */
  readonly name: string | null;
  /** Lowercase. */
  readonly hex: string;
  /** The algorithm that the line names (BSD and OpenSSL forms); null where the line does not say. */
  readonly algorithm: DigestAlgorithm | null;
  /** From 1; the entry's number in NUL mode. */
  readonly line: number;
}

/**
 * Reads a list as sha256sum, shasum, b2sum, cksum, md5 and openssl write it.
 *
 * Forms: GNU `HEX  NAME` and `HEX *NAME`, NUL-separated GNU (`-z`), reversed BSD `HEX NAME`, BSD `ALG (NAME) = HEX`,
 * OpenSSL `ALG(NAME)= HEX`, and one bare digest. A leading backslash marks an escaped name (coreutils,
 * https://www.gnu.org/software/coreutils/manual/html_node/md5sum-invocation.html). CRLF line ends, upper case hex, a
 * byte order mark, blank lines and lines that start with `#` are accepted; anything else is an error, never skipped.
 *
 * @param what - the list's name, for messages.
 * @throws TouchmarkError `INPUT_TOO_LARGE`, `INPUT_INVALID` (with the line's number), `LIMIT_EXCEEDED`.
 */
export function parseChecksumText(bytes: Uint8Array, what: string): readonly ChecksumEntry[] {
  if (bytes.byteLength > MAX_METADATA_BYTES) {
    throw new TouchmarkError("INPUT_TOO_LARGE", `${what} is too large to read`, {
      expected: `at most ${MAX_METADATA_BYTES} bytes`,
      actual: `${bytes.byteLength} bytes`,
    });
  }
  const text = decodeUtf8(withoutByteOrderMark(bytes), what);
  return text.includes("\0") ? nulEntries(text, what) : lineEntries(text, what);
}

function withoutByteOrderMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

/** `sha256sum -z`: names are raw, and may hold line ends. */
function nulEntries(text: string, what: string): readonly ChecksumEntry[] {
  const entries: ChecksumEntry[] = [];
  for (const [number, record] of records(text, "\0")) {
    const match = /^([0-9A-Fa-f]{8,128}) [ *](.+)$/s.exec(record);
    if (match?.[1] === undefined || match[2] === undefined) throw badLine(what, number, record);
    entries.push({ name: match[2], hex: match[1].toLowerCase(), algorithm: null, line: number });
    checkCount(entries.length, what);
  }
  if (!text.endsWith("\0")) throw badLine(what, entries.length, "an entry without its closing NUL byte");
  return entries;
}

/** The records of a text and their numbers from 1, one at a time: a list of nothing but line ends must not fill memory. */
function* records(text: string, end: string): Generator<readonly [number, string]> {
  let number = 1;
  for (let at = 0; at < text.length; number += 1) {
    const next = text.indexOf(end, at);
    yield [number, next === -1 ? text.slice(at) : text.slice(at, next)];
    at = next === -1 ? text.length : next + 1;
  }
}

function checkCount(count: number, what: string): void {
  if (count <= MAX_SUBJECTS) return;
  throw new TouchmarkError("LIMIT_EXCEEDED", `${what} has too many lines`, {
    expected: `at most ${MAX_SUBJECTS}`,
    actual: "more",
  });
}

function lineEntries(text: string, what: string): readonly ChecksumEntry[] {
  const entries: LineEntry[] = [];
  for (const [number, raw] of records(text, "\n")) {
    const line = raw.endsWith("\r") ? raw.slice(0, -1) : raw;
    if (line.trim() === "" || line.startsWith("#")) continue;
    entries.push(lineEntry(line, number, what));
    checkCount(entries.length, what);
  }
  const bare = entries.find((entry) => entry.name === null);
  if (bare !== undefined && entries.length > 1) throw badLine(what, bare.line, "a digest without a name");
  refuseMixedForms(entries, what);
  return entries.map(({ reversed: _reversed, ...entry }) => entry);
}

/**
 * `md5 -r` on BSD writes one space, and a name may then start with a space or an asterisk; GNU writes a space and a
 * flag. In a list that has both, one line means two things, so it is refused, as coreutils refuses it.
 */
function refuseMixedForms(entries: readonly LineEntry[], what: string): void {
  const reversed = entries.find((entry) => entry.reversed);
  const flagged = entries.find((entry) => entry.reversed === false);
  if (reversed === undefined || flagged === undefined) return;
  throw badLine(what, Math.max(reversed.line, flagged.line), "another form than the lines before");
}

/** `reversed` is null for forms that have no flag. */
interface LineEntry extends ChecksumEntry {
  readonly reversed: boolean | null;
}

function lineEntry(line: string, number: number, what: string): LineEntry {
  const escaped = line.startsWith("\\");
  const body = escaped ? line.slice(1) : line;
  const name = (written: string) => (escaped ? unescapeName(written, what, number) : written);

  const tagged = /^([A-Za-z0-9][A-Za-z0-9/_-]*) ?\((.+)\) ?= ([0-9A-Fa-f]+)$/s.exec(body);
  if (tagged?.[1] !== undefined && tagged[2] !== undefined && tagged[3] !== undefined) {
    return taggedEntry(tagged[1], name(tagged[2]), tagged[3].toLowerCase(), number, what);
  }
  const listed = /^([0-9A-Fa-f]{8,128}) (?:[ *](.+)|([^ *].*))$/s.exec(body);
  const listedName = listed?.[2] ?? listed?.[3];
  if (listed?.[1] !== undefined && listedName !== undefined) {
    const hex = listed[1].toLowerCase();
    return { name: name(listedName), hex, algorithm: null, line: number, reversed: listed[3] !== undefined };
  }
  if (/^[0-9A-Fa-f]{8,128}$/.test(line)) {
    return { name: null, hex: line.toLowerCase(), algorithm: null, line: number, reversed: null };
  }
  throw badLine(what, number, line);
}

function taggedEntry(tag: string, name: string, hex: string, line: number, what: string): LineEntry {
  const algorithm = algorithmOfTag(tag, hex);
  if (algorithm === null) throw badLine(what, line, `the algorithm ${JSON.stringify(tag)}`);
  if (!isWellFormedDigest(algorithm, hex)) throw badLine(what, line, `${hex.length} hex digits for ${tag}`);
  return { name, hex, algorithm, line, reversed: null };
}

/** b2sum writes `BLAKE2b-256` when its output is shortened; in-toto's blake2b is the full 512 bits only. */
function algorithmOfTag(tag: string, hex: string): DigestAlgorithm | null {
  const algorithm = algorithmByName(tag);
  return algorithm === "blake2b" && hex.length !== 128 ? null : algorithm;
}

function unescapeName(written: string, what: string, line: number): string {
  return written.replaceAll(/\\(.?)/gs, (_all, char: string) => {
    if (char === "\\") return "\\";
    if (char === "n") return "\n";
    if (char === "r") return "\r";
    throw badLine(what, line, `the escape \\${char}`);
  });
}

function badLine(what: string, line: number, got: string): TouchmarkError {
  return new TouchmarkError("INPUT_INVALID", `${what} line ${line} is not a checksum line`, {
    expected: "HEX  NAME, HEX *NAME, ALGORITHM (NAME) = HEX, or one bare digest",
    actual: JSON.stringify(got.slice(0, 120)),
  });
}
