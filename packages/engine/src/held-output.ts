import { posix } from "node:path";
import { ACCEPTABLE_ALGORITHMS, type DigestSet, TouchmarkError } from "@touchmark/core";
import type { HashAlgorithm, WritableHost } from "@touchmark/plugin";
import { digestBytes } from "./digest-bytes.ts";

/** A file that is not written yet. */
interface HeldFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly mode?: number;
}

/** What publishers write, before it is on the disk. */
export interface HeldOutput {
  /** Keeps what is written to it, and reads it as if it were there; everything else is the disk's. */
  readonly host: WritableHost;
  /**
   * Puts everything where it belongs, all or nothing of each folder, and looks at it again: whatever was decided about it
   * holds for what lies there.
   *
   * @throws TouchmarkError `SELF_CHECK_FAILED` when other bytes lie there; those of `writeFiles`.
   */
  write(): Promise<void>;
}

/** Nobody sees evidence before it was verified: what does not hold is never a file. */
export function holdOutput(disk: WritableHost): HeldOutput {
  const folders = new Map<string, Map<string, HeldFile>>();
  const held = new Map<string, HeldFile>();
  const host: WritableHost = {
    ...disk,
    kind: async (path) => (held.has(posix.normalize(path)) ? "file" : disk.kind(path)),
    file: async (path) => {
      const place = posix.normalize(path);
      const file = held.get(place);
      return file === undefined ? disk.file(path) : { path: place, name: file.name, size: file.bytes.byteLength };
    },
    readBytes: async (path, { max }) => {
      const file = held.get(posix.normalize(path));
      if (file === undefined) return disk.readBytes(path, { max });
      if (file.bytes.byteLength <= max) return file.bytes;
      throw new TouchmarkError("INPUT_TOO_LARGE", `${path} is too large to read`, {
        expected: `at most ${max} bytes`,
        actual: `${file.bytes.byteLength} bytes`,
      });
    },
    digest: async (files, algorithms = ["sha256"]) => {
      const others = files.filter(({ path }) => !held.has(path));
      const onDisk = others.length === 0 ? [] : await disk.digest(others, algorithms);
      const rest = onDisk.values();
      return files.map((file) => digestOf(held.get(file.path), algorithms) ?? rest.next().value ?? {});
    },
    writeFiles: async (folder, files) => {
      const inFolder = folders.get(folder) ?? new Map<string, HeldFile>();
      folders.set(folder, inFolder);
      for (const file of files) {
        inFolder.set(file.name, file);
        held.set(posix.join(folder, file.name), file);
      }
    },
  };
  return {
    host,
    write: async () => {
      for (const [folder, files] of folders) await disk.writeFiles(folder, [...files.values()]);
      for (const [path, { bytes }] of held) await requireThere(path, bytes, disk);
    },
  };
}

/** Of evidence nobody asks for digests that only tools declare. */
function digestOf(file: HeldFile | undefined, algorithms: readonly HashAlgorithm[]): DigestSet | null {
  if (file === undefined) return null;
  const wanted = ACCEPTABLE_ALGORITHMS.filter((name) => algorithms.includes(name));
  if (wanted.length === algorithms.length) return digestBytes(file.bytes, wanted);
  throw new TouchmarkError("INTERNAL", `${file.name} is evidence, and was to be hashed as an artifact`);
}

async function requireThere(path: string, bytes: Uint8Array, disk: WritableHost): Promise<void> {
  const { size } = await disk.file(path);
  const found = size === bytes.byteLength ? await disk.readBytes(path, { max: size }) : null;
  if (found !== null && Buffer.from(found.buffer, found.byteOffset, found.byteLength).equals(bytes)) return;
  throw new TouchmarkError("SELF_CHECK_FAILED", `${path} was changed while it was written`, {
    expected: "the evidence that was verified",
    actual: "other bytes",
  });
}
