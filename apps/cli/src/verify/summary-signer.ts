import { TouchmarkError } from "@touchmark/core";
import type { Host } from "@touchmark/plugin";
import { isIdentityTrust, type SummaryTrust, trustedKey } from "@touchmark/verify";
import type { Context } from "../context.ts";
import { handedIdentity } from "../handed-identity.ts";
import { keylessContacts, keylessOf, openKeyless } from "../keyless.ts";
import { platformOf } from "../platform-of.ts";
import { openSigner, type Signing } from "../signing.ts";
import type { SummaryOutFlags } from "./summary-flags.ts";

/** Who signs summaries. */
export interface SummarySigner {
  readonly signing: Signing;
  /** Whom it may contact: `host[:port]`. */
  readonly hosts: readonly string[];
}

interface Asked extends SummaryOutFlags {
  readonly offline?: boolean;
}

/**
 * Opens the key that flags name, or what signs without one.
 *
 * @throws TouchmarkError `USAGE` for flags that say too little or contradict each other; as `openSigner` and `keylessOf`.
 */
export async function openSummarySigner(context: Context, asked: Asked): Promise<SummarySigner> {
  const { vsaSigningKey: key, vsaKeyless } = asked;
  if ((key === undefined) === (vsaKeyless !== true)) {
    throw usage(
      "a verification summary is signed by a key, or without one",
      "--vsa-signing-key FILE or --vsa-keyless",
      key === undefined ? "neither" : "both",
    );
  }
  if (key !== undefined) {
    refuseStray(asked, KEYLESS_ONLY, "--vsa-keyless");
    // A key says nothing of where it is used: no platform is asked.
    const run = platformOf({}, { platform: "local" });
    const signing = await openSigner(
      context,
      {
        key,
        ...(asked.vsaSignerExec === undefined ? {} : { signerExec: asked.vsaSignerExec }),
        passphraseFile: asked.vsaPassphraseFile,
        passphraseEnv: asked.vsaPassphraseEnv,
      },
      null,
      run,
    );
    return { signing, hosts: [] };
  }
  refuseStray(asked, KEY_ONLY, "--vsa-signing-key");
  if (asked.offline === true)
    throw usage("--offline, and services must sign", "--vsa-signing-key FILE", "--vsa-keyless");
  const keyless = await keylessOf(context, keylessFlags(asked), null);
  if (keyless === null) throw new TypeError("keyless was asked for");
  const token = await handedIdentity(
    context,
    asked.vsaIdentityToken === undefined ? {} : { identityToken: asked.vsaIdentityToken },
    keyless,
  );
  const run = platformOf(context.env, {}, token);
  return { signing: openKeyless(context, keyless, run), hosts: [...run.contacts, ...keylessContacts(keyless)] };
}

const KEY_ONLY = [
  ["vsaSignerExec", "--vsa-signer-exec"],
  ["vsaPassphraseFile", "--vsa-passphrase-file"],
  ["vsaPassphraseEnv", "--vsa-passphrase-env"],
] as const;

const KEYLESS_ONLY = [
  ["vsaSigningConfig", "--vsa-signing-config"],
  ["vsaSigningRoot", "--vsa-signing-root"],
  ["vsaIdentityToken", "--vsa-identity-token"],
  ["vsaAcknowledgePrivate", "--vsa-acknowledge-private"],
] as const;

function refuseStray(asked: Asked, flags: typeof KEY_ONLY | typeof KEYLESS_ONLY, beside: string): void {
  const stray = flags.find(([name]) => asked[name] !== undefined)?.[1];
  if (stray !== undefined) throw usage(`${stray} says nothing here`, `${beside} beside it`, "none");
}

function keylessFlags(asked: Asked) {
  return {
    keyless: true,
    ...(asked.vsaSigningConfig === undefined ? {} : { signingConfig: asked.vsaSigningConfig }),
    ...(asked.vsaSigningRoot === undefined ? {} : { trustedRoot: asked.vsaSigningRoot }),
    ...(asked.vsaAcknowledgePrivate === true ? { acknowledgePrivate: true } : {}),
    ...(asked.vsaIdentityToken === undefined ? {} : { identityToken: asked.vsaIdentityToken }),
  };
}

/**
 * Whom a consumer has to trust with these summaries.
 *
 * @throws TouchmarkError as the platform's `claim`, where no key signs.
 */
export async function verifierOf(signing: Signing, host: Host): Promise<SummaryTrust["signer"]> {
  const { run, publicKey } = signing;
  if (publicKey !== null) return trustedKey(new TextEncoder().encode(publicKey), "the verifier's key");
  const trust = await signing.trustOf(await run.claim(host), host);
  if (isIdentityTrust(trust)) return trust;
  throw new TypeError("without a key an identity signs");
}

function usage(message: string, expected: string, actual: string): TouchmarkError {
  return new TouchmarkError("USAGE", message, { expected, actual });
}
