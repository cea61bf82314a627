import type { DigestAlgorithm, DigestSet } from "@touchmark/core";
import { imagePurl } from "@touchmark/oci";
import type { Artifact, FileArtifact, ImageArtifact, TreeArtifact } from "../src/artifact.ts";
import type { Evidence } from "../src/evidence.ts";
import { examine } from "../src/examine.ts";
import { pieceOf, sha256, sha512, signed, type TestKey, type TestStatement } from "./signed-bundles.ts";

/** A file of a folder target whose bytes are `content`. */
export function file(name: string, content: string, options: Partial<FileArtifact> = {}): FileArtifact {
  const digests = { sha256: sha256(content), sha512: sha512(content) };
  return { kind: "file", name, place: "folder", digests, identify: null, ...options };
}

/** A tarball that says which package it is. */
export function tarball(name: string, content: string, purl: string | null): FileArtifact {
  return file(name, content, { identify: async () => purl });
}

export function digest(hex: string, algorithm: DigestAlgorithm = "sha256"): Artifact {
  return { kind: "digest", name: `${algorithm}:${hex}`, algorithm, hex };
}

export const REPOSITORY = "ghcr.io/octo/app";

/** An image whose manifest is `content`, read. */
export function image(content: string, options: Partial<ImageArtifact> = {}): ImageArtifact {
  const digests = { sha256: sha256(content), sha512: sha512(content) };
  const repository = options.repository === undefined ? REPOSITORY : options.repository;
  const name = `${repository ?? "layout"}@sha256:${digests.sha256}`;
  return {
    kind: "image",
    name,
    repository,
    layout: null,
    digests,
    platform: null,
    obstacle: null,
    gaps: [],
    ...options,
  };
}

/** The purl of an image whose manifest is `content`. */
export function purlOf(content: string, platform: string | null = null, repository = REPOSITORY): string {
  return imagePurl({ name: repository, digest: `sha256:${sha256(content)}`, platform });
}

/** A folder whose NAR is `content`. */
export function tree(name: string, content: string, digests: DigestSet = {}): TreeArtifact {
  return { kind: "tree", name, digests: { narSha256: sha256(content), ...digests } };
}

/** A subject with the digests of `content`. */
export function subject(name: string | undefined, content: string): Record<string, unknown> {
  return { ...(name === undefined ? {} : { name }), digest: { sha256: sha256(content) } };
}

/** Evidence signed by `signer` and examined by somebody who trusts `trusted`. */
export function evidence(name: string, signer: TestKey, trusted: TestKey, statement: TestStatement): Evidence {
  return examine(name, pieceOf(signed(signer, statement)), { trust: [trusted.trust] });
}
