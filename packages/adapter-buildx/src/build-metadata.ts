import { issueText, TouchmarkError } from "@touchmark/core";
import { Descriptor, parseDigestText, parseReference } from "@touchmark/oci";
import * as z from "zod";
import type { BuiltImage } from "./built-image.ts";
import { MAX_IMAGES } from "./limits.ts";

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * What `--metadata-file` of buildx, buildctl and `imagetools create` holds for one build. Absent keys:
 * `containerimage.digest` for outputs that are no image, and of `imagetools create`, which writes the descriptor only;
 * `image.name` without a tag. Source: exporter/containerimage/exptypes/types.go in moby/buildkit.
 */
const Build = z.object({
  "containerimage.digest": z.string().max(1024).optional(),
  "containerimage.descriptor": Descriptor.optional(),
  "containerimage.config.digest": z.string().max(1024).optional(),
  "image.name": z
    .string()
    .max(1024 * 1024)
    .optional(),
});

const PROVENANCE = /^buildx\.build\.provenance(?:\/|$)/;

/** True for the object of one build, with or without an image. */
export function isBuild(json: JsonObject): boolean {
  return Object.keys(json).some((key) => /^(?:containerimage\.|image\.name$|buildx\.build\.ref$)/.test(key));
}

/**
 * Reads the metadata of one build.
 *
 * @param label - for messages.
 * @param remedy - what else the user can do about a build without an image.
 * @throws TouchmarkError `INPUT_INVALID` for a build without an image, and for the id that a docker engine gives to one
 * that it only keeps to itself; `DIGEST_MISMATCH` when the metadata has two digests for it.
 */
export function parseBuild(json: JsonObject, label: string, remedy: string): BuiltImage {
  const parsed = Build.safeParse(json);
  if (!parsed.success) {
    throw new TouchmarkError("INPUT_INVALID", `${label} is not what a build writes`, {
      expected: "containerimage.digest, containerimage.descriptor, image.name as buildx writes them",
      actual: issueText(parsed.error),
      cause: parsed.error,
    });
  }
  const build = parsed.data;
  const descriptor = build["containerimage.descriptor"];
  const written = build["containerimage.digest"] ?? descriptor?.digest;
  if (written === undefined) throw noImage(label, remedy);
  const digest = parseDigestText(written, `containerimage.digest of ${label}`);
  if (descriptor !== undefined && descriptor.digest !== digest) {
    throw new TouchmarkError("DIGEST_MISMATCH", `${label} has two digests for one image`, {
      expected: `${digest}, in containerimage.digest`,
      actual: `${descriptor.digest}, in containerimage.descriptor`,
    });
  }
  const config = build["containerimage.config.digest"];
  const configDigest = config === undefined ? {} : { configDigest: parseDigestText(config, `the config of ${label}`) };
  if (configDigest.configDigest === digest) throw engineId(label);
  return {
    label,
    names: namesOf(build["image.name"], label),
    digest,
    ...(descriptor === undefined ? {} : { size: descriptor.size, mediaType: descriptor.mediaType }),
    ...configDigest,
    provenance: Object.entries(json).flatMap(([key, value]) => (PROVENANCE.test(key) ? [value] : [])),
    bare: false,
  };
}

/** All tags and repositories that were asked for, joined by commas. */
function namesOf(text: string | undefined, label: string): BuiltImage["names"] {
  const names = text === undefined || text === "" ? [] : text.split(",");
  if (names.length <= MAX_IMAGES) return names.map((name) => parseReference(name, `image.name of ${label}`));
  throw new TouchmarkError("LIMIT_EXCEEDED", `${label} has too many names`, {
    expected: `at most ${MAX_IMAGES}`,
    actual: String(names.length),
  });
}

function noImage(label: string, remedy: string): TouchmarkError {
  return new TouchmarkError("INPUT_INVALID", `${label}: this build made no image`, {
    expected: `containerimage.digest, which --output type=registry, image, oci and docker write; ${remedy}`,
    actual: "no digest, as with --output type=local and tar, with no output, or when it failed",
  });
}

/** What docker's own builder writes without its containerd image store. */
function engineId(label: string): TouchmarkError {
  return new TouchmarkError("INPUT_INVALID", `${label} has no digest that a registry knows`, {
    expected: "the digest of a manifest: build with --push, or with --output type=oci,dest=image.tar",
    actual: "the id that the docker engine gives to an image of its own, a configuration's digest",
  });
}
