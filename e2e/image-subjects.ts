import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runPeer } from "./peer-process.ts";
import { type Registry, type RegistryKind, startRegistry } from "./servers/registry.ts";

/** A two-platform image in a registry. */
export interface PushedImage {
  /** `127.0.0.1:PORT/octo/app`. */
  readonly name: string;
  /** Of the index, then of its manifests. */
  readonly digests: readonly string[];
}

/** Pushes an image for two platforms with crane. */
export async function pushImage(name: string, folder: string): Promise<PushedImage> {
  const crane = (...args: string[]) => runPeer("crane", args, { cwd: folder });
  const manifests: string[] = [];
  // Two empty blocks end a tar archive: this one has no entry.
  await writeFile(join(folder, "layer.tar"), Buffer.alloc(1024));
  for (const architecture of ["amd64", "arm64"]) {
    const tag = `${name}:${architecture}`;
    await crane("append", "--oci-empty-base", "--new_layer", "layer.tar", "--new_tag", tag);
    manifests.push(await crane("mutate", tag, "--set-platform", `linux/${architecture}`, "--tag", tag));
  }
  const index = await crane(
    ...["index", "append", "--tag", `${name}:1.0.0`],
    ...manifests.flatMap((manifest) => ["--manifest", manifest]),
  );
  return { name, digests: [index, ...manifests].map((reference) => reference.replace(/^.*@/, "")) };
}

/** A subjects file as a build job in any language would write it, for `attest --subjects`. */
export async function writeSubjects(file: string, images: readonly PushedImage[]): Promise<void> {
  const subjects = images.flatMap(({ name, digests }) =>
    digests.map((digest, index) => {
      const purl = (query: string) =>
        `pkg:oci/app@${encodeURIComponent(digest)}?${query}repository_url=${encodeURIComponent(name)}`;
      const platform = `platform=${encodeURIComponent(`linux/${index === 1 ? "amd64" : "arm64"}`)}&`;
      return {
        name: index === 0 ? name : purl(platform),
        digest: { sha256: digest.slice("sha256:".length) },
        ...(index === 0 ? { uri: purl("") } : {}),
      };
    }),
  );
  const content = { subjects, resolvedDependencies: [], byproducts: [] };
  const sha256 = createHash("sha256").update(JSON.stringify(content)).digest("hex");
  const part = { artifact: "image", part: null, origin: null, checkouts: [], outputs: { sha256 } };
  await writeFile(file, JSON.stringify({ type: "https://touchmark.dev/subjects/v1", parts: [part], ...content }));
}

/**
 * Starts a registry with a two-platform image in it.
 *
 * @param subjects - the subjects file about the image that is written, relative to `folder`.
 */
export async function startWithImage(
  kind: RegistryKind,
  folder: string,
  { name, subjects }: { readonly name: string; readonly subjects: string },
): Promise<{ readonly registry: Registry; readonly image: PushedImage }> {
  const registry = await startRegistry(kind, join(folder, name));
  const image = await pushImage(`${registry.host}/octo/app`, folder);
  await writeSubjects(join(folder, subjects), [image]);
  return { registry, image };
}
