import { createHash } from "node:crypto";
import type { TreeDigest } from "@touchmark/plugin";

/**
 * in-toto's `dirHash`: Go's h1 over the paths below the folder, in hex and without `h1:`.
 * https://github.com/in-toto/attestation/blob/main/spec/v1/digest_set.md ;
 * https://pkg.go.dev/golang.org/x/mod/sumdb/dirhash#Hash1
 *
 * @returns null for a tree of which it says too little: with links or executables, or with names that it cannot hold.
 */
export function dirHashOf(tree: TreeDigest): string | null {
  if (tree.kind !== "folder" || tree.links > 0 || tree.files === null) return null;
  const lines: Buffer[] = [];
  // By the bytes of the whole path; a NAR sorts folder by folder.
  const sorted = tree.files
    .map((file) => ({ ...file, bytes: Buffer.from(file.name) }))
    .sort((left, right) => Buffer.compare(left.bytes, right.bytes));
  for (const { name, sha256, executable, bytes } of sorted) {
    if (executable || name.includes("\n")) return null;
    lines.push(Buffer.from(`${sha256}  `), bytes, Buffer.from("\n"));
  }
  return createHash("sha256").update(Buffer.concat(lines)).digest("hex");
}
