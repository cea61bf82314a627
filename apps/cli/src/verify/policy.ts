import path from "node:path";
import { type CompiledPolicy, compilePolicy, type PolicyDocument, policyDocument, trustList } from "@touchmark/policy";
import { type DenyList, denyList } from "@touchmark/verify";
import type { Context } from "../context.ts";
import { readPolicyFile } from "../policy-file.ts";
import { refuseInside } from "./inside-targets.ts";
import type { PolicyPlace } from "./policy-place.ts";
import { type OpenedTrust, openTrustFile } from "./trust-list.ts";

/** A policy that is in force. */
export interface OpenedPolicy {
  readonly compiled: CompiledPolicy;
  readonly document: PolicyDocument;
  /** Null where it denies nothing. */
  readonly deny: DenyList | null;
  /** Whom it says to believe, in it or in the trust file that it names; null where it leaves that to flags. */
  readonly trust: OpenedTrust | null;
}

/**
 * Reads the policy to verify by.
 *
 * @param targets - paths that are verified.
 * @throws TouchmarkError `POLICY_INSIDE_TARGET`, `POLICY_INVALID`, `POLICY_EXPIRED`, `DENY_INVALID`, `TRUST_INVALID`,
 * `TRUST_OVERLAP`, and as `readInput`.
 */
export async function openPolicy(
  context: Context,
  place: PolicyPlace,
  targets: readonly string[],
): Promise<OpenedPolicy> {
  await refuseInside(context.cwd, place, targets);
  const { data, source } = await readPolicyFile(context, place);
  const document = policyDocument(data, source);
  const compiled = await compilePolicy(document, { now: Date.now() });
  return { compiled, document, deny: denied(document), trust: await trustIn(context, document, place, targets) };
}

/** The path of a trust file is relative to the policy, and so are the paths of keys in either. */
async function trustIn(
  context: Context,
  { trust, label, digest, placeOf }: PolicyDocument,
  place: PolicyPlace,
  targets: readonly string[],
): Promise<OpenedTrust | null> {
  if (trust === null) return null;
  const folder = path.dirname(place.file);
  if (typeof trust !== "string") {
    const source = { label, digest, placeOf: (keys: readonly PropertyKey[]) => placeOf(keys).replace(/:\d+$/, "") };
    return { list: trustList(trust, source, ["trust"]), folder };
  }
  const beside = { file: path.resolve(folder, trust), label: trust };
  await refuseInside(context.cwd, beside, targets);
  return openTrustFile(context, beside);
}

function denied({ deny, label, digest, placeOf }: PolicyDocument): DenyList | null {
  return deny === null ? null : denyList({ version: 1, deny }, { label, digest, placeOf });
}
