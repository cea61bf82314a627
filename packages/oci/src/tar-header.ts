import { malformed } from "./image-json.ts";
import { BLOCK } from "./tar-bytes.ts";

/** One header of a tar. */
export interface TarHeader {
  readonly name: string;
  /** What follows it. Unit: bytes. */
  readonly size: number;
  readonly kind: TarKind;
}

/** What is read; every other kind has a meaning that some readers know and others do not. */
type TarKind = (typeof KINDS)[keyof typeof KINDS];

/** By the type flag: POSIX.1-2017, pax, ustar interchange format; `L` and `K` are GNU's. */
const KINDS = {
  "\0": "file",
  "0": "file",
  "1": "link",
  "2": "symlink",
  "3": "character-device",
  "4": "block-device",
  "5": "directory",
  "6": "fifo",
  x: "pax-records",
  L: "long-name",
  K: "long-link",
} as const;

/** Have content; of the others some readers skip what their size says, and others do not. */
const WITH_CONTENT: readonly TarKind[] = ["file", "pax-records", "long-name", "long-link"];

/**
 * Reads a header that all readers take for the same one: of the ustar format, or of GNU's without its further fields.
 *
 * @returns null for a block of zeros, with which a tar ends.
 * @throws TouchmarkError `IMAGE_MALFORMED`: what is allowed to differ from reader to reader would make one image of it for
 * us and another one for whoever runs it.
 */
export function readTarHeader(block: Uint8Array, label: string): TarHeader | null {
  if (block.every((byte) => byte === 0)) return null;
  const text = new TextDecoder("latin1").decode(block);
  if (numberIn(block, CHECKSUM, label) !== checksum(block))
    throw unlike(label, "a header that its checksum fits", "another");
  const flag = text.slice(156, 157);
  const kind = Object.hasOwn(KINDS, flag) ? KINDS[flag as keyof typeof KINDS] : null;
  if (kind === null)
    throw unlike(label, "files, folders, links and devices", `an entry of the kind ${JSON.stringify(flag)}`);
  const size = numberIn(block, SIZE, label);
  if (size > 0 && !WITH_CONTENT.includes(kind)) throw unlike(label, `no content of a ${kind}`, `${size} bytes`);
  const name = stringIn(block, 0, 100);
  const prefix = prefixIn(block, text, label);
  return { name: prefix === "" ? name : `${prefix}/${name}`, size, kind };
}

/**
 * True for bytes that some reader may take for a tar: the checksum of a first header fits, which every reader looks at.
 * The formats before ustar leave so much open that a text, JSON for example, can be a tar as well.
 */
export function startsLikeTar(bytes: Uint8Array): boolean {
  const block = bytes.subarray(0, BLOCK);
  const stated = /^[ \0]*([0-7]+)/.exec(new TextDecoder("latin1").decode(block.subarray(...CHECKSUM)))?.[1];
  if (block.byteLength < BLOCK || stated === undefined) return false;
  const sum = checksum(block);
  // Old tars have sums of signed bytes.
  const signed = sum - 256 * block.filter((byte, at) => byte > 127 && (at < CHECKSUM[0] || at >= CHECKSUM[1])).length;
  return [sum, signed].includes(Number.parseInt(stated, 8));
}

const CHECKSUM = [148, 156] as const;
const SIZE = [124, 136] as const;

/** The sum of all bytes, those of the checksum itself taken for spaces. */
function checksum(block: Uint8Array): number {
  return block.reduce((sum, byte, at) => sum + (at >= CHECKSUM[0] && at < CHECKSUM[1] ? 0x20 : byte), 0);
}

/** Octal digits; of a large size, 63 bits behind a first byte of 0x80. */
function numberIn(block: Uint8Array, [start, end]: readonly [number, number], label: string): number {
  const field = block.subarray(start, end);
  const digits = /^ *([0-7]*)[ \0]*$/.exec(new TextDecoder("latin1").decode(field))?.[1];
  const value =
    digits !== undefined
      ? Number.parseInt(digits || "0", 8)
      : field[0] === 0x80
        ? field.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0)
        : Number.NaN;
  if (Number.isSafeInteger(value)) return value;
  throw unlike(label, "a number in octal digits", "another text");
}

function prefixIn(block: Uint8Array, text: string, label: string): string {
  const magic = text.slice(257, 265);
  // The prefix is shorter in star's own format, and GNU has other fields in its place.
  if (magic.startsWith("ustar\0") && text.slice(508) !== "tar\0") return stringIn(block, 345, 500);
  const times = [text.slice(345, 357), text.slice(357, 369)];
  const plain =
    times.every((time) => /^[0-7]*[ \0]*$/.test(time)) && block.subarray(369, 500).every((byte) => byte === 0);
  if (magic === "ustar  \0" && plain) return "";
  throw unlike(label, "a header of the ustar format or GNU's", "another");
}

/** Up to the first zero. */
function stringIn(block: Uint8Array, start: number, end: number): string {
  const zero = block.indexOf(0, start);
  return tarText(block.subarray(start, zero === -1 || zero > end ? end : zero));
}

/** A name as it is written, the mark with which a text may begin included. */
export function tarText(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

/** A tar that two readers could take for different ones. */
export function unlike(label: string, expected: string, actual: string): Error {
  return malformed(label, `a tar as tools for images write it: ${expected}`, actual);
}
