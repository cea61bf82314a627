import { posix } from "node:path";
import { compareText, parseChecksumText, parseDigest, type Subject, TouchmarkError } from "@touchmark/core";
import { imagePurl, parseReference } from "@touchmark/oci";
import type { Host, HostFile } from "@touchmark/plugin";
import type { Dist } from "./dist-folder.ts";
import { fileOrNull } from "./extra-files.ts";
import { MAX_CONFIG_BYTES } from "./limits.ts";
import type { Artifact } from "./schema.ts";
import { fillTemplate } from "./template.ts";

/**
 * Subjects of published images: the repository without tag, and the digest of what was pushed. `declared`, because the
 * bytes are in a registry. One image under several tags is one subject.
 *
 * A `Docker Image` without any `extra.Digest` is what `dockers:` built locally: when GoReleaser pushes it, it adds a
 * `Published Docker Image` of the same name. It was not pushed by GoReleaser and is no subject.
 *
 * @throws TouchmarkError `INPUT_INVALID` for a published image without a digest, which GoReleaser writes when the registry
 * did not tell it; `DIGEST_MISMATCH` when the name itself has another digest.
 */
export function imageSubjects(artifacts: readonly Artifact[]): readonly Subject[] {
  const tagsByImage = new Map<string, { name: string; hex: string; tags: Set<string> }>();
  for (const artifact of artifacts) {
    if (artifact.type === "Docker Image" && artifact.extra?.Digest === undefined) continue;
    const hex = digestOf(artifact);
    const { name, tag, digest } = parseReference(artifact.name, "an image of artifacts.json");
    if (digest !== null && digest !== `sha256:${hex}`)
      throw imageMismatch(artifact.name, "artifacts.json", `sha256:${hex}`, digest);
    const key = `${name}@${hex}`;
    const image = tagsByImage.get(key) ?? { name, hex, tags: new Set() };
    if (tag !== null) image.tags.add(tag);
    tagsByImage.set(key, image);
  }
  return [...tagsByImage.values()].map(({ name, hex, tags }) => ({
    name,
    digest: { sha256: hex },
    uri: imagePurl({ name, digest: `sha256:${hex}` }),
    ...(tags.size === 0 ? {} : { annotations: { "goreleaser.tags": [...tags].sort(compareText) } }),
    declared: true,
  }));
}

/**
 * Compares digests.txt, where there is one, with artifacts.json.
 *
 * @returns the file, for the byproducts; null where there is none.
 * @throws TouchmarkError `INPUT_INVALID` for a line without a digest (GoReleaser writes those when it does not know it) or
 * an image that artifacts.json does not have; `DIGEST_MISMATCH`.
 */
export async function checkDigestsFile(host: Host, dist: Dist, images: readonly Artifact[]): Promise<HostFile | null> {
  const name = fillTemplate(dist.config.docker_digest?.name_template ?? "digests.txt", dist.metadata);
  const file = name === null ? null : await fileOrNull(host, posix.join(dist.layout.folder, name));
  if (file === null) return null;
  for (const entry of parseChecksumText(await host.readBytes(file.path, { max: MAX_CONFIG_BYTES }), file.name)) {
    const named = images.filter((image) => image.name === entry.name);
    if (named.length === 0) {
      throw new TouchmarkError(
        "INPUT_INVALID",
        `${file.name} names ${JSON.stringify(entry.name ?? "")}, which artifacts.json does not`,
        {
          expected: "only images of artifacts.json",
          actual: `line ${entry.line}`,
        },
      );
    }
    const digests = named.flatMap((image) => image.extra?.Digest ?? []);
    if (digests.includes(`sha256:${entry.hex}`)) continue;
    throw imageMismatch(entry.name ?? "", file.name, digests.join(" or ") || "no digest", `sha256:${entry.hex}`);
  }
  return file;
}

function imageMismatch(name: string, where: string, expected: string, actual: string): TouchmarkError {
  return new TouchmarkError("DIGEST_MISMATCH", `the image "${name}" has two digests, one in ${where}`, {
    expected,
    actual,
  });
}

function digestOf({ name, extra }: Artifact): string {
  const { algorithm, hex } = parseDigest(extra?.Digest ?? "", `the digest of the image "${name}"`);
  if (algorithm === "sha256") return hex;
  throw new TouchmarkError("INPUT_INVALID", `the image "${name}" has a ${algorithm} digest`, {
    expected: "sha256, which names a manifest in a registry",
    actual: algorithm,
  });
}
