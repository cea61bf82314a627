import { createHash } from "node:crypto";
import { TouchmarkError } from "@touchmark/core";
import type { Host, HostFile } from "@touchmark/plugin";

/**
 * A way to read the purl out of a package file, for a file whose name says that it is one.
 *
 * @param sha256 - of the file, as it was hashed: the bytes that are read must be the same ones.
 * @returns null for other files.
 */
export function packageNameReader(
  file: HostFile,
  sha256: string | undefined,
  host: Host,
): (() => Promise<string | null>) | null {
  if (!SUFFIXES.some((suffix) => file.name.endsWith(suffix))) return null;
  return async () => {
    const { identifyPackage, MAX_TARBALL_BYTES } = await import("@touchmark/package-identity");
    if (file.size > MAX_TARBALL_BYTES) return null;
    const bytes = await host.readBytes(file.path, { max: MAX_TARBALL_BYTES });
    if (createHash("sha256").update(bytes).digest("hex") !== sha256) {
      throw new TouchmarkError("FILE_CHANGED", `${file.path} changed while it was verified`, {
        expected: "a file that nobody writes any more",
        actual: "other bytes than those that were hashed",
      });
    }
    return (await identifyPackage(bytes, file.name))?.purl ?? null;
  };
}

/** `PACKAGE_SUFFIXES` of the package that reads them, which is loaded for the first file that is read. */
const SUFFIXES = [".tgz", ".whl", ".tar.gz", ".crate"];
