import path from "node:path";
import { TouchmarkError } from "@touchmark/core";
import type { NamedInput } from "@touchmark/engine";
import { expectedFields } from "@touchmark/verify";
import type { Context } from "../context.ts";
import { fieldsOf, type IdentityFlags } from "../identity-flags.ts";
import type { StateFile } from "../state-file.ts";
import { refuseInside } from "./inside-targets.ts";
import type { AuthenticTrust } from "./signed-trust.ts";
import { type OpenedTrust, openTrust } from "./trust-list.ts";
import { type Narrowing, type TrustFromEntries, trustOfEntries } from "./trust-of-entries.ts";

/** What trust files say, and which they are. */
export interface TrustFiles extends TrustFromEntries {
  readonly files: readonly TrustInput[];
}

/** A trust file or a preset. */
export interface TrustInput extends NamedInput {
  /** Null for one that nobody had to sign. */
  readonly signed: AuthenticTrust | null;
}

/**
 * Whom the trust files and presets that the user named say to believe; never any that lies elsewhere.
 *
 * @param labels - as `--trust` has them.
 * @param state - what was seen before: older roots are refused, and older trust files by the key of `flags.trustKey`.
 * @param more - what a policy says.
 * @param targets - paths that are verified.
 * @throws TouchmarkError `POLICY_INSIDE_TARGET`, `TRUST_INVALID`, `TRUST_OVERLAP`, `USAGE` where flags leave nobody, for a signed
 * trust file without a key and for a key without a trust file; with a key those of `openSignedTrust`.
 */
export async function trustFilesOf(
  context: Context,
  labels: readonly string[],
  flags: IdentityFlags & { readonly trustKey?: string },
  state: StateFile | null,
  more: readonly OpenedTrust[],
  targets: readonly string[],
): Promise<TrustFiles> {
  const signing = flags.trustKey === undefined ? null : await import("./signed-trust.ts");
  const key = (await signing?.trustKeyOf(context, flags.trustKey ?? "", labels)) ?? null;
  const lists: (OpenedTrust & { readonly signed?: AuthenticTrust })[] = [...more];
  for (const label of labels) {
    const isFile = !label.startsWith("preset:");
    if (isFile) await refuseInside(context.cwd, { file: path.resolve(context.cwd, label), label }, targets);
    lists.push(
      isFile && signing !== null && key !== null
        ? await signing.openSignedTrust(context, label, key, state)
        : await openTrust(context, label),
    );
  }
  const narrowing: Narrowing = {
    source: flags.source ?? null,
    builderIds: flags.builderId ?? [],
    fields: fieldsOf(flags),
  };
  expectedFields(narrowing.fields); // what is wrong with flags is not an entry's fault
  const made = await trustOfEntries(context, lists, narrowing, flags, state?.seen.roots ?? []);
  if (made.trust.length + made.verifiers.length === 0) {
    throw new TouchmarkError("USAGE", "no trust entry is for the source that --source names", {
      expected: "an entry without a source, or with this one",
      actual: narrowing.source,
    });
  }
  return { ...made, files: lists.map(({ list: { label, digest }, signed = null }) => ({ label, digest, signed })) };
}
