import { TouchmarkError } from "@touchmark/core";
import * as z from "zod";
import { isImageDigest } from "./image-digest.ts";

/** https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md, `platform`. */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string | undefined;
  readonly "os.version"?: string | undefined;
}

/** A pointer to content: https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md */
export interface Descriptor {
  readonly mediaType: string;
  /** `sha256:<hex>` or `sha512:<hex>`, lowercase. */
  readonly digest: string;
  /** Unit: bytes. */
  readonly size: number;
  readonly artifactType?: string | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
  readonly platform?: Platform | undefined;
  /** Other places for the content; says only that a foreign layer may be absent here. They are never asked. */
  readonly urls?: readonly string[] | undefined;
}

/** Letters, digits and signs of GOOS and GOARCH values; empty where a tool knew nothing. */
const PlatformPart = z.string().regex(/^[\w.+-]{0,64}$/, "a platform has letters, digits, dots, dashes");

const Platform: z.ZodType<Platform> = z.object({
  os: PlatformPart,
  architecture: PlatformPart,
  variant: PlatformPart.optional(),
  "os.version": PlatformPart.optional(),
});

/** RFC 6838, section 4.2, with room for parameters. */
export const MediaType = z.string().regex(/^[\w!#$&^.+-]{1,127}\/[\w!#$&^.+-]{1,127}$/, "not a media type");

export const Annotations = z.record(z.string(), z.string());

/** As it stands in an index or a manifest; unknown members are left out. */
export const Descriptor: z.ZodType<Descriptor> = z.object({
  mediaType: MediaType,
  digest: z.string().refine(isImageDigest, "the digest is not sha256:<64 hex> or sha512:<128 hex>, in lowercase"),
  size: z.int().nonnegative(),
  artifactType: z.string().max(255).optional(),
  annotations: Annotations.optional(),
  platform: Platform.optional(),
  urls: z.array(z.string()).optional(),
});

/** `unknown/unknown`, which BuildKit gives to attestation manifests so that no runtime takes them. */
export function isUnknownPlatform(platform: Platform): boolean {
  return platform.os === "unknown" && platform.architecture === "unknown";
}

/**
 * `linux/amd64`, `linux/arm/v7`.
 *
 * @throws TouchmarkError `INPUT_INVALID` for a platform without os or architecture.
 */
export function platformText({ os, architecture, variant }: Platform): string {
  if (os === "" || architecture === "") {
    throw new TouchmarkError("INPUT_INVALID", "a platform lacks its os or architecture", {
      expected: "such as linux/amd64",
      actual: `${os}/${architecture}`,
    });
  }
  return variant === undefined || variant === "" ? `${os}/${architecture}` : `${os}/${architecture}/${variant}`;
}
