import { X509Certificate } from "node:crypto";
import { parseStatement } from "@touchmark/core";
import { createHost } from "@touchmark/host-node";
import type { PlatformRun } from "@touchmark/plugin";
import { type OneArtifact, type Roots, verifyOne } from "@touchmark/verify";
import {
  contactsOf,
  PUBLIC_INSTANCE,
  readSigningConfig,
  type SigningInstance,
  sigstoreSigner,
} from "./builtin-services.ts";

/** What `sign-bundle` is told. */
export interface SigningOrder {
  /** The file is an in-toto statement, or anything. */
  readonly kind: "statement" | "file";
  readonly token: string;
  /** Null: the public-good instance. */
  readonly signingConfig: Uint8Array | null;
  /** By which the bundle is verified again. */
  readonly roots: Roots;
}

/** Signs a file, or the statement in it, with whatever token it is given, and verifies the bundle. */
export async function signOne(
  file: Uint8Array,
  { kind, token, signingConfig, roots }: SigningOrder,
): Promise<Uint8Array> {
  // Before anything is asked: a file that is no statement would be signed as one.
  const artifact: OneArtifact =
    kind === "file" ? { kind: "bytes", bytes: file } : { kind: "digest", sha256: subjectIn(file) };
  const instance = signingConfig === null ? PUBLIC_INSTANCE : readSigningConfig(signingConfig, Date.now).instance;
  const host = createHost({
    workspace: process.cwd(),
    roots: [],
    signal: AbortSignal.timeout(TIME_LIMIT_MS),
    userCode: false,
    env: process.env,
    network: { kind: "services", hosts: contactsOf(instance) },
    workers: 1,
  });
  try {
    const signer = sigstoreSigner({ instance, ...logPolicy(instance), clock: Date.now });
    const run = runWith(token);
    const bundle = kind === "file" ? await signer.signFile(file, run, host) : await signer.sign(file, run, host);
    await verifyOne(bundle, artifact, signerIn(bundle, token), roots);
    return bundle;
  } finally {
    await host.close();
  }
}

/** The suite waits for as long as it likes, and a job should not. */
const TIME_LIMIT_MS = 600_000;

function subjectIn(statement: Uint8Array): string {
  const sha256 = parseStatement(statement).subject.find(({ digest }) => digest["sha256"] !== undefined)?.digest[
    "sha256"
  ];
  if (sha256 === undefined) throw new TypeError("the statement has no subject with a sha256");
  return sha256;
}

/** The suite signs with tokens that are made for it, and wants whatever the instance has. */
function logPolicy({ logs }: SigningInstance) {
  return { log: logs.length > 0 ? "public" : "none", acknowledgePrivate: true } as const;
}

function runWith(token: string): PlatformRun {
  return {
    platform: "conformance",
    level: { build: 1, reason: "a token that somebody passed on" },
    issuer: null,
    contacts: [],
    claim: () => Promise.reject(new TypeError("nothing is known of the run")),
    origin: async () => null,
    identityToken: async () => token,
  };
}

/** Whom the certificate names; that it is whom the token names, its issuer says. */
function signerIn(bundle: Uint8Array, token: string) {
  const { verificationMaterial } = JSON.parse(new TextDecoder().decode(bundle));
  const certificate = new X509Certificate(Buffer.from(verificationMaterial.certificate.rawBytes, "base64"));
  const identity = (certificate.subjectAltName ?? "").replace(/^(?:URI|email):/, "");
  const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
  // https://github.com/sigstore/fulcio/blob/main/docs/oidc.md: a broker's token says behind which issuer the person stands.
  const issuer: string = claims.federated_claims?.connector_id ?? claims.iss;
  return { kind: "identity", identity, issuer } as const;
}
