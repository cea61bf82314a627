import { TouchmarkError } from "@touchmark/core";
import { createStdin } from "@touchmark/host-node";
import type { HandedToken } from "@touchmark/plugin";
import { detectPlatform, MAX_TOKEN_LENGTH, PLATFORMS, tokenInText } from "./builtins.ts";
import type { Context } from "./context.ts";
import type { Keyless } from "./keyless.ts";
import { kindAt } from "./kind-at.ts";
import { type LoginOptions, loginToken } from "./login/login-token.ts";
import { readInput } from "./read-input.ts";

/** Flags of `attest` about an identity that the platform does not give by itself. */
export interface HandedOptions extends LoginOptions {
  readonly identityToken?: string;
  readonly platform?: string;
}

/** Where cosign looks too: https://docs.sigstore.dev/cosign/signing/overview/ (projected service account, SPIFFE helper). */
const MOUNTED_TOKEN = "/var/run/sigstore/cosign/oidc-token";
/** A token, and white space around it. Unit: bytes. */
const MAX_TOKEN_FILE_BYTES = 2 * MAX_TOKEN_LENGTH;
/** Platforms that give their jobs a token in a file, and in nothing else. */
const MOUNTING = ["kubernetes", "tekton"];

/**
 * The identity that the user hands in: out of a file, by a login, or mounted where a named platform has it.
 *
 * @param keyless - null where a key signs.
 * @param mounted - {@link MOUNTED_TOKEN}; tests have another.
 * @returns null where the platform has its own token, or none is needed.
 * @throws TouchmarkError `USAGE`, `IDENTITY_TOKEN_INVALID`, those of reading a file.
 */
export async function handedIdentity(
  context: Context,
  options: HandedOptions,
  keyless: Keyless | null,
  mounted: string = MOUNTED_TOKEN,
): Promise<HandedToken | null> {
  const { identityToken: file, login, platform } = options;
  if (login !== undefined) return loginOf(context, options, keyless);
  refuseStrayLoginFlags(options);
  if (file !== undefined) return tokenInText(await readToken(context, file), Date.now);
  const isMounted = platform !== undefined && MOUNTING.includes(platform) && kindAt(mounted) === "file";
  return isMounted ? tokenInText(await readToken(context, mounted), Date.now) : null;
}

function loginOf(context: Context, options: HandedOptions, keyless: Keyless | null): HandedToken {
  if (options.identityToken !== undefined) throw usage("there are two identities", "a token or a login", "both");
  if (keyless === null) throw usage("a key signs, or a person who logs in", "--key or --login", "both");
  refuseOnCi(context, options.platform);
  return loginToken(context, options, keyless.instance.loginIssuer ?? null);
}

/** A job has nobody to log in, and an identity of its own that says more. */
function refuseOnCi({ env }: Context, platform: string | undefined): void {
  if (platform === "local") return;
  const found = platform ?? detectPlatform(env, PLATFORMS, null).platform;
  if (found === "local" && !env["CI"]) return;
  throw usage(
    "a login is for a person at their own machine",
    "--keyless alone, by the job's own identity; or --platform local beside --login, where a person is there",
    found === "local" ? "the variable CI" : found,
  );
}

const LOGIN_FLAGS = [
  ["oidcIssuer", "--oidc-issuer"],
  ["oidcClientId", "--oidc-client-id"],
] as const;

function refuseStrayLoginFlags(options: HandedOptions): void {
  const stray =
    options.browser === false ? "--no-browser" : LOGIN_FLAGS.find(([name]) => options[name] !== undefined)?.[1];
  if (stray !== undefined) throw usage(`${stray} is about a login`, "--login beside it", "none");
}

/** Text in one line; an editor or `echo` ends it. */
async function readToken(context: Context, file: string): Promise<string> {
  const bytes =
    file === "-"
      ? await createStdin(() => (process.stdin.isTTY ? null : process.stdin), context.signal).read(MAX_TOKEN_FILE_BYTES)
      : await readInput(context.cwd, file, MAX_TOKEN_FILE_BYTES);
  const text = Buffer.from(bytes).toString("latin1").trim();
  if (text !== "" && text.length <= MAX_TOKEN_LENGTH) return text;
  throw new TouchmarkError("IDENTITY_TOKEN_INVALID", "there is no identity token in what was handed in", {
    expected: `a JSON Web Token of at most ${MAX_TOKEN_LENGTH} characters`,
    actual: text === "" ? "nothing" : `${text.length} characters`,
  });
}

function usage(message: string, expected: string, actual: string): TouchmarkError {
  return new TouchmarkError("USAGE", message, { expected, actual });
}
