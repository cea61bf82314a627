import { posix } from "node:path";
import { isTouchmarkError, TouchmarkError } from "@touchmark/core";
import type { Host } from "@touchmark/plugin";
import { algorithmOf, type LayoutFiles, type Measured } from "./layout-files.ts";

/**
 * The files of a layout that is a folder. Links in it are refused wherever they lead: what they lead to is not part of
 * the layout.
 */
export async function folderFiles(folder: string, host: Host): Promise<LayoutFiles> {
  const label = posix.basename(folder);
  const root = await host.realPath(folder);
  // Manifests can name one large layer any number of times.
  const known = new Map<string, ReturnType<typeof measureAll>>();

  /** @returns null when nothing is there. */
  async function placeOf(path: string): Promise<string | null> {
    const place = posix.join(folder, path);
    const real = await realPathOrNull(place);
    if (real === null || real === posix.join(root, path)) return real === null ? null : place;
    throw refusedLink(label, path);
  }

  async function realPathOrNull(place: string): Promise<string | null> {
    try {
      return await host.realPath(place);
    } catch (error) {
      if (isTouchmarkError(error) && error.code === "INPUT_MISSING") return null;
      // It lies in the folder, so only a link leads out.
      if (isTouchmarkError(error) && error.code === "OUTSIDE_ROOTS") throw refusedLink(label, posix.basename(place));
      throw error;
    }
  }

  async function measureFiles(places: readonly string[], algorithm: "sha256" | "sha512"): Promise<readonly Measured[]> {
    const files = await Promise.all(places.map((place) => host.file(place)));
    const digests = await host.digest(files, [algorithm]);
    return files.map((file, index) => ({ digest: `${algorithm}:${digests[index]?.[algorithm]}`, size: file.size }));
  }

  /** @returns what is there. */
  async function measureAll(paths: readonly string[]): Promise<ReadonlyMap<string, Measured>> {
    const places = await Promise.all(paths.map(placeOf));
    const measured = new Map<string, Measured>();
    for (const algorithm of ["sha256", "sha512"] as const) {
      const there = paths.flatMap((path, index) => {
        const place = places[index];
        return place == null || algorithmOf(path) !== algorithm ? [] : [{ path, place }];
      });
      const results = await measureFiles(
        there.map(({ place }) => place),
        algorithm,
      );
      for (const [index, result] of results.entries()) measured.set(there[index]?.path ?? "", result);
    }
    return measured;
  }

  return {
    label,
    read: async (path, max) => {
      const place = await placeOf(path);
      return place === null ? null : host.readBytes(place, { max });
    },
    measure: async (paths) => {
      const unknown = [...new Set(paths)].filter((path) => !known.has(path));
      const measuring = measureAll(unknown);
      for (const path of unknown) known.set(path, measuring);
      const measured = await Promise.all(paths.map((path) => known.get(path)));
      return paths.map((path, index) => measured[index]?.get(path) ?? null);
    },
    smallBlobs: async (max) => {
      const blobs = await placeOf("blobs");
      if (blobs === null) return [];
      const found = await host.list(blobs);
      return found.flatMap(({ kind, name, size }) => (kind === "file" && size <= max ? [`blobs/${name}`] : []));
    },
  };
}

function refusedLink(label: string, path: string): TouchmarkError {
  return new TouchmarkError("IMAGE_MALFORMED", `${path} of ${label} does not lie in the layout`, {
    expected: "a file in the layout's own folders",
    actual: "a link",
  });
}
