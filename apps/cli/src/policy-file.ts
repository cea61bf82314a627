import { createHash } from "node:crypto";
import { MAX_POLICY_BYTES, type PolicySource } from "@touchmark/policy";
import { readYamlText } from "./config/yaml-text.ts";
import type { Context } from "./context.ts";
import { readInput } from "./read-input.ts";

/** A policy file as it was written: nothing of it is understood yet. */
export interface WrittenPolicy {
  readonly data: unknown;
  readonly source: Required<PolicySource>;
}

/**
 * Reads a policy that the user named, or that lies in a folder of configuration.
 *
 * @param place.file - relative to the working directory, or absolute.
 * @throws TouchmarkError `POLICY_INVALID` for what is no YAML, and as `readInput`.
 */
export async function readPolicyFile(
  { cwd }: Context,
  { file, label }: { readonly file: string; readonly label: string },
): Promise<WrittenPolicy> {
  const bytes = await readInput(cwd, file, MAX_POLICY_BYTES, label);
  const { data, placeOf } = await readYamlText(bytes, label, "POLICY_INVALID");
  return { data, source: { label, digest: createHash("sha256").update(bytes).digest("hex"), placeOf } };
}
