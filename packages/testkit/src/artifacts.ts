import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { BuildOutput, Subject } from "@touchmark/core";
import type { FixtureCopy } from "./fixture-copy.ts";
import type { LawCase } from "./law.ts";

/** A subject and the files of the fixture that hold its bytes. */
export interface Artifact {
  readonly subject: Subject;
  /** Relative to the fixture; several where the same bytes lie in several places. */
  readonly paths: readonly string[];
}

/**
 * Finds the file of each subject whose bytes were hashed: by the case's `artifacts`, else by content.
 *
 * @returns subjects without any file have no paths; declared ones are left out.
 */
export function artifactsOf(output: BuildOutput, lawCase: LawCase, copy: FixtureCopy): readonly Artifact[] {
  return output.subjects
    .filter((subject) => subject.declared !== true)
    .map((subject) => {
      const given = lawCase.artifacts?.[subject.name];
      if (given !== undefined) return { subject, paths: [given] };
      return { subject, paths: copy.byContent.get(subject.digest["sha256"] ?? "") ?? [] };
    });
}

/** At most `limit` of the items, evenly spread, the first and the last among them. */
export function sample<T>(items: readonly T[], limit: number): readonly T[] {
  if (items.length <= limit) return items;
  const step = (items.length - 1) / (limit - 1);
  const picked = new Set(Array.from({ length: limit }, (_, index) => Math.round(index * step)));
  return items.filter((_, index) => picked.has(index));
}

/** in-toto's names of algorithms that OpenSSL calls otherwise. */
const OPENSSL: Readonly<Record<string, string>> = {
  sha512_224: "sha512-224",
  sha512_256: "sha512-256",
  sha3_224: "sha3-224",
  sha3_256: "sha3-256",
  sha3_384: "sha3-384",
  sha3_512: "sha3-512",
  blake2b: "blake2b512",
  blake2s: "blake2s256",
};
const COMPUTED = new Set([...Object.keys(OPENSSL), "sha1", "sha224", "sha256", "sha384", "sha512", "md5", "sm3"]);

/** The first digest of a subject that a file's bytes do not have; algorithms over anything but a file's bytes are passed over. */
export async function wrongDigest(artifact: Artifact, copy: FixtureCopy): Promise<string | null> {
  const [path] = artifact.paths;
  if (path === undefined) return "no file of the fixture has its digest";
  const bytes = await readFile(join(copy.folder, path));
  for (const [algorithm, stated] of Object.entries(artifact.subject.digest)) {
    if (!COMPUTED.has(algorithm)) continue;
    const actual = createHash(OPENSSL[algorithm] ?? algorithm)
      .update(bytes)
      .digest("hex");
    if (actual !== stated) return `${algorithm}:${stated}, but ${path} has ${algorithm}:${actual}`;
  }
  return null;
}
