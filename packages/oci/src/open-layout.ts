import { TouchmarkError } from "@touchmark/core";
import type { Host } from "@touchmark/plugin";
import * as z from "zod";
import { checkReachable } from "./check-content.ts";
import type { Descriptor } from "./descriptor.ts";
import { checkSavedLayers, parseSavedImages, type SavedImage, savedEntries } from "./docker-archive.ts";
import { checkBytes } from "./image-digest.ts";
import { checkCount, malformed, readImageJson } from "./image-json.ts";
import type { ImageSource } from "./image-source.ts";
import type { ImageLayout, LayoutEntry } from "./layout.ts";
import type { LayoutFiles } from "./layout-files.ts";
import { folderFiles } from "./layout-folder.ts";
import { blobPath } from "./layout-path.ts";
import { unlistedReferrers } from "./layout-referrers.ts";
import { tarFiles } from "./layout-tar.ts";
import { MAX_LAYOUT_MANIFEST_BYTES, MAX_LAYOUT_MANIFESTS, MAX_MANIFEST_BYTES } from "./limits.ts";
import { type ImageIndex, parseIndex, statedMediaType } from "./manifest.ts";
import { refuseOtherImages } from "./saved-as-both.ts";

/**
 * Opens an OCI image layout, a folder or a tar (https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md);
 * what `docker save`, `podman save` and BuildKit's docker exporter write, which is one too or has a manifest.json of its
 * own form; a folder of `cosign save`. A tar is read once, whole, and hashed meanwhile.
 *
 * @param path - as the host takes it. A link to a layout is followed for a folder only.
 * @throws TouchmarkError `INPUT_MISSING` when nothing is there; `IMAGE_MALFORMED` for what is no layout, is compressed,
 * leads out of itself, or would be one image for this program and another one for docker; `INPUT_TOO_LARGE`,
 * `LIMIT_EXCEEDED`; those of the host.
 */
export async function openLayout(path: string, host: Host): Promise<ImageLayout> {
  const kind = await host.kind(path);
  const files = kind === "folder" ? await folderFiles(path, host) : await tarFiles(path, host);
  const [index, saved] = [await readIndex(files), await readSaved(files)];
  if (index !== null) {
    const source = sourceOf(files, (digest) => blobPath(digest));
    if (saved === null) await refuseOldestFormat(files);
    else await refuseOtherImages(index, saved, source);
    const entries = entriesOf(index);
    return {
      ...source,
      entries,
      checkContent: (root) => checkReachable(root, files, source),
      referrers: () => unlistedReferrers(files, entries),
    };
  }
  if (saved === null) {
    throw new TouchmarkError("IMAGE_MALFORMED", `${files.label} is no image layout`, {
      expected: "a layout with index.json, or manifest.json of docker save",
      actual: "neither of them",
    });
  }
  return savedLayout(files, saved);
}

async function readIndex(files: LayoutFiles): Promise<ImageIndex | null> {
  const bytes = await files.read("index.json", MAX_MANIFEST_BYTES);
  if (bytes === null) return null;
  const marker = await files.read("oci-layout", MAX_MANIFEST_BYTES);
  if (marker === null) throw malformed(files.label, "an OCI layout, with a file oci-layout", "index.json without it");
  readImageJson(LayoutMarker, marker, `oci-layout of ${files.label}`);
  return parseIndex(bytes, `index.json of ${files.label}`);
}

/** https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md#oci-layout-file */
const LayoutMarker = z.object({ imageLayoutVersion: z.literal("1.0.0") });

async function readSaved(files: LayoutFiles): Promise<readonly SavedImage[] | null> {
  const bytes = await files.read("manifest.json", MAX_MANIFEST_BYTES);
  return bytes === null ? null : parseSavedImages(bytes, files.label);
}

/** Docker reads `repositories`, of docker before 1.10, where there is no manifest.json: images that nobody would see here. */
async function refuseOldestFormat(files: LayoutFiles): Promise<void> {
  const [found] = await files.measure(["repositories"]);
  if (found == null) return;
  throw malformed(
    files.label,
    "an OCI layout, with manifest.json where docker is to load it",
    "repositories without it",
  );
}

function entriesOf(index: ImageIndex): readonly LayoutEntry[] {
  const entries = new Map<string, LayoutEntry>();
  for (const descriptor of index.manifests) {
    const { annotations } = descriptor;
    const role = roleOf(annotations?.["kind"]);
    const { digest, size, mediaType, platform } = descriptor;
    const key = JSON.stringify([role, digest, size, mediaType, platform]);
    const names = [annotations?.["io.containerd.image.name"], annotations?.["org.opencontainers.image.ref.name"]];
    const before = entries.get(key);
    const references = new Set([...(before?.references ?? []), ...names.filter((name) => name !== undefined)]);
    entries.set(key, { descriptor: before?.descriptor ?? descriptor, references: [...references], role });
  }
  return [...entries.values()];
}

/** https://github.com/sigstore/cosign/blob/v3.0.2/pkg/oci/layout/index.go */
function roleOf(kind: string | undefined): LayoutEntry["role"] {
  if (kind === "dev.cosignproject.cosign/sigs") return "signatures";
  return kind === "dev.cosignproject.cosign/atts" ? "attestations" : "image";
}

async function savedLayout(files: LayoutFiles, saved: readonly SavedImage[]): Promise<ImageLayout> {
  const entries = await savedEntries(files, saved);
  const imageOf = (digest: string) => saved[entries.findIndex(({ descriptor }) => descriptor.digest === digest)];
  const source = sourceOf(files, (digest) => imageOf(digest)?.config ?? blobPath(digest));
  return {
    ...source,
    entries,
    manifest: async ({ digest }) => {
      throw new TouchmarkError(
        "IMAGE_MISSING",
        `${files.label} holds no manifest, as saved by docker before version 25`,
        {
          expected: digest,
          actual: "configurations and layers only",
        },
      );
    },
    checkContent: async (root) => {
      const image = imageOf(root.digest);
      if (image !== undefined) return checkSavedLayers(files, image, root);
      return [{ descriptor: root, kind: "missing", actual: null }];
    },
    referrers: async () => [],
  };
}

function sourceOf(files: LayoutFiles, pathOf: (digest: string) => string): ImageSource {
  async function content(wanted: Pick<Descriptor, "digest"> & { readonly size?: number | undefined }, max: number) {
    const bytes = await files.read(pathOf(wanted.digest), max);
    const what = `${wanted.digest} of ${files.label}`;
    if (bytes === null) {
      throw new TouchmarkError("IMAGE_MISSING", `${files.label} does not hold ${wanted.digest}`, {
        expected: pathOf(wanted.digest),
        actual: "no such file",
      });
    }
    checkBytes(bytes, wanted, what);
    return bytes;
  }
  const sum = { manifests: 0, bytes: 0 };
  function count(bytes: number): void {
    sum.manifests += 1;
    sum.bytes += bytes;
    const what = `${files.label}, counting a manifest for each image that names it,`;
    checkCount(sum.manifests, MAX_LAYOUT_MANIFESTS, what);
    checkCount(sum.bytes, MAX_LAYOUT_MANIFEST_BYTES, what);
  }

  return {
    label: files.label,
    manifest: async (wanted) => {
      const bytes = await content(wanted, MAX_MANIFEST_BYTES);
      count(bytes.byteLength);
      const { digest } = wanted;
      return { bytes, mediaType: statedMediaType(bytes, `the manifest ${digest} of ${files.label}`), digest };
    },
    blob: async (descriptor, { max }) => {
      if (descriptor.size > max) {
        throw new TouchmarkError("INPUT_TOO_LARGE", `${descriptor.digest} of ${files.label} is too large to read`, {
          expected: `at most ${max} bytes`,
          actual: `${descriptor.size} bytes`,
        });
      }
      return content(descriptor, max);
    },
  };
}
