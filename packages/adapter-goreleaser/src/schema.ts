import { MAX_NAME_LENGTH, MAX_SUBJECTS } from "@touchmark/core";
import * as z from "zod";

/** One entry of artifacts.json, GoReleaser 2: internal/artifact/artifact.go, `type Artifact`. Only what we use. */
export type Artifact = z.infer<typeof Artifact>;
const Artifact = z.object({
  name: z.string().min(1).max(MAX_NAME_LENGTH),
  /** Relative to the folder in which GoReleaser ran, not to dist; of an image, its reference. */
  path: z.string().min(1).max(MAX_NAME_LENGTH),
  /** The number beside it, `internal_type`, is a Go iota that shifts between versions and is never used. */
  type: z.string().min(1).max(128),
  extra: z
    .object({
      Builder: z.string().optional(),
      Checksum: z.string().max(256).optional(),
      ChecksumOf: z.string().min(1).max(MAX_NAME_LENGTH).optional(),
      Digest: z.string().max(256).optional(),
      Format: z.string().max(64).optional(),
    })
    .optional(),
});

export const ArtifactsJson = z.array(Artifact).max(MAX_SUBJECTS * 4);

/** metadata.json: internal/pipe/metadata/metadata.go. `none` is what GoReleaser writes without a repository. */
export type Metadata = z.infer<typeof Metadata>;
export const Metadata = z.object({
  project_name: z.string().max(256),
  // git-check-ref-format: what may stand in a tag; it ends up in a URI.
  tag: z.string().regex(/^[^\p{Cc}\s~^:?*[\\@]{0,256}$/u),
  previous_tag: z.string().max(1024).optional(),
  version: z.string().min(1).max(256),
  commit: z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64}|none|)$/),
});

/** A glob whose matches are uploaded or listed although no pipe made them: `type ExtraFile` in pkg/config/config.go. */
export type ExtraFileRule = z.infer<typeof ExtraFileRule>;
const ExtraFileRule = z.object({
  glob: z.string().max(4096).optional(),
  name_template: z.string().max(1024).optional(),
});

const Repository = z.object({ owner: z.string().max(512).optional(), name: z.string().max(512).optional() });
const Urls = z.object({ download: z.string().max(1024).optional() });

/** config.yaml, the effective configuration with defaults filled in: `type Project` in pkg/config/config.go. */
export type Config = z.infer<typeof Config>;
export const Config = z.object({
  dist: z.string().min(1).max(MAX_NAME_LENGTH),
  release: z
    .object({
      github: Repository.optional(),
      gitlab: Repository.optional(),
      gitea: Repository.optional(),
      disable: z.union([z.string(), z.boolean()]).optional(),
      extra_files: z.array(ExtraFileRule).max(10_000).optional(),
      include_meta: z.boolean().optional(),
    })
    .optional(),
  checksum: z
    .object({
      algorithm: z.string().max(64).optional(),
      ids: z.array(z.string()).optional(),
      extra_files: z.array(ExtraFileRule).max(10_000).optional(),
    })
    .optional(),
  docker_digest: z.object({ name_template: z.string().max(1024).optional() }).optional(),
  github_urls: Urls.optional(),
  gitlab_urls: Urls.optional(),
  gitea_urls: Urls.optional(),
});
