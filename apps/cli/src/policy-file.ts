import { createHash } from "node:crypto";
import { decodeUtf8, TouchmarkError } from "@touchmark/core";
import { MAX_POLICY_BYTES, type PolicySource } from "@touchmark/policy";
import { readYamlText } from "./config/yaml-text.ts";
import type { Context } from "./context.ts";
import { readInput } from "./read-input.ts";

/** A policy file as it was written: nothing of it is understood yet. */
export interface WrittenPolicy {
  readonly text: string;
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
  return policyText(bytes, { label, digest: createHash("sha256").update(bytes).digest("hex") });
}

/** @throws TouchmarkError `POLICY_INVALID` for what is no YAML, or too large. */
export async function policyText(bytes: Uint8Array, { label, digest }: PolicySource): Promise<WrittenPolicy> {
  if (bytes.byteLength > MAX_POLICY_BYTES) {
    throw new TouchmarkError("POLICY_INVALID", `${label} is too large to read`, {
      expected: `at most ${MAX_POLICY_BYTES} bytes`,
      actual: `${bytes.byteLength} bytes`,
    });
  }
  const { data, placeOf } = await readYamlText(bytes, label, "POLICY_INVALID");
  return { text: decodeUtf8(bytes, label), data, source: { label, digest, placeOf } };
}
