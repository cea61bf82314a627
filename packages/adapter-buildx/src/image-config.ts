import { issueText, parseJson, TouchmarkError } from "@touchmark/core";
import {
  type Descriptor,
  DOCKER_CONFIG,
  type ImageSource,
  OCI_CONFIG,
  parseAnyManifest,
  platformText,
} from "@touchmark/oci";
import * as z from "zod";
import type { BuiltImage } from "./built-image.ts";
import { MAX_CONFIG_BYTES } from "./limits.ts";

/** https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md#properties */
const Config = z.object({
  os: z.string().max(64).optional(),
  architecture: z.string().max(64).optional(),
  variant: z.string().max(64).optional(),
});

/**
 * Compares the configuration of an image that is a single manifest with what its tool said of it.
 *
 * @param root - of the manifest.
 * @returns its platform; null for an artifact that no runtime takes, and where the configuration does not say.
 * @throws TouchmarkError `DIGEST_MISMATCH`, `IMAGE_MALFORMED`, `IMAGE_MISSING`, `INPUT_TOO_LARGE`.
 */
export async function readConfig(source: ImageSource, root: Descriptor, built: BuiltImage): Promise<string | null> {
  const manifest = parseAnyManifest(await source.manifest(root));
  if (manifest.kind === "index") return null;
  const { config } = manifest;
  if (built.configDigest !== undefined && built.configDigest !== config.digest) {
    throw new TouchmarkError("DIGEST_MISMATCH", `${built.label} names another configuration than its image has`, {
      expected: built.configDigest,
      actual: config.digest,
    });
  }
  if (config.mediaType !== OCI_CONFIG && config.mediaType !== DOCKER_CONFIG) return null;
  const what = `the configuration ${config.digest} of ${source.label}`;
  const bytes = await source.blob(config, { max: MAX_CONFIG_BYTES });
  const parsed = Config.safeParse(parseJson(bytes, { what, maxBytes: MAX_CONFIG_BYTES }));
  if (!parsed.success) {
    throw new TouchmarkError("IMAGE_MALFORMED", `${what} is none`, {
      expected: "os and architecture as the OCI image specification has them",
      actual: issueText(parsed.error),
      cause: parsed.error,
    });
  }
  const { os = "", architecture = "", variant } = parsed.data;
  return os === "" || architecture === "" ? null : platformText({ os, architecture, variant });
}
