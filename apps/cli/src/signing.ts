import { isTouchmarkError, MAX_SMALL_FILE_BYTES, TouchmarkError } from "@touchmark/core";
import type { PlatformRun, Signer } from "@touchmark/plugin";
import { publicHalf } from "@touchmark/signer-key";
import { type Trust, trustedKey } from "@touchmark/verify";
import { commandSigner, keySigner } from "./builtins.ts";
import type { Config } from "./config/schema.ts";
import type { Context } from "./context.ts";
import { askPassphrase, type PassphraseOptions, readPassphrase } from "./passphrase.ts";
import { readInput } from "./read-input.ts";

export interface SigningOptions extends PassphraseOptions {
  readonly key?: string;
  readonly signerExec?: string;
}

/** A signer, and the public half by which its work is checked. */
export interface Signing {
  readonly signer: Signer;
  readonly trust: Trust;
  /** The same as SPKI PEM. */
  readonly publicKey: string;
}

/**
 * Opens the signer that flags or configuration name; flags win.
 *
 * @throws TouchmarkError `KEY_UNSET`, those of the key's factory, `PASSPHRASE_MISSING`, `PASSPHRASE_WRONG`.
 */
export async function openSigner(context: Context, options: SigningOptions, config: Config | null): Promise<Signing> {
  const key = options.key ?? config?.sign?.key;
  const command = options.signerExec ?? (options.key === undefined ? config?.sign?.exec : undefined);
  if (key === undefined) {
    throw new TouchmarkError("KEY_UNSET", "nothing says who signs", {
      expected: "--key FILE (touchmark keys generate makes one), or sign.key in the configuration",
      actual: "neither",
    });
  }
  const pem = await readInput(context.cwd, key, MAX_SMALL_FILE_BYTES);
  if (command !== undefined) {
    const [program, ...args] = splitCommand(command);
    // The user named this program to sign for them: unlike a build tool it gets its credentials, region and profile.
    const env = Object.fromEntries(Object.entries(context.env).filter(isSet));
    return signingWith(commandSigner({ command: program, args, publicKey: pem, env }), pem, key);
  }
  const passphrase = await readPassphrase(context, {
    passphraseFile: options.passphraseFile ?? config?.sign?.["passphrase-file"],
    passphraseEnv: options.passphraseEnv ?? config?.sign?.["passphrase-env"],
  });
  return openKey(context, key, pem, passphrase);
}

/**
 * The run as a key can vouch for it: whoever holds the key can sign anywhere, and nobody can see that it was used on a CI
 * platform, whatever the statement says.
 */
export function runOfKey(run: PlatformRun): PlatformRun {
  if (run.level.build === 1) return run;
  const reason = `signed with a key: nothing but its holder's word shows that it was used on ${run.platform}`;
  return { ...run, level: { build: 1, reason } };
}

function signingWith(signer: Signer, publicKey: Uint8Array, file: string): Signing {
  return { signer, trust: trustedKey(publicKey, file), publicKey: new TextDecoder().decode(publicKey) };
}

function isSet(entry: readonly [string, string | undefined]): entry is [string, string] {
  return entry[1] !== undefined;
}

async function openKey(context: Context, file: string, pem: Uint8Array, passphrase: string | null): Promise<Signing> {
  try {
    const signer = keySigner({ privateKey: pem, passphrase });
    return signingWith(signer, publicHalf(pem, passphrase), file);
  } catch (error) {
    if (!isTouchmarkError(error) || error.code !== "PASSPHRASE_MISSING" || passphrase !== null) throw error;
    const answer = await askPassphrase(context, `Passphrase of ${file}`);
    if (answer === null) throw error;
    return openKey(context, file, pem, answer);
  }
}

/**
 * Splits a command line into words: white space separates, single and double quotes group, nothing is expanded. The
 * command runs without a shell.
 *
 * @throws TouchmarkError `USAGE` for an empty command or an open quote.
 */
export function splitCommand(line: string): readonly [string, ...string[]] {
  const words: string[] = [];
  const pattern = /\s*((?:[^\s"']+|"[^"]*"|'[^']*')+)/y;
  let end = 0;
  for (let match = pattern.exec(line); match !== null; match = pattern.exec(line)) {
    words.push((match[1] ?? "").replaceAll(/"([^"]*)"|'([^']*)'/g, (_all, double, single) => double ?? single));
    end = pattern.lastIndex;
  }
  const [program, ...args] = words;
  if (program !== undefined && program !== "" && line.slice(end).trim() === "") return [program, ...args];
  throw new TouchmarkError("USAGE", "--signer-exec is not a command", {
    expected: "a program and its arguments, quotes closed",
    actual: line.slice(0, 80),
  });
}
