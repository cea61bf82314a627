import { boundedArray, encodeJson, issueText, isTouchmarkError, parseJson, TouchmarkError } from "@touchmark/core";
import * as z from "zod";

/** `MANIFEST.json`: the largest kit has 100,000 files. Unit: bytes. */
export const MAX_KIT_MANIFEST_BYTES = 64 * 1024 * 1024;

/** Files, and targets, of one kit. Unit: files. */
const MAX_KIT_FILES = 100_000;

export const KIT_MANIFEST = "MANIFEST.json";
const SCHEMA = "https://touchmark.dev/schema/kit-v1.json";

const KitTarget = z.strictObject({
  kind: z
    .enum(["release", "image", "files"])
    .describe("a release or package elsewhere, an image, or files of the machine that fetched"),
  name: z.string().min(1).max(4_096).describe("the target, as it was fetched"),
  place: z
    .string()
    .regex(/^(?:artifacts|images)\/[1-9]\d{0,5}$/)
    .describe("the folder in which it lies; an image as an OCI layout"),
});

const KitFile = z.strictObject({
  path: z.string().min(1).max(4_096).describe("in the kit, with forward slashes"),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  size: z.int().min(0).describe("in bytes"),
  from: z.string().max(8_192).describe("where it came from; nobody vouches for it"),
});

const head = {
  schema: z.literal(SCHEMA),
  made: z.iso.datetime().describe("when it was fetched, in UTC"),
};

/** What a kit holds. It only says where things are: nothing in it makes anything hold. */
const KitManifest = z.strictObject({
  ...head,
  targets: boundedArray(KitTarget, MAX_KIT_FILES, 1),
  files: boundedArray(KitFile, MAX_KIT_FILES),
});
export type KitManifest = z.output<typeof KitManifest>;
export type KitTarget = z.output<typeof KitTarget>;
export type KitFile = z.output<typeof KitFile>;

/** The same for those who describe it, with arrays that a JSON Schema can say. */
export const KitManifestShape = z.strictObject({
  ...head,
  targets: z.array(KitTarget).min(1).max(MAX_KIT_FILES),
  files: z.array(KitFile).max(MAX_KIT_FILES).describe("every file of the kit but this one, sorted by path"),
});

/** The one form of these bytes. */
export function encodeKitManifest(manifest: Omit<KitManifest, "schema">): Uint8Array {
  const files = [...manifest.files].sort((left, right) => (left.path < right.path ? -1 : 1));
  const line = encodeJson(KitManifest.parse({ schema: SCHEMA, ...manifest, files }));
  return new Uint8Array([...line, 0x0a]);
}

/** @throws TouchmarkError `KIT_ALTERED` for what `touchmark fetch` does not write. */
export function parseKitManifest(bytes: Uint8Array): KitManifest {
  try {
    const json = parseJson(bytes, { what: KIT_MANIFEST, maxBytes: MAX_KIT_MANIFEST_BYTES });
    const result = KitManifest.safeParse(json);
    if (result.success) return result.data;
    throw altered(
      `${KIT_MANIFEST} is not what touchmark fetch writes`,
      "a list of a kit, version 1",
      issueText(result.error),
    );
  } catch (error) {
    if (!isTouchmarkError(error) || error.code === "KIT_ALTERED") throw error;
    throw altered(`${KIT_MANIFEST} cannot be read`, "JSON", error.message);
  }
}

export function altered(message: string, expected: string, actual: string): TouchmarkError {
  return new TouchmarkError("KIT_ALTERED", message, { expected, actual: actual.slice(0, 500) });
}
