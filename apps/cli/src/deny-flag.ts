import { createHash } from "node:crypto";
import { MAX_SMALL_FILE_BYTES } from "@touchmark/core";
import { type Denials, type DenyList, denials, denyList } from "@touchmark/verify";
import { readYamlText } from "./config/yaml-text.ts";
import type { Context } from "./context.ts";
import { readInput } from "./read-input.ts";

/**
 * The deny lists in files that the user named, and in no others: a release must not say what is wrong with it.
 *
 * @param more - what a policy denies.
 * @throws TouchmarkError `DENY_INVALID`, and as `readInput`.
 */
export async function denialsOf(
  context: Context,
  files: readonly string[],
  more: readonly DenyList[] = [],
): Promise<Denials> {
  const lists = [...more];
  for (const label of files) {
    const bytes = await readInput(context.cwd, label, MAX_SMALL_FILE_BYTES);
    const { data, lineOf } = await readYamlText(bytes, label, "DENY_INVALID");
    const digest = createHash("sha256").update(bytes).digest("hex");
    lists.push(denyList(data, { label, digest, placeOf: lineOf }));
  }
  return denials(lists);
}
