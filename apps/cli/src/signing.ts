import { type BuildClaim, isTouchmarkError, MAX_SMALL_FILE_BYTES, TouchmarkError } from "@touchmark/core";
import type { Host, PlatformRun, Signer } from "@touchmark/plugin";
import { publicHalf } from "@touchmark/signer-key";
import { type Trust, trustedKey } from "@touchmark/verify";
import { commandSigner, keySigner } from "./builtin-services.ts";
import type { Config } from "./config/schema.ts";
import type { Context } from "./context.ts";
import { askPassphrase, type PassphraseOptions, readPassphrase } from "./passphrase.ts";
import { readInput } from "./read-input.ts";

export interface SigningOptions extends PassphraseOptions {
  readonly key?: string;
  readonly signerExec?: string;
}

/** A signer, and how its work is checked. */
export interface Signing {
  readonly signer: Signer;
  /** The run as this signer can vouch for it. */
  readonly run: PlatformRun;
  /** Whom a consumer would have to trust to verify statements with this claim. */
  trustOf(claim: BuildClaim, host: Host): Promise<Trust>;
  /** Sentences for people about what was signed. */
  notes(host: Host): Promise<readonly string[]>;
  /** SPKI PEM; null for a key that nobody keeps. */
  readonly publicKey: string | null;
}

/**
 * Opens the signer that flags or configuration name; flags win.
 *
 * @throws TouchmarkError `KEY_UNSET`, those of the key's factory, `PASSPHRASE_MISSING`, `PASSPHRASE_WRONG`.
 */
export async function openSigner(
  context: Context,
  options: SigningOptions,
  config: Config | null,
  run: PlatformRun,
): Promise<Signing> {
  const key = options.key ?? config?.sign?.key;
  const command = options.signerExec ?? (options.key === undefined ? config?.sign?.exec : undefined);
  if (key === undefined) {
    throw new TouchmarkError("KEY_UNSET", "nothing says who signs", {
      expected:
        "--key FILE (touchmark keys generate makes one), --keyless on a CI platform, or sign in the configuration",
      actual: "neither",
    });
  }
  const pem = await readInput(context.cwd, key, MAX_SMALL_FILE_BYTES);
  if (command !== undefined) {
    const [program, ...args] = splitCommand(command);
    // The user named this program to sign for them: unlike a build tool it gets its credentials, region and profile.
    const env = Object.fromEntries(Object.entries(context.env).filter(isSet));
    return signingWith(commandSigner({ command: program, args, publicKey: pem, env }), pem, key, run);
  }
  const passphrase = await readPassphrase(context, {
    passphraseFile: options.passphraseFile ?? config?.sign?.["passphrase-file"],
    passphraseEnv: options.passphraseEnv ?? config?.sign?.["passphrase-env"],
  });
  return openKey(context, { file: key, pem, passphrase, run });
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

function signingWith(signer: Signer, publicKey: Uint8Array, file: string, run: PlatformRun): Signing {
  const trust = trustedKey(publicKey, file);
  return {
    signer,
    run: runOfKey(run),
    trustOf: async () => trust,
    notes: async () => [],
    // Made anew: a file may hold more than the key.
    publicKey: trust.key.export({ type: "spki", format: "pem" }).toString(),
  };
}

function isSet(entry: readonly [string, string | undefined]): entry is [string, string] {
  return entry[1] !== undefined;
}

interface KeyFile {
  readonly file: string;
  readonly pem: Uint8Array;
  readonly passphrase: string | null;
  readonly run: PlatformRun;
}

async function openKey(context: Context, { file, pem, passphrase, run }: KeyFile): Promise<Signing> {
  try {
    const signer = keySigner({ privateKey: pem, passphrase });
    return signingWith(signer, publicHalf(pem, passphrase), file, run);
  } catch (error) {
    if (!isTouchmarkError(error) || error.code !== "PASSPHRASE_MISSING" || passphrase !== null) throw error;
    const answer = await askPassphrase(context, `Passphrase of ${file}`);
    if (answer === null) throw error;
    return openKey(context, { file, pem, passphrase: answer, run });
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
