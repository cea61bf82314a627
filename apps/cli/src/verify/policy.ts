import { realpath } from "node:fs/promises";
import path from "node:path";
import { TouchmarkError } from "@touchmark/core";
import { type CompiledPolicy, compilePolicy, type PolicyDocument, policyDocument } from "@touchmark/policy";
import { type DenyList, denyList } from "@touchmark/verify";
import type { Context } from "../context.ts";
import { readPolicyFile } from "../policy-file.ts";
import type { PolicyPlace } from "./policy-place.ts";

/** A policy that is in force. */
export interface OpenedPolicy {
  readonly compiled: CompiledPolicy;
  readonly document: PolicyDocument;
  /** Null where it denies nothing. */
  readonly deny: DenyList | null;
}

/**
 * Reads the policy to verify by.
 *
 * @param targets - paths that are verified.
 * @throws TouchmarkError `POLICY_INSIDE_TARGET`, `POLICY_INVALID`, `POLICY_EXPIRED`, `DENY_INVALID`, and as `readInput`.
 */
export async function openPolicy(
  context: Context,
  place: PolicyPlace,
  targets: readonly string[],
): Promise<OpenedPolicy> {
  await refuseInside(context, place, targets);
  const { data, source } = await readPolicyFile(context, place);
  const document = policyDocument(data, source);
  const compiled = await compilePolicy(document, { now: Date.now() });
  return { compiled, document, deny: denied(document) };
}

function denied({ deny, label, digest, placeOf }: PolicyDocument): DenyList | null {
  return deny === null ? null : denyList({ version: 1, deny }, { label, digest, placeOf });
}

/** A release must not bring the rules by which it is judged, links followed on both sides. */
async function refuseInside({ cwd }: Context, { file, label }: PolicyPlace, targets: readonly string[]): Promise<void> {
  const own = await realpath(file).catch(() => file); // nothing there: whoever reads it says so
  for (const target of targets) {
    const place = await realpath(path.resolve(cwd, target)).catch(() => path.resolve(cwd, target));
    if (own !== place && !own.startsWith(place.endsWith(path.sep) ? place : place + path.sep)) continue;
    throw new TouchmarkError("POLICY_INSIDE_TARGET", `${label} lies in what is to be verified`, {
      expected: "a policy from a place of your own",
      actual: `one in ${target}`,
    });
  }
}
