import { createHash } from "node:crypto";
import path from "node:path";
import { MAX_EVIDENCE_BYTES, MAX_SMALL_FILE_BYTES, TouchmarkError } from "@touchmark/core";
import { type CompiledPolicy, compilePolicy, type PolicyDocument, policyDocument, trustList } from "@touchmark/policy";
import { type DenyList, denyList, refuseOlderPolicy, trustedKey } from "@touchmark/verify";
import type { Context } from "../context.ts";
import { policyText, readPolicyFile, type WrittenPolicy } from "../policy-file.ts";
import { readInput } from "../read-input.ts";
import type { StateFile } from "../state-file.ts";
import { refuseInside } from "./inside-targets.ts";
import { isBundle } from "./is-bundle.ts";
import type { PolicyPlace } from "./policy-place.ts";
import { signedFolder } from "./signed-files.ts";
import { type AuthenticPolicy, signedPolicyIn } from "./signed-policy.ts";
import { type OpenedTrust, openTrustFile, trustText } from "./trust-list.ts";

/** A policy that is in force. */
export interface OpenedPolicy {
  readonly compiled: CompiledPolicy;
  readonly document: PolicyDocument;
  /** Null where it denies nothing. */
  readonly deny: DenyList | null;
  /** Whom it says to believe, in it or in the trust file that it names; null where it leaves that to flags. */
  readonly trust: OpenedTrust | null;
  /** Null for one that nobody had to sign. */
  readonly signed: AuthenticPolicy | null;
}

/** Which policy is meant, and who must have signed it. */
export interface PolicyChoice {
  readonly place: PolicyPlace;
  /** The file of a public key, as the user named it; null where no signature is asked for. */
  readonly key: string | null;
}

/**
 * The policy that flags name, or that lies in a folder of configuration.
 *
 * @param place - null where there is none.
 * @param verified.foreign - paths that must not bring it: of what is verified, and of evidence.
 * @throws TouchmarkError as {@link openPolicy}; `USAGE` for a key without a policy that flags name.
 */
export async function policyToVerifyBy(
  context: Context,
  place: PolicyPlace | null,
  flags: {
    readonly policy?: string | false;
    readonly policyKey?: string;
  },
  { foreign, state }: { readonly foreign: readonly string[]; readonly state: StateFile | null },
): Promise<OpenedPolicy> {
  const key = flags.policyKey ?? null;
  if (place === null || (key !== null && typeof flags.policy !== "string")) throw unnamed();
  return openPolicy(context, { place, key }, foreign, state);
}

/**
 * Reads a policy.
 *
 * @param targets - paths that are verified.
 * @param state - what was seen before: an older policy by the same key is refused.
 * @throws TouchmarkError `POLICY_INSIDE_TARGET`, `POLICY_INVALID`, `POLICY_EXPIRED`, `POLICY_ROLLBACK`,
 * `POLICY_UNTRUSTED`, `DENY_INVALID`, `TRUST_INVALID`, `TRUST_OVERLAP`; `USAGE` for a signed one without a key; those of the key;
 * and as `readInput`.
 */
export async function openPolicy(
  context: Context,
  { place, key }: PolicyChoice,
  targets: readonly string[],
  state: StateFile | null = null,
): Promise<OpenedPolicy> {
  await refuseInside(context.cwd, place, targets);
  if (key !== null) {
    const { policy, written } = await signedPolicy(context, place, key, state);
    return understood(written, policy, (document) => trustAlong(document, policy));
  }
  const written = await readPolicyFile(context, place);
  if (isBundle(written.data)) throw unsigned(place.label);
  return policyIn(context, written, place, targets);
}

/**
 * A policy that nobody had to sign.
 *
 * @param targets - paths that are verified.
 * @throws TouchmarkError as {@link openPolicy}.
 */
export function policyIn(
  context: Context,
  written: WrittenPolicy,
  place: PolicyPlace,
  targets: readonly string[],
): Promise<OpenedPolicy> {
  return understood(written, null, (document) => trustBeside(context, document, place, targets));
}

async function understood(
  { data, source }: WrittenPolicy,
  signed: AuthenticPolicy | null,
  trustOf: (document: PolicyDocument) => Promise<OpenedTrust | null>,
): Promise<OpenedPolicy> {
  const document = policyDocument(data, source);
  const compiled = await compilePolicy(document, { now: Date.now() });
  const trust = await trustOf(document);
  return { compiled, document, deny: denied(document), trust, signed };
}

function unnamed(): TouchmarkError {
  return new TouchmarkError("USAGE", "--policy-key says who must have signed a policy, and none is named", {
    expected: "--policy FILE beside it",
    actual: "none",
  });
}

function unsigned(label: string): TouchmarkError {
  return new TouchmarkError("USAGE", `${label} is a signed policy, and nothing says who must have signed it`, {
    expected: "--policy-key FILE, the public key of whoever signs your policies",
    actual: "none",
  });
}

async function signedPolicy(
  { cwd }: Context,
  { file, label }: PolicyPlace,
  keyFile: string,
  state: StateFile | null,
): Promise<{ readonly policy: AuthenticPolicy; readonly written: WrittenPolicy }> {
  const key = trustedKey(await readInput(cwd, keyFile, MAX_SMALL_FILE_BYTES), keyFile);
  const bytes = await readInput(cwd, file, MAX_EVIDENCE_BYTES, label);
  const policy = signedPolicyIn(bytes, { label, key, now: Date.now() });
  refuseOlderPolicy({ ...policy, label }, state?.seen.policies ?? {});
  const text = new TextEncoder().encode(policy.files[policy.policy] ?? "");
  const digest = createHash("sha256").update(bytes).digest("hex");
  return { policy, written: await policyText(text, { label, digest }) };
}

function denied({ deny, label, digest, placeOf }: PolicyDocument): DenyList | null {
  return deny === null ? null : denyList({ version: 1, deny }, { label, digest, placeOf });
}

/** The path of a trust file is relative to the policy, and so are the paths of keys in either. */
async function trustBeside(
  context: Context,
  document: PolicyDocument,
  place: PolicyPlace,
  targets: readonly string[],
): Promise<OpenedTrust | null> {
  const { trust } = document;
  const folder = path.dirname(place.file);
  if (typeof trust !== "string") return inlineTrust(document, folder);
  const beside = { file: path.resolve(folder, trust), label: trust };
  await refuseInside(context.cwd, beside, targets);
  return openTrustFile(context, beside);
}

/** Of a signed policy only what was signed with it counts. */
async function trustAlong(document: PolicyDocument, { files }: AuthenticPolicy): Promise<OpenedTrust | null> {
  const { trust, label } = document;
  if (typeof trust !== "string") return inlineTrust(document, signedFolder(files, "."));
  const bytes = signedFolder(files, ".")(trust);
  if (bytes !== null) return trustText(bytes, trust, signedFolder(files, path.posix.dirname(trust)));
  throw new TouchmarkError("POLICY_INVALID", `${label} names a trust file that was not signed with it`, {
    expected: "what touchmark policy sign writes",
    actual: trust,
  });
}

function inlineTrust({ trust, label, digest, placeOf }: PolicyDocument, folder: OpenedTrust["folder"]) {
  if (trust === null) return null;
  const lineOf = (keys: readonly PropertyKey[]) => placeOf(keys).replace(/:\d+$/, "");
  return { list: trustList(trust, { label, digest, placeOf: lineOf }, ["trust"]), folder };
}
