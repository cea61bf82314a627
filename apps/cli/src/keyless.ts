import { type BuildClaim, MAX_SMALL_FILE_BYTES, TouchmarkError } from "@touchmark/core";
import type { Host, PlatformRun } from "@touchmark/plugin";
import { certifiedHolder, trustedIdentity } from "@touchmark/verify";
import {
  contactsOf,
  instanceOf,
  type LogMode,
  PUBLIC_INSTANCE,
  readSigningConfig,
  type SigningInstance,
  type SigstoreSigner,
  sigstoreSigner,
} from "./builtin-services.ts";
import { rootsOf } from "./chosen-roots.ts";
import type { Config } from "./config/schema.ts";
import type { Context } from "./context.ts";
import { readInput } from "./read-input.ts";
import type { Signing, SigningOptions } from "./signing.ts";

/** Flags of `attest` about signing without a key. */
export interface KeylessOptions {
  readonly keyless?: boolean;
  readonly signingConfig?: string;
  readonly fulcioUrl?: string;
  readonly rekorUrl?: string;
  readonly rekorVersion?: string;
  readonly tsaUrl?: string;
  readonly trustedRoot?: string;
  readonly log?: string;
  readonly acknowledgePrivate?: boolean;
  /** An identity that the user hands in says that it signs. */
  readonly identityToken?: string;
  readonly login?: true | string;
}

/** What flags and configuration want of a signature without a key. */
export interface Keyless {
  readonly instance: SigningInstance;
  readonly log: LogMode;
  readonly acknowledgePrivate: boolean;
  /** Of the instance; null: the roots that come with the program. */
  readonly trustedRoot: string | null;
}

const FLAGS = [
  ["signingConfig", "--signing-config"],
  ["fulcioUrl", "--fulcio-url"],
  ["rekorUrl", "--rekor-url"],
  ["rekorVersion", "--rekor-version"],
  ["tsaUrl", "--tsa-url"],
  ["trustedRoot", "--trusted-root"],
  ["log", "--log"],
  ["acknowledgePrivate", "--acknowledge-private"],
] as const;

const OF_A_KEY = [
  ["key", "--key"],
  ["signerExec", "--signer-exec"],
  ["passphraseFile", "--passphrase-file"],
  ["passphraseEnv", "--passphrase-env"],
] as const;

/**
 * Nobody signs without a key by accident: it must be said, since names become public.
 *
 * @returns null where a key signs.
 * @throws TouchmarkError `USAGE` for flags that contradict each other or say nothing; those of the signing configuration, and
 * `ROOTS_INVALID` for one that brings its own roots.
 */
export async function keylessOf(
  context: Context,
  options: KeylessOptions & SigningOptions,
  config: Config | null,
): Promise<Keyless | null> {
  const configured = config?.sign?.with === "keyless" && options.key === undefined;
  const hasKey = options.key !== undefined || (config?.sign?.key !== undefined && !configured);
  // A platform's token may be handed in for what is stated, where a key signs.
  const said =
    options.keyless === true || options.login !== undefined || (options.identityToken !== undefined && !hasKey);
  if (!said && !configured) {
    const stray = FLAGS.find(([name]) => options[name] !== undefined)?.[1];
    if (stray === undefined) return null;
    throw usage(`${stray} is about signing without a key`, "--keyless beside it, or sign.with: keyless", "neither");
  }
  const ofKey = OF_A_KEY.find(([name]) => options[name] !== undefined)?.[1];
  if (ofKey !== undefined) throw usage("a key signs, or none does", `${ofKey} or --keyless`, "both");
  if (configured && (config?.sign?.key !== undefined || config?.sign?.exec !== undefined)) {
    throw usage("a key signs, or none does", "sign.with: keyless, or sign.key", "both in the configuration");
  }
  const { instance, ownRoot } = await chosenServices(context, options, config);
  // Flags win: roots that came with services of a flag also over those of the configuration.
  const besideFlag = options.signingConfig === undefined ? null : ownRoot;
  const trustedRoot = options.trustedRoot ?? besideFlag ?? config?.sign?.["trusted-root"] ?? ownRoot;
  if (instance !== PUBLIC_INSTANCE && trustedRoot === null) {
    throw usage(
      "signing services of your own are trusted by nobody yet",
      "--trusted-root FILE with their roots, by which the signature is verified again, or a ClientTrustConfig",
      "none",
    );
  }
  return {
    instance,
    log: logMode(options.log ?? config?.sign?.log ?? "auto"),
    acknowledgePrivate: options.acknowledgePrivate === true,
    trustedRoot,
  };
}

interface ChosenServices {
  readonly instance: SigningInstance;
  /** The file with the services, where it holds their roots too. */
  readonly ownRoot: string | null;
}

async function chosenServices(
  context: Context,
  options: KeylessOptions,
  config: Config | null,
): Promise<ChosenServices> {
  const { fulcioUrl, rekorUrl, rekorVersion, tsaUrl } = options;
  const addresses = [fulcioUrl, rekorUrl, rekorVersion, tsaUrl].some((one) => one !== undefined);
  if (addresses && options.signingConfig !== undefined) {
    throw usage("signing services are named twice", "--signing-config, or addresses", "both");
  }
  if (addresses) {
    if (fulcioUrl === undefined || (rekorUrl === undefined && rekorVersion !== undefined)) {
      throw usage(
        "the address of a signing service is missing",
        "--fulcio-url, and --rekor-url beside --rekor-version",
        "none",
      );
    }
    const rekor = rekorUrl === undefined ? null : { url: rekorUrl, version: versionOf(rekorVersion) };
    return { instance: instanceOf({ fulcio: fulcioUrl, rekor, timestamps: tsaUrl ?? null }), ownRoot: null };
  }
  const file = options.signingConfig ?? config?.sign?.["signing-config"];
  if (file === undefined) return { instance: PUBLIC_INSTANCE, ownRoot: null };
  const bytes = await readInput(context.cwd, file, MAX_SMALL_FILE_BYTES);
  const { instance, withTrustedRoot } = readSigningConfig(bytes, Date.now);
  if (!withTrustedRoot) return { instance, ownRoot: null };
  // Also where other roots count: of a file that is broken nothing is used.
  await rootsOf(context, file);
  return { instance, ownRoot: file };
}

function versionOf(text: string | undefined): 1 | 2 {
  if (text === undefined || text === "2") return 2;
  if (text === "1") return 1;
  throw usage("there is no such version of Rekor", "1 or 2", text);
}

function logMode(text: string): LogMode {
  if (text === "auto" || text === "public" || text === "none") return text;
  throw usage("--log is not a choice", "auto, public or none", text);
}

/** Whom the host must let the signer contact. */
export function keylessContacts(keyless: Keyless | null): readonly string[] {
  return keyless === null ? [] : contactsOf(keyless.instance);
}

/**
 * A signer without a key. What it signs is verified as a consumer would: by the identity that the token gives the run as
 * its builder, or that the user handed in, with its issuer and its source, under the roots of the instance.
 *
 * @throws TouchmarkError `IDENTITY_TOKEN_MISSING` on a platform without tokens; as `sigstoreSigner`.
 */
export function openKeyless(context: Context, keyless: Keyless, run: PlatformRun): Signing {
  const { issuer } = run;
  if (issuer === null) {
    throw new TouchmarkError("IDENTITY_TOKEN_MISSING", `the platform ${run.platform} has no identity to sign with`, {
      expected: "a job on a CI platform that gives identity tokens, --login, --identity-token FILE, or a key",
      actual: run.platform,
    });
  }
  const signer = sigstoreSigner({
    ...keyless,
    clock: Date.now,
    // From the token, as `claim` below; the certificate authority is told neither. A handed identity is compared in
    // `trustOf`, which is also before anything is signed.
    ...(run.checkSigner === undefined
      ? { identity: async (one: PlatformRun, host: Host) => (await one.claim(host)).builder.id }
      : {}),
  });
  // Read while others are asked; whoever needs them sees what is wrong with them.
  const roots = rootsOf(context, keyless.trustedRoot ?? undefined);
  roots.catch(() => undefined);
  return {
    signer,
    run,
    publicKey: null,
    trustOf: async (claim, host) =>
      trustedIdentity({
        ...(await signerOf(signer, run, issuer, claim, host)),
        identityPattern: null,
        withoutLog: !(await signer.entersLog(run, host)),
        roots: await roots,
      }),
    notes: async (host) => notesOn(await signer.entersLog(run, host)),
  };
}

interface ExpectedSigner {
  readonly identity: string;
  readonly issuer: string;
  readonly source: string | null;
}

/**
 * Whom a consumer will find in the certificate: the builder of the statement, on a CI platform. By an identity that the
 * user handed in it is whoever the authority took the token for, once that was compared with the token.
 */
async function signerOf(
  signer: SigstoreSigner,
  run: PlatformRun,
  issuer: string,
  claim: BuildClaim,
  host: Host,
): Promise<ExpectedSigner> {
  if (run.checkSigner === undefined) return { issuer, identity: claim.builder.id, source: sourceOf(claim) };
  const holder = await certifiedHolder(await signer.certificate(run, host));
  await run.checkSigner(holder, host);
  return holder;
}

/** `git+https://github.com/octo/widgets@refs/tags/v1` as a certificate has it. */
function sourceOf(claim: BuildClaim): string | null {
  return claim.source?.uri?.replace(/^git\+/, "") ?? null;
}

function notesOn(entersLog: boolean): readonly string[] {
  return entersLog
    ? []
    : ["No transparency log has the signature: touchmark verify needs --without-log beside the identity."];
}

function usage(message: string, expected: string, actual: string): TouchmarkError {
  return new TouchmarkError("USAGE", message, { expected, actual });
}
