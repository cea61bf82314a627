import { createHash } from "node:crypto";
import path from "node:path";
import {
  attempt,
  type Bundle,
  isTouchmarkError,
  parseBundle,
  type StatedStatement,
  TouchmarkError,
} from "@touchmark/core";
import type { SignedFiles } from "@touchmark/policy";
import { authenticate, type KeyTrust } from "@touchmark/verify";
import type { TrustFolder } from "./trust-list.ts";

/** What a key of the user's signed. */
export type Authentic<Signed extends SignedFiles> = Signed & {
  /** SHA-256 of the key (SPKI, DER), lowercase hex. */
  readonly key: string;
  /** SHA-256 of what was signed, lowercase hex. */
  readonly digest: string;
};

/** A bundle, who must have signed it, and when it is read. */
export interface SignedBundle {
  readonly label: string;
  readonly key: KeyTrust;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What is expected in it. */
export interface Expected<Signed extends SignedFiles> {
  /** In messages: `policy`. */
  readonly noun: string;
  /** `policy`, of `touchmark policy sign` and `--policy-key`. */
  readonly command: string;
  /** For what is no bundle. */
  readonly code: "POLICY_INVALID" | "TRUST_INVALID";
  readonly read: (statement: StatedStatement, label: string, now: number) => Signed;
}

/**
 * The files in a signed bundle. Who signed it is checked before anything of it is read.
 *
 * @throws TouchmarkError the expected code; `POLICY_UNTRUSTED`; and as `expected.read`.
 */
export function signedFilesIn<Signed extends SignedFiles>(
  bytes: Uint8Array,
  { label, key, now }: SignedBundle,
  expected: Expected<Signed>,
): Authentic<Signed> {
  const bundle = bundleIn(bytes, label, expected);
  const result = authenticate(bundle, [key]);
  if (result.kind === "refused") {
    const [why] = result.findings;
    throw new TouchmarkError("POLICY_UNTRUSTED", `${label}: ${why?.message ?? "nobody signed it"}`, {
      expected: why?.expected ?? null,
      actual: why?.actual ?? null,
    });
  }
  const digest = createHash("sha256").update(bundle.payload).digest("hex");
  return { ...expected.read(result.verified.statement, label, now), key: key.digest, digest };
}

function bundleIn(
  bytes: Uint8Array,
  label: string,
  { noun, command, code }: Pick<Expected<SignedFiles>, "noun" | "command" | "code">,
): Bundle {
  const bundle = attempt(() => parseBundle(bytes));
  if (!isTouchmarkError(bundle)) return bundle;
  throw new TouchmarkError(code, `${label} is no signed ${noun}`, {
    expected: `what touchmark ${command} sign writes; one that nobody signed goes without --${command}-key`,
    actual: bundle.message,
    cause: bundle,
  });
}

/** Files that were signed, as a trust file in the folder `at` names them. */
export function signedFolder(files: SignedFiles["files"], at: string): TrustFolder {
  return (file) => {
    const name = path.posix.join(at, file);
    return Object.hasOwn(files, name) ? new TextEncoder().encode(files[name]) : null;
  };
}
