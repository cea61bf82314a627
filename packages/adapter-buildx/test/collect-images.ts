import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BuildOutput } from "@touchmark/core";
import type { Descriptor } from "@touchmark/oci";
import { collectIn as collectFrom, type TestHostOptions } from "@touchmark/testkit";
import { buildx } from "../src/buildx.ts";
import { ImageContent, metadataOf } from "./image-content.ts";

/** Digests in the fixture `two-platforms`: the index, and its two manifests. */
export const GREET = "22773817e4c3a99471e02a34393cb7639b3c8e0c2c780a87d5ad87da8df23a91";
export const AMD64 = "71aa18d4b2a6daac7c78eb9d8c220652ca17882cf42cb6549b4e70d68e24ecbb";
export const ARM64 = "2516c063f9484235084eb8abfe70be5bda24fda888e591027998b6b08abc02a0";

export const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));

/** What the adapter finds in a copy of a fixture, or in a folder that is filled; null is an error here. */
export async function collectIn(
  from: string | ((folder: string) => Promise<unknown>),
  options: Readonly<Record<string, unknown>>,
  host: TestHostOptions = {},
): Promise<BuildOutput> {
  const fill = async (folder: string) => {
    if (typeof from === "string") await cp(fixture(from), folder, { recursive: true });
    else await from(folder);
  };
  const output = await collectFrom(buildx, fill, options, host);
  if (output === null) throw new Error("collected nothing");
  return output;
}

/** Options for metadata with a layout beside it. */
export const beside = { metadata: "metadata.json", layout: "layout" };

/** An image made by hand, in a layout, with metadata that names it. */
export function made(
  make: (content: ImageContent) => Descriptor,
  options: Readonly<Record<string, unknown>> = {},
  name: string | null = "ghcr.io/octo/app:1",
) {
  return collectIn(
    async (folder) => {
      const content = new ImageContent();
      const root = make(content);
      for (const [path, bytes] of content.layoutFiles([root])) {
        const file = join(folder, "layout", path);
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, bytes);
      }
      await writeFile(join(folder, "metadata.json"), JSON.stringify(metadataOf(root, name)));
    },
    { ...beside, ...options },
  );
}

type JsonObject = Readonly<Record<string, unknown>>;

/** Changes a file of JSON. */
export async function edit(path: string, change: (json: JsonObject) => JsonObject): Promise<void> {
  await writeFile(path, JSON.stringify(change(JSON.parse(await readFile(path, "utf8")) as JsonObject)));
}

/** Metadata with another descriptor. */
export function withDescriptor(json: JsonObject, members: object): JsonObject {
  return { ...json, "containerimage.descriptor": { ...(json["containerimage.descriptor"] as object), ...members } };
}
