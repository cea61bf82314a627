import { createHash } from "node:crypto";
import { posix } from "node:path";
import { TouchmarkError } from "@touchmark/core";
import type { Host } from "@touchmark/plugin";
import type { ImageSource } from "../src/image-source.ts";
import { statedMediaType } from "../src/manifest.ts";
import type { Files } from "./synthetic-image.ts";

/** A source that compares nothing, as a lying registry would. */
export function memorySource(files: Files, mediaTypes: Readonly<Record<string, string>> = {}): ImageSource {
  const at = (digest: string) => {
    const bytes = files.get(`blobs/${digest.replace(":", "/")}`);
    if (bytes === undefined) throw new TouchmarkError("IMAGE_MISSING", `no ${digest}`);
    return bytes;
  };
  return {
    label: "memory",
    manifest: async ({ digest }) => {
      const bytes = at(digest);
      return { bytes, mediaType: mediaTypes[digest] ?? statedMediaType(bytes, digest), digest };
    },
    blob: async ({ digest }) => at(digest),
  };
}

/** A host with one file, which it gives in chunks of one buffer, as the real one does. */
export function tarHost(tar: Uint8Array, chunkSize = 1024 * 1024): Host & { readonly passes: () => number } {
  let passes = 0;
  const unused = () => {
    throw new TouchmarkError("INTERNAL", "a tar is opened and nothing else");
  };
  return {
    signal: new AbortController().signal,
    userCode: false,
    kind: async () => "file",
    openRead: async function* () {
      passes += 1;
      const buffer = new Uint8Array(chunkSize);
      for (let at = 0; at < tar.byteLength; at += chunkSize) {
        const part = tar.subarray(at, at + chunkSize);
        buffer.set(part);
        yield buffer.subarray(0, part.byteLength);
      }
      buffer.fill(0xff);
    },
    passes: () => passes,
    file: unused,
    glob: unused,
    list: unused,
    readBytes: unused,
    realPath: unused,
    readText: unused,
    digest: unused,
    digestTree: unused,
    readStdin: unused,
    fetch: unused,
    fetchStream: unused,
    credentials: unused,
    wait: unused,
    elapsed: unused,
    run: unused,
  };
}

/** A host with one folder, `layout`, that is not on any disk. */
export function folderHost(files: Files): Host {
  const at = (path: string) => {
    const bytes = files.get(posix.relative("layout", path));
    if (bytes === undefined) throw new TouchmarkError("INPUT_MISSING", `no ${path}`);
    return bytes;
  };
  return {
    ...tarHost(new Uint8Array()),
    kind: async () => "folder",
    realPath: async (path) => {
      if (path !== "layout") at(path);
      return `/${path}`;
    },
    file: async (path) => ({ path, name: posix.basename(path), size: at(path).byteLength }),
    readBytes: async (path) => at(path),
    digest: async (wanted, algorithms = []) =>
      wanted.map(({ path }) =>
        Object.fromEntries(algorithms.map((name) => [name, createHash(name).update(at(path)).digest("hex")])),
      ),
  };
}
