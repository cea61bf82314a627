import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { INTOTO_PAYLOAD_TYPE, preAuthEncoding, refuseEnvelope, TouchmarkError } from "@touchmark/core";
import { allOrNone, type Host, type PlatformRun, type Signer } from "@touchmark/plugin";
import { encodeBundle } from "./bundle.ts";
import { type IssuedCertificate, requestCertificate } from "./certificate.ts";
import type { Clock } from "./clock.ts";
import { MAX_SIGNATURES, MIN_CERTIFICATE_LIFE_MS } from "./limits.ts";
import { checkLogMode, type LogPolicy, usesLog } from "./log-choice.ts";
import type { LogEntry, Logged } from "./log-entry.ts";
import { enterInRekorV1 } from "./rekor-v1.ts";
import { enterInRekorV2 } from "./rekor-v2.ts";
import { requestTimestamps } from "./request-timestamps.ts";
import type { SignedContent } from "./signed-content.ts";
import type { LogService, SigningInstance } from "./signing-instance.ts";
import { type TokenClaims, tokenClaims } from "./token-claims.ts";

export interface SigstoreSignerOptions extends LogPolicy {
  readonly instance: SigningInstance;
  readonly clock: Clock;
  /** Whom the certificate authority wants tokens to be meant for; `sigstore` when absent. */
  readonly audience?: string;
  /** Whom the certificate must name, exactly; asked before anything is signed. Anybody when absent. */
  readonly identity?: (run: PlatformRun, host: Host) => Promise<string>;
}

/** A signer that can say beforehand what becomes public. */
export interface SigstoreSigner extends Signer {
  /**
   * Whether statements of this run go into a log.
   *
   * @throws TouchmarkError `PRIVATE_REPOSITORY`; those of the platform's token.
   */
  entersLog(run: PlatformRun, host: Host): Promise<boolean>;
  /**
   * The certificate by which statements of this run are signed, in DER; asked for now if there is none yet.
   *
   * @throws TouchmarkError as `sign`.
   */
  certificate(run: PlatformRun, host: Host): Promise<Uint8Array>;
  /**
   * Signs a file as it is, without a statement about it.
   *
   * @returns a bundle with a message signature, as other Sigstore clients make them for files.
   * @throws TouchmarkError as `sign`; `INPUT_INVALID` for bytes whose signature would be one of a statement.
   */
  signFile(bytes: Uint8Array, run: PlatformRun, host: Host): Promise<Uint8Array>;
}

/** A key that lives in this process alone, and the certificate that says whose it is. */
interface SigningIdentity {
  readonly key: KeyObject;
  readonly certificate: IssuedCertificate;
  readonly claims: TokenClaims;
}

/**
 * Signs without a key to keep: a new key for each process, a certificate for it that the instance makes from the run's
 * identity token, an entry in its log and a timestamp. Statements of one process share the certificate while it lasts.
 *
 * `sign` gives a whole bundle or none. Nothing is written to disk; neither key nor token stands in a message.
 *
 * @throws TouchmarkError here: `USAGE` for services that cannot say when a signature was made. `sign`:
 * `IDENTITY_TOKEN_MISSING` on a platform without a token and those of the platform; `PRIVATE_REPOSITORY`;
 * `SERVICE_UNAVAILABLE`, `SERVICE_DENIED`, `SERVICE_INVALID`, `NETWORK_UNAVAILABLE`. `signMessage`: always `USAGE`.
 */
export function sigstoreSigner(options: SigstoreSignerOptions): SigstoreSigner {
  checkLogMode(options.log, options.instance);
  let kept: SigningIdentity | null = null;
  const identityOf = async (run: PlatformRun, host: Host): Promise<SigningIdentity> => {
    const left = kept === null ? 0 : kept.certificate.notAfter - options.clock();
    if (kept === null || left < MIN_CERTIFICATE_LIFE_MS) kept = await newIdentity(options, run, host);
    return kept;
  };
  const signedBy = async (signed: Uint8Array, content: SignedContent, run: PlatformRun, host: Host) => {
    const identity = await identityOf(run, host);
    const logs = usesLog(options, options.instance, identity.claims) ? options.instance.logs : [];
    return signedBundle(signed, content, identity, { ...options.instance, logs }, host);
  };
  return {
    name: "sigstore",
    async entersLog(run, host) {
      return usesLog(options, options.instance, tokenClaims(await tokenOf(options, run, host)));
    },
    certificate: async (run, host) => (await identityOf(run, host)).certificate.der,
    async sign(payload, run, host) {
      const content = { kind: "envelope", payloadType: INTOTO_PAYLOAD_TYPE, payload } as const;
      return signedBy(preAuthEncoding(INTOTO_PAYLOAD_TYPE, payload), content, run, host);
    },
    async signFile(bytes, run, host) {
      refuseEnvelope(bytes);
      return signedBy(bytes, { kind: "file" }, run, host);
    },
    async signMessage() {
      // The signature alone says neither who signed nor when: both stand in a bundle, for which the format has no place.
      throw new TouchmarkError("USAGE", "a signature of an image's own format needs a key", {
        expected: "a key, or the attached statement alone, which cosign verify-attestation reads",
        actual: "a certificate",
      });
    },
  };
}

async function tokenOf(options: SigstoreSignerOptions, run: PlatformRun, host: Host): Promise<string> {
  const token = await run.identityToken(options.audience ?? "sigstore", host);
  if (token !== null) return token;
  throw new TouchmarkError("IDENTITY_TOKEN_MISSING", `the platform ${run.platform} gives no identity token`, {
    expected: "a CI platform that gives one, or a key",
    actual: "none",
  });
}

async function newIdentity(options: SigstoreSignerOptions, run: PlatformRun, host: Host): Promise<SigningIdentity> {
  const token = await tokenOf(options, run, host);
  const claims = tokenClaims(token);
  // Before the certificate, which may be public as soon as it is made.
  usesLog(options, options.instance, claims);
  const { privateKey: key } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const request = { token, key, proofSubject: claims.proofSubject };
  const certificate = await requestCertificate(options.instance.certificateAuthority, request, host);
  await checkName(options, certificate, run, host);
  return { key, claims, certificate };
}

/** An entry in a log cannot be taken back: nothing is signed by a certificate of somebody else. */
async function checkName(
  { identity, instance }: SigstoreSignerOptions,
  { name }: IssuedCertificate,
  run: PlatformRun,
  host: Host,
): Promise<void> {
  const expected = (await identity?.(run, host)) ?? name;
  if (name === expected) return;
  const authority = new URL(instance.certificateAuthority).host;
  throw new TouchmarkError("SERVICE_INVALID", `the certificate authority at ${authority} certifies somebody else`, {
    expected,
    actual: JSON.stringify(name.slice(0, 300)),
  });
}

async function signedBundle(
  signed: Uint8Array,
  content: SignedContent,
  { key, certificate }: SigningIdentity,
  instance: SigningInstance,
  host: Host,
): Promise<Uint8Array> {
  const digest = createHash("sha256").update(signed).digest();
  for (let number = 0; number < MAX_SIGNATURES; number += 1) {
    const signature = sign("sha256", signed, key);
    const logged = { content, digest, signature, certificate };
    const [entries, timestamps] = await allOrNone(host, (joint) => [
      allOrNone(joint, (logging) => instance.logs.map((log) => enter(log, logged, logging))),
      allOrNone(joint, (stamping) => requestTimestamps(instance, signature, stamping)),
    ]);
    const made = entries.filter((entry) => entry !== null);
    if (made.length < entries.length) continue;
    return encodeBundle({ ...logged, certificate: certificate.der, entries: made, timestamps });
  }
  throw new TouchmarkError("SERVICE_INVALID", "the log says of every new signature that it has it already", {
    expected: "an entry",
    actual: `status 409, ${MAX_SIGNATURES} times`,
  });
}

function enter({ url, version }: LogService, logged: Logged, host: Host): Promise<LogEntry | null> {
  return version === 1 ? enterInRekorV1(url, logged, host) : enterInRekorV2(url, logged, host);
}
