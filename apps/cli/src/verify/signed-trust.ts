import { createHash } from "node:crypto";
import path from "node:path";
import { MAX_EVIDENCE_BYTES, MAX_SMALL_FILE_BYTES, TouchmarkError } from "@touchmark/core";
import { readSignedTrust, type SignedTrust } from "@touchmark/policy";
import { type KeyTrust, refuseOlderTrust, trustedKey } from "@touchmark/verify";
import type { Context } from "../context.ts";
import { readInput } from "../read-input.ts";
import type { StateFile } from "../state-file.ts";
import { type Authentic, type SignedBundle, signedFilesIn, signedFolder } from "./signed-files.ts";
import { type OpenedTrust, trustText } from "./trust-list.ts";

/** A trust file that a key of the user's signed. */
export type AuthenticTrust = Authentic<SignedTrust>;

/** A signed trust file, with the keys and roots that were signed with it. */
interface OpenedSignedTrust extends OpenedTrust {
  readonly signed: AuthenticTrust;
}

/**
 * The trust file in a signed bundle. Who signed it is checked before anything of it is read.
 *
 * @throws TouchmarkError `TRUST_INVALID`; `POLICY_UNTRUSTED`; `POLICY_EXPIRED`.
 */
export function signedTrustIn(bytes: Uint8Array, bundle: SignedBundle): AuthenticTrust {
  return signedFilesIn(bytes, bundle, {
    noun: "trust file",
    command: "trust",
    code: "TRUST_INVALID",
    read: readSignedTrust,
  });
}

/**
 * Opens what `--trust` names, which the key of `--trust-key` must have signed.
 *
 * @param state - what was seen before: an older one of its name by the same key is refused.
 * @throws TouchmarkError as {@link signedTrustIn}; `POLICY_ROLLBACK`; `TRUST_OVERLAP`; and as `readInput`.
 */
export async function openSignedTrust(
  { cwd }: Context,
  label: string,
  key: KeyTrust,
  state: StateFile | null,
): Promise<OpenedSignedTrust> {
  const bytes = await readInput(cwd, label, MAX_EVIDENCE_BYTES);
  const signed = signedTrustIn(bytes, { label, key, now: Date.now() });
  refuseOlderTrust({ ...signed, label, name: signed.trust }, state?.seen.trust ?? {});
  const text = new TextEncoder().encode(signed.files[signed.trust] ?? "");
  const folder = signedFolder(signed.files, path.posix.dirname(signed.trust));
  const digest = createHash("sha256").update(bytes).digest("hex");
  return { ...(await trustText(text, label, folder, digest)), signed };
}

/** @throws TouchmarkError `USAGE` where no file is named beside it; those of the key. */
export async function trustKeyOf({ cwd }: Context, file: string, labels: readonly string[]): Promise<KeyTrust> {
  if (labels.some((label) => !label.startsWith("preset:"))) {
    return trustedKey(await readInput(cwd, file, MAX_SMALL_FILE_BYTES), file);
  }
  throw new TouchmarkError("USAGE", "--trust-key says who must have signed a trust file, and none is named", {
    expected: "--trust FILE beside it",
    actual: "none",
  });
}
