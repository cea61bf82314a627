import { createHash } from "node:crypto";
import { pipeline } from "node:stream/promises";
import type { Context } from "../context.ts";
import { openInput } from "../read-input.ts";
import { UsageError } from "./usage-error.ts";

/** An artifact: as it was typed, and its digest in hex. */
export interface Artifact {
  readonly name: string;
  readonly digest: string;
}

/**
 * The artifacts that a command names: files, which are hashed, and digests, which are taken as they are.
 *
 * @throws UsageError for a digest that is none; TouchmarkError as `openInput`.
 */
export async function* artifactsOf(
  context: Context,
  algorithm: "sha256" | "sha512",
  files: readonly string[],
  digests: readonly string[],
): AsyncIterable<Artifact> {
  for (const name of digests) yield { name, digest: parseDigest(name, algorithm) };
  for (const name of files) yield { name, digest: await hashFile(context, name, algorithm) };
}

async function hashFile({ cwd, signal }: Context, file: string, algorithm: string): Promise<string> {
  const { handle } = await openInput(cwd, file);
  const hash = createHash(algorithm);
  await pipeline(handle.createReadStream(), hash, { signal }); // the stream closes the file
  return hash.digest("hex");
}

const LENGTHS: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

function parseDigest(text: string, usual: string): string {
  const [, algorithm = "", hex = ""] = /^(sha256|sha384|sha512):([0-9a-f]+)$/.exec(text) ?? [];
  if (hex !== "" && hex.length === LENGTHS[algorithm]) return hex;
  throw new UsageError(`--artifact-digest ${JSON.stringify(text)} is not a digest such as ${usual}:<hex>`);
}
