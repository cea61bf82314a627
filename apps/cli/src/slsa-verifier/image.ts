import { type Bundle, isTouchmarkError, parseBundleFile, type TouchmarkError } from "@touchmark/core";
import { bundlesInLayout } from "@touchmark/engine";
import { parseReference } from "@touchmark/oci";
import type { Context } from "../context.ts";
import { hostFor } from "../host-for.ts";
import type { Typed } from "./parse-flags.ts";
import { UsageError } from "./usage-error.ts";

/** The SHA-256 of `NAME@sha256:HEX`. @throws UsageError for an image that could be another one tomorrow. */
export function imageDigest(reference: string): string {
  const [, hex] = /^[^@]+@sha256:([0-9a-f]{64})$/.exec(reference) ?? [];
  if (hex !== undefined) return hex;
  throw new UsageError(`the image is mutable: ${JSON.stringify(reference)}. Use NAME@sha256:<hex> (ErrorMutableImage)`);
}

/** What cosign attached to the image: in the layout that `--image-layout` names, else in its registry. */
export async function imageBundles(
  context: Context,
  reference: string,
  flags: Typed,
): Promise<readonly (Bundle | TouchmarkError)[]> {
  const layout = flags.text("image-layout");
  const texts = layout === null ? await inRegistry(context, reference, flags) : await inLayout(context, layout);
  return texts.flatMap((bytes) => {
    try {
      return parseBundleFile(bytes).map(({ bundle }) => bundle);
    } catch (error) {
      if (isTouchmarkError(error)) return [error];
      throw error;
    }
  });
}

async function inLayout(context: Context, layout: string): Promise<readonly Uint8Array[]> {
  const host = hostFor(context, { roots: [layout] });
  try {
    return await bundlesInLayout(layout, host);
  } finally {
    await host.close();
  }
}

async function inRegistry(context: Context, reference: string, flags: Typed): Promise<readonly Uint8Array[]> {
  const image = parseReference(reference, "the image");
  const repository = flags.text("provenance-repository");
  const { name, registry } = repository === null ? image : parseReference(repository, "the provenance repository");
  const { ociFetcher } = await import("../builtin-services.ts");
  const host = hostFor(context, { network: { kind: "registries", hosts: [registry] } });
  try {
    const bundles: Uint8Array[] = [];
    const digest = `sha256:${imageDigest(reference)}`;
    for await (const { bytes } of ociFetcher().fetch({ repository: name, digest }, host)) bundles.push(bytes);
    return bundles;
  } finally {
    await host.close();
  }
}
