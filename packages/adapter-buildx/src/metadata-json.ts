import { TouchmarkError } from "@touchmark/core";
import { isBuild, parseBuild } from "./build-metadata.ts";
import type { BuiltImage } from "./built-image.ts";
import { isJibImage, parseJibImage } from "./jib-image.ts";
import { MAX_IMAGES } from "./limits.ts";

type JsonObject = Readonly<Record<string, unknown>>;

/** Of a bake file: https://docs.docker.com/build/bake/reference/#target */
const TARGET_NAME = /^[A-Za-z0-9_-]+$/;

/**
 * Reads JSON that a build wrote about its images, recognised by what is in it: the metadata of one build, of all targets
 * of a bake file, or jib-image.json.
 *
 * @param label - the file's name, for messages.
 * @param only - bake targets to take; null takes all.
 * @throws TouchmarkError `INPUT_INVALID` for anything else, and for a build or a target that made no image, which is
 * named; `ARTIFACT_MISSING` for a target that is not there; `DIGEST_MISMATCH`; `LIMIT_EXCEEDED`.
 */
export function parseMetadata(json: unknown, label: string, only: readonly string[] | null): readonly BuiltImage[] {
  if (!isObject(json)) throw unknown(label, Array.isArray(json) ? "an array" : `${typeof json}, not an object`);
  if (isBuild(json) || isJibImage(json)) {
    if (only !== null) {
      throw new TouchmarkError("INPUT_INVALID", `${label} has no targets to choose from`, {
        expected: "`only` with the metadata of docker buildx bake",
        actual: "the metadata of one build",
      });
    }
    return isBuild(json)
      ? [parseBuild(json, label, "collect files with --from files:PATTERN instead")]
      : [parseJibImage(json, label)];
  }
  return parseTargets(json, label, only);
}

function parseTargets(json: JsonObject, label: string, only: readonly string[] | null): readonly BuiltImage[] {
  refuseOtherDocuments(json, label);
  // Keys with a dot are not targets: buildx.build.warnings, depot.build.
  const targets = Object.entries(json).filter(([key]) => !key.includes("."));
  const strange = targets.find(([key, value]) => !TARGET_NAME.test(key) || !isObject(value));
  if (strange !== undefined) throw unknown(label, `something else under ${JSON.stringify(strange[0].slice(0, 80))}`);
  if (targets.length === 0) throw unknown(label, "nothing");
  if (targets.length > MAX_IMAGES) {
    throw new TouchmarkError("LIMIT_EXCEEDED", `${label} has too many targets`, {
      expected: `at most ${MAX_IMAGES}`,
      actual: String(targets.length),
    });
  }
  const missing = only?.filter((name) => !targets.some(([target]) => target === name)) ?? [];
  if (missing.length > 0) {
    throw new TouchmarkError("ARTIFACT_MISSING", `${label} has no target ${missing.join(", ")}`, {
      expected: only?.join(", ") ?? null,
      actual: targets
        .map(([name]) => name)
        .slice(0, 20)
        .join(", "),
    });
  }
  return targets
    .filter(([name]) => only?.includes(name) ?? true)
    .map(([name, build]) =>
      parseBuild(build as JsonObject, `${label}, target ${name}`, "or choose other targets with `only`"),
    );
}

/** Documents that people hand in by mistake, with what to hand in instead. */
function refuseOtherDocuments(json: JsonObject, label: string): void {
  if (Object.hasOwn(json, "_type")) throw unknown(label, "an in-toto statement, such as provenance.json of type=local");
  if (Object.hasOwn(json, "manifest") && Object.hasOwn(json, "name")) {
    throw unknown(label, "what imagetools inspect says of a tag, which may have moved since the build");
  }
  if (Object.hasOwn(json, "schemaVersion")) throw unknown(label, "a manifest, without the repository it is in");
}

function unknown(label: string, actual: string): TouchmarkError {
  return new TouchmarkError("INPUT_INVALID", `${label} is not what a build writes about its images`, {
    expected:
      "--metadata-file of docker buildx build, bake, imagetools create or buildctl, a digest file of ko, kaniko, jib or buildah, or an image layout",
    actual,
  });
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
