import { TouchmarkError } from "@touchmark/core";
import type { TreeDigest } from "@touchmark/plugin";
import type { Boundary } from "./boundary.ts";

export async function digestTree(
  path: string,
  _options: { readonly files: boolean },
  _context: { readonly boundary: Boundary; readonly signal: AbortSignal },
): Promise<TreeDigest> {
  throw new TouchmarkError("INTERNAL", `${path}: trees are not digested yet`);
}
