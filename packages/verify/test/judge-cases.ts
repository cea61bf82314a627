import type { Artifact, FileArtifact } from "../src/artifact.ts";
import { type Evidence, examine } from "../src/evidence.ts";
import { sha256, sha512, signed, type TestKey, type TestStatement } from "./signed-bundles.ts";

/** A file of a folder target whose bytes are `content`. */
export function file(name: string, content: string, options: Partial<FileArtifact> = {}): FileArtifact {
  const digests = { sha256: sha256(content), sha512: sha512(content) };
  return { kind: "file", name, place: "folder", digests, identify: null, ...options };
}

/** A tarball that says which package it is. */
export function tarball(name: string, content: string, purl: string | null): FileArtifact {
  return file(name, content, { identify: async () => purl });
}

export function digest(hex: string, algorithm: "sha256" | "sha512" | "sha1" = "sha256"): Artifact {
  return { kind: "digest", name: `${algorithm}:${hex}`, algorithm, hex };
}

/** A subject with the digests of `content`. */
export function subject(name: string | undefined, content: string): Record<string, unknown> {
  return { ...(name === undefined ? {} : { name }), digest: { sha256: sha256(content) } };
}

/** Evidence signed by `signer` and examined by somebody who trusts `trusted`. */
export function evidence(name: string, signer: TestKey, trusted: TestKey, statement: TestStatement): Evidence {
  return examine(name, signed(signer, statement), [trusted.trust]);
}
