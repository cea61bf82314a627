import { posix } from "node:path";
import { TouchmarkError } from "@touchmark/core";
import type { Host } from "@touchmark/plugin";
import type { LayoutFiles } from "./layout-files.ts";
import { MAX_KEPT_BYTES, MAX_MANIFEST_BYTES, MAX_TAR_PASSES } from "./limits.ts";
import { scanTar, type TarEntry } from "./tar-entries.ts";

/**
 * The files of a layout that is a tar. It is read once, here; memory does not grow with it. Of its files, those of at
 * most 4 MiB that look like JSON are kept, 32 MiB together. What is asked for and was not kept costs another pass.
 *
 * @param limits - other ones for tests.
 * @throws TouchmarkError as `scanTar`.
 */
export async function tarFiles(
  path: string,
  host: Host,
  limits = { kept: MAX_KEPT_BYTES, passes: MAX_TAR_PASSES },
): Promise<LayoutFiles> {
  const label = posix.basename(path);
  let room = limits.kept;
  const entries = await scanTar(host.openRead(path), label, (_path, size, firstByte) => {
    if (size > Math.min(room, MAX_MANIFEST_BYTES) || !isJsonStart(firstByte)) return false;
    room -= size;
    return true;
  });
  let passes = 0;

  function fileAt(wanted: string): (TarEntry & { readonly kind: "file" }) | null {
    const entry = entries.get(wanted);
    if (entry === undefined || entry.kind === "file") return entry ?? null;
    throw new TouchmarkError("IMAGE_MALFORMED", `${wanted} of ${label} is not a file`, {
      expected: "a regular file",
      actual: entry.type,
    });
  }

  async function readAgain(wanted: string, max: number): Promise<Uint8Array | null> {
    passes += 1;
    if (passes > limits.passes) {
      throw new TouchmarkError("LIMIT_EXCEEDED", `${label} would have to be read too often`, {
        expected: `${limits.kept} bytes of small files, and ${limits.passes} files beyond`,
        actual: "more",
      });
    }
    const found = (await scanTar(host.openRead(path), label, (name, size) => name === wanted && size <= max)).get(
      wanted,
    );
    return found?.kind === "file" ? found.bytes : null;
  }

  return {
    label,
    read: async (wanted, max) => {
      const entry = fileAt(wanted);
      if (entry === null) return null;
      if (entry.size > max) {
        throw new TouchmarkError("INPUT_TOO_LARGE", `${wanted} of ${label} is too large to read`, {
          expected: `at most ${max} bytes`,
          actual: `${entry.size} bytes`,
        });
      }
      return entry.bytes ?? (entry.size === 0 ? new Uint8Array() : readAgain(wanted, max));
    },
    measure: async (paths) => paths.map(fileAt),
    smallBlobs: async (max) =>
      [...entries].flatMap(([name, entry]) =>
        name.startsWith("blobs/") && entry.kind === "file" && entry.bytes !== null && entry.size <= max ? [name] : [],
      ),
  };
}

/** Objects and lists, as all manifests, indexes and configurations are. */
function isJsonStart(byte: number): boolean {
  return byte === 0x7b || byte === 0x5b;
}
