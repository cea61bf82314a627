import { createHash } from "node:crypto";
import type { Staging } from "@touchmark/host-node";
import { oneChunk } from "../one-chunk.ts";
import type { KitFile, KitTarget } from "./kit-manifest.ts";

/** A kit while it is put together. */
export interface KitContents {
  readonly staging: Staging;
  readonly targets: KitTarget[];
  readonly files: KitFile[];
  /**
   * Writes a file and lists it.
   *
   * @param from - where it came from, for people.
   * @returns its SHA-256, lowercase hex.
   * @throws TouchmarkError as `Staging.write`.
   */
  add(path: string, from: string, chunks: AsyncIterable<Uint8Array>): Promise<string>;
  /** The next folder for a target: `artifacts/1`. */
  place(kind: "artifacts" | "images"): string;
  /** Adds evidence, each content once. */
  evidence(from: string, bytes: Uint8Array): Promise<void>;
}

export function kitContents(staging: Staging): KitContents {
  const targets: KitTarget[] = [];
  const files: KitFile[] = [];
  const seen = new Set<string>();
  const counts = { artifacts: 0, images: 0 };
  const add: KitContents["add"] = async (path, from, chunks) => {
    let size = 0;
    const sha256 = await staging.write(path, counting(chunks), { algorithm: "sha256", executable: false });
    files.push({ path, sha256, size, from });
    return sha256;

    async function* counting(all: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
      for await (const chunk of all) {
        size += chunk.byteLength;
        yield chunk;
      }
    }
  };
  return {
    staging,
    targets,
    files,
    add,
    place(kind) {
      counts[kind] += 1;
      return `${kind}/${counts[kind]}`;
    },
    async evidence(from, bytes) {
      const content = createHash("sha256").update(bytes).digest("hex");
      if (seen.has(content)) return;
      seen.add(content);
      await add(`evidence/${seen.size}.json`, from, oneChunk(bytes));
    },
  };
}
