import { MAX_METADATA_BYTES, parseJson, type ResourceDescriptor, TouchmarkError } from "@touchmark/core";
import { digestParts, type ImageLayout, openLayout, parseReference, sha256Text } from "@touchmark/oci";
import type { Host } from "@touchmark/plugin";
import type { BuiltImage } from "./built-image.ts";
import { parseDigestFile } from "./digest-file.ts";
import { imagesOf } from "./layout-images.ts";
import { parseMetadata } from "./metadata-json.ts";
import type { BuildxOptions } from "./options.ts";

/** What there is to read: images, where their bytes are, and the file that named them. */
export interface Input {
  readonly images: readonly BuiltImage[];
  /** Null: in the registries. */
  readonly layout: ImageLayout | null;
  /** What the build wrote; nothing where the images were named otherwise. */
  readonly byproducts: readonly ResourceDescriptor[];
}

/** @throws TouchmarkError `INPUT_MISSING`, `INPUT_INVALID`, `CONFIG_INVALID`, those of layouts. */
export async function readInput(host: Host, options: BuildxOptions): Promise<Input> {
  const { metadata, layout, image } = options;
  const only = options.only === undefined ? null : [options.only].flat();
  if (image !== undefined) {
    refuseOnly(only);
    return { images: [pinned(image)], layout: null, byproducts: [] };
  }
  if (metadata === undefined || (await isLayout(host, metadata))) {
    const path = oneLayout(metadata, layout);
    refuseOnly(only);
    const opened = await openLayout(path, host);
    return { images: imagesOf(opened), layout: opened, byproducts: [] };
  }
  const bytes = await readMetadata(host, metadata);
  const name = metadata === "-" ? "standard input" : baseName(metadata);
  const json = isJson(bytes);
  if (!json) refuseOnly(only);
  const images = json
    ? parseMetadata(parseJson(bytes, { what: name, maxBytes: MAX_METADATA_BYTES }), name, only)
    : parseDigestFile(bytes, name);
  return {
    images,
    layout: layout === undefined ? null : await openLayout(layout, host),
    byproducts: [
      {
        name: metadata === "-" ? "build metadata" : name,
        digest: { sha256: digestParts(sha256Text(bytes)).hex },
        mediaType: json ? "application/json" : "text/plain",
      },
    ],
  };
}

function pinned(text: string): BuiltImage {
  const reference = parseReference(text, "the option image");
  if (reference.digest === null) {
    throw new TouchmarkError("CONFIG_INVALID", "the option image has no digest", {
      expected: `${reference.name}@sha256:DIGEST; a tag may point to another image than the one that was built`,
      actual: reference.tag === null ? "neither tag nor digest" : `the tag ${reference.tag}`,
    });
  }
  return { label: reference.name, names: [reference], digest: reference.digest, provenance: [], bare: false };
}

/** A folder, or a tar. */
async function isLayout(host: Host, path: string): Promise<boolean> {
  if (path === "-") return false;
  const kind = await host.kind(path);
  if (kind !== "file") {
    if (kind === "folder") return true;
    throw new TouchmarkError(kind === null ? "INPUT_MISSING" : "FILE_REFUSED", `${path} cannot be read`, {
      expected: "the build's metadata file, a digest file, an image layout, or HOST/REPOSITORY@sha256:DIGEST",
      actual: kind === null ? "nothing" : "a device, a FIFO or a socket",
    });
  }
  for await (const chunk of host.openRead(path)) {
    // POSIX.1-2017, pax: the magic of a tar header stands at offset 257. RFC 1952: 1f 8b starts gzip, which openLayout names.
    return chunk[0] === 0x1f || new TextDecoder("latin1").decode(chunk.subarray(257, 262)) === "ustar";
  }
  return false;
}

function oneLayout(metadata: string | undefined, layout: string | undefined): string {
  if (metadata === undefined || layout === undefined) return metadata ?? layout ?? "";
  throw new TouchmarkError("CONFIG_INVALID", "buildx is given two layouts", {
    expected: "the build's metadata file with `layout`, or one layout",
    actual: `${metadata} and ${layout}`,
  });
}

function refuseOnly(only: readonly string[] | null): void {
  if (only === null) return;
  throw new TouchmarkError("CONFIG_INVALID", "`only` chooses targets of a bake file, and this is none", {
    expected: "`only` with the metadata of docker buildx bake",
    actual: only.slice(0, 20).join(", "),
  });
}

async function readMetadata(host: Host, path: string): Promise<Uint8Array> {
  const limit = { max: MAX_METADATA_BYTES };
  return path === "-" ? host.readStdin(limit) : host.readBytes(path, limit);
}

/** By the first character that is no white space; neither a digest nor a reference starts with a brace or bracket. */
function isJson(bytes: Uint8Array): boolean {
  const first = bytes.find((byte) => byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d);
  return first === 0x7b || first === 0x5b;
}

function baseName(path: string): string {
  return path.replace(/[/\\]+$/, "").replace(/^.*[/\\]/s, "");
}
