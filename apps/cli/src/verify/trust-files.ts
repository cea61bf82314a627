import path from "node:path";
import { TouchmarkError } from "@touchmark/core";
import type { NamedInput } from "@touchmark/engine";
import { expectedFields, type SeenInstance } from "@touchmark/verify";
import type { Context } from "../context.ts";
import { fieldsOf, type IdentityFlags } from "../identity-flags.ts";
import { refuseInside } from "./inside-targets.ts";
import { type OpenedTrust, openTrust } from "./trust-list.ts";
import { type Narrowing, type TrustFromEntries, trustOfEntries } from "./trust-of-entries.ts";

/** What trust files say, and which they are. */
export interface TrustFiles extends TrustFromEntries {
  readonly files: readonly NamedInput[];
}

/**
 * Whom the trust files and presets that the user named say to believe; never any that lies elsewhere.
 *
 * @param labels - as `--trust` has them.
 * @param more - what a policy says.
 * @param targets - paths that are verified.
 * @throws TouchmarkError `POLICY_INSIDE_TARGET`, `TRUST_INVALID`, `TRUST_OVERLAP`, `USAGE` where flags leave nobody.
 */
export async function trustFilesOf(
  context: Context,
  labels: readonly string[],
  flags: IdentityFlags,
  seen: readonly SeenInstance[],
  more: readonly OpenedTrust[],
  targets: readonly string[],
): Promise<TrustFiles> {
  const lists = [...more];
  for (const label of labels) {
    if (!label.startsWith("preset:")) {
      await refuseInside(context.cwd, { file: path.resolve(context.cwd, label), label }, targets);
    }
    lists.push(await openTrust(context, label));
  }
  const narrowing: Narrowing = {
    source: flags.source ?? null,
    builderIds: flags.builderId ?? [],
    fields: fieldsOf(flags),
  };
  expectedFields(narrowing.fields); // what is wrong with flags is not an entry's fault
  const made = await trustOfEntries(context, lists, narrowing, flags, seen);
  if (made.trust.length + made.verifiers.length === 0) {
    throw new TouchmarkError("USAGE", "no trust entry is for the source that --source names", {
      expected: "an entry without a source, or with this one",
      actual: narrowing.source,
    });
  }
  return { ...made, files: lists.map(({ list: { label, digest } }) => ({ label, digest })) };
}
