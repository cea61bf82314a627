import { issueText, TouchmarkError } from "@touchmark/core";
import { parseDigestText, parseReference, referenceText } from "@touchmark/oci";
import * as z from "zod";
import type { BuiltImage } from "./built-image.ts";
import { MAX_IMAGES } from "./limits.ts";

/** `jib-image.json`: ImageMetadataOutput.java in GoogleContainerTools/jib. */
const JibImage = z.object({
  /** With or without a tag. */
  image: z.string().min(1).max(1024),
  /** Of the configuration; of a manifest list, its own digest. */
  imageId: z.string().max(1024),
  imageDigest: z.string().max(1024),
  tags: z.array(z.string().min(1).max(128)).max(MAX_IMAGES),
});

export function isJibImage(json: Readonly<Record<string, unknown>>): boolean {
  return Object.hasOwn(json, "imageDigest") && Object.hasOwn(json, "imageId");
}

/** @throws TouchmarkError `INPUT_INVALID`. */
export function parseJibImage(json: unknown, label: string): BuiltImage {
  const parsed = JibImage.safeParse(json);
  if (!parsed.success) {
    throw new TouchmarkError("INPUT_INVALID", `${label} is not what jib writes`, {
      expected: "image, imageId, imageDigest and tags",
      actual: issueText(parsed.error),
      cause: parsed.error,
    });
  }
  const { image, imageId, imageDigest, tags } = parsed.data;
  const base = parseReference(image, `the image of ${label}`);
  const digest = parseDigestText(imageDigest, `imageDigest of ${label}`);
  const config = parseDigestText(imageId, `imageId of ${label}`);
  const tagged = tags.map((tag) =>
    parseReference(referenceText({ name: base.name, tag, digest: null }), `a tag of ${label}`),
  );
  return {
    label,
    names: [...(base.tag === null && tagged.length > 0 ? [] : [base]), ...tagged],
    digest,
    ...(config === digest ? {} : { configDigest: config }),
    provenance: [],
    bare: false,
  };
}
