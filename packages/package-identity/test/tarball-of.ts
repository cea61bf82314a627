import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";

/** Entries of a tar; two of one name are allowed, as in a tar. */
export type TarEntry = readonly [name: string, content: string, type?: "symlink" | "link" | "directory"];

export async function tarOf(entries: readonly TarEntry[]): Promise<Buffer> {
  const tar = pack();
  for (const [name, content, type] of entries) {
    if (type === undefined) tar.entry({ name }, content);
    else tar.entry({ name, type, linkname: content });
  }
  tar.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of tar) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

export async function tarballOf(entries: readonly TarEntry[]): Promise<Buffer> {
  return gzipSync(await tarOf(entries));
}
