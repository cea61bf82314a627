import { crc32 } from "node:zlib";
import { isTouchmarkError } from "@touchmark/core";
import { type Entry, fromBufferPromise, type ZipFile } from "yauzl";
import { MAX_MANIFEST_BYTES, MAX_TARBALL_BYTES, MAX_ZIP_ENTRIES } from "./limits.ts";
import { unreadable } from "./unreadable.ts";

/** METADATA of a wheel, and the name of the `.dist-info` folder in which it stands. */
export interface FoundMetadata {
  readonly bytes: Uint8Array;
  /** Without `.dist-info`: `octo_pad-1.0.0`. */
  readonly folder: string;
}

/**
 * Finds METADATA in a wheel, by the archive's directory, as pip does. The entry's own header must have the same name, and
 * nothing else may be called so: a reader that goes another way would see another package.
 *
 * Source: https://packaging.python.org/en/latest/specifications/binary-distribution-format/
 *
 * @returns null when the bytes are no zip, or hold no METADATA.
 * @throws TouchmarkError `PACKAGE_UNREADABLE` for a zip that is damaged, ambiguous or beyond a limit.
 */
export async function findWheelMetadata(wheel: Uint8Array): Promise<FoundMetadata | null> {
  // PKWARE's APPNOTE, section 4.3.7: local file header signature
  if (Buffer.compare(wheel.subarray(0, 4), SIGNATURE) !== 0) return null;
  if (wheel.byteLength > MAX_TARBALL_BYTES) {
    throw unreadable("the wheel is too large", `at most ${MAX_TARBALL_BYTES} bytes`, `${wheel.byteLength} bytes`);
  }
  try {
    const zip = await fromBufferPromise(Buffer.from(wheel.buffer, wheel.byteOffset, wheel.byteLength), {
      lazyEntries: true,
      strictFileNames: true,
      validateEntrySizes: true,
    });
    const entry = await metadataEntry(zip);
    return entry === null ? null : { bytes: await read(zip, entry), folder: entry.fileName.slice(0, -SUFFIX.length) };
  } catch (error) {
    if (isTouchmarkError(error)) throw error;
    const actual = error instanceof Error ? error.message.slice(0, 200) : "an unknown error";
    throw unreadable("the wheel is damaged", "a complete zip", actual, error);
  }
}

const SIGNATURE = Buffer.from("PK\u0003\u0004", "latin1");
const SUFFIX = ".dist-info/METADATA";

async function metadataEntry(zip: ZipFile): Promise<Entry | null> {
  if (zip.entryCount > MAX_ZIP_ENTRIES) {
    throw unreadable("the wheel has too many entries", `at most ${MAX_ZIP_ENTRIES}`, `${zip.entryCount}`);
  }
  const found: Entry[] = [];
  for await (const entry of zip.eachEntry()) {
    if (/^[^/]+\.dist-info\/metadata$/i.test(entry.fileName)) found.push(entry);
  }
  const [entry, ...more] = found;
  if (entry === undefined) return null;
  if (more.length > 0) {
    throw unreadable(
      "the wheel holds several METADATA",
      "one",
      found
        .map(({ fileName }) => fileName)
        .slice(0, 3)
        .join(", "),
    );
  }
  if (entry.fileName.endsWith(SUFFIX)) return entry;
  throw unreadable("the wheel's METADATA is spelled otherwise", `NAME-VERSION${SUFFIX}`, entry.fileName);
}

async function read(zip: ZipFile, entry: Entry): Promise<Uint8Array> {
  if (entry.uncompressedSize > MAX_MANIFEST_BYTES) {
    const { uncompressedSize: size } = entry;
    throw unreadable("the wheel's METADATA is too large", `at most ${MAX_MANIFEST_BYTES} bytes`, `${size} bytes`);
  }
  const { fileName } = await zip.readLocalFileHeaderPromise(entry);
  if (!fileName.equals(entry.fileNameRaw)) {
    throw unreadable("the wheel's METADATA has two names", entry.fileName, fileName.toString("utf8"));
  }
  const parts: Uint8Array[] = [];
  for await (const part of await zip.openReadStreamPromise(entry)) parts.push(part as Uint8Array);
  const bytes = Buffer.concat(parts);
  if (crc32(bytes) === entry.crc32) return bytes;
  throw unreadable("the wheel's METADATA is damaged", `the checksum ${entry.crc32}`, `${crc32(bytes)}`);
}
