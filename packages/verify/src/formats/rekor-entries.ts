import { createHash, X509Certificate } from "node:crypto";
import { type Bundle, isTouchmarkError } from "@touchmark/core";
import { type Logged, readBody } from "../certificate/log-body.ts";
import { reading } from "../certificate/refused.ts";
import { envelopeContent } from "../certificate/signed-content.ts";
import { MAX_SIFTED_ENTRIES, MAX_TRIED_ENTRIES } from "./limits.ts";
import type { LoggedBundles } from "./logged-bundles.ts";
import type { RekorEntry } from "./rekor-answer.ts";

/** What one entry says, and the entry. */
interface Known {
  readonly entry: RekorEntry;
  readonly logged: Logged;
}

/**
 * Keeps entries by what they are about. An entry of another kind, or one whose body cannot be read, is about nothing here.
 * Nothing is verified: an entry counts for a bundle once the bundle with it holds.
 */
export function rekorEntries(entries: readonly RekorEntry[]): LoggedBundles {
  const index = new Map<string, Known[]>();
  // An entry with a proof and one without are two: which of them holds is not known yet.
  const each = new Map(entries.map((entry) => [JSON.stringify(entry.inBundle), entry]));
  for (const entry of each.values()) {
    const logged = bodyOf(entry);
    if (logged === null || logged.digest.of !== "payload") continue;
    const known = { entry, logged };
    for (const key of keysOf(sha256Key(logged.digest.bytes), logged)) {
      const same = index.get(key);
      if (same === undefined) index.set(key, [known]);
      else same.push(known);
    }
  }
  return {
    of(bundle) {
      const payload = sha256Key(createHash("sha256").update(bundle.payload).digest());
      const leaf = leafOf(bundle);
      const found = [
        ...(index.get(bySignature(payload, bundle.signature)) ?? []),
        ...(index.get(leaf === null ? payload : byVerifier(payload, leaf)) ?? []),
      ];
      const about = found.flatMap((known) => loggedBundle(bundle, leaf, known) ?? []);
      return (leaf === null ? signedOnes(about) : about).slice(0, MAX_TRIED_ENTRIES);
    },
  };
}

/** By signature where the log kept it; else by who signed, and for an envelope that does not say that, by the payload. */
function keysOf(payload: string, { signature, verifier }: Logged): readonly string[] {
  return signature === null ? [byVerifier(payload, verifier), payload] : [bySignature(payload, signature)];
}

function bySignature(payload: string, signature: Uint8Array): string {
  return `${payload} signature ${Buffer.from(signature).toString("base64")}`;
}

function byVerifier(payload: string, verifier: Uint8Array): string {
  return `${payload} verifier ${Buffer.from(verifier).toString("base64")}`;
}

function sha256Key(digest: Uint8Array): string {
  return Buffer.from(digest).toString("hex");
}

function leafOf({ signer }: Bundle): Uint8Array | null {
  return signer.kind === "certificate" ? (signer.chain[0] ?? null) : null;
}

/** The bundle v0.1 that an envelope and its entry make: this version has a promise. Null where they are of two signers. */
function loggedBundle(bundle: Bundle, leaf: Uint8Array | null, { entry, logged }: Known): Bundle | null {
  const { verifier } = logged;
  // An envelope that lost its certificate: the log kept it. That it belongs to the signature is verified like the rest.
  if (leaf === null ? !isCertificate(verifier) : Buffer.compare(verifier, leaf) !== 0) return null;
  return {
    ...bundle,
    mediaType: "application/vnd.dev.sigstore.bundle+json;version=0.1",
    signer: { kind: "certificate", chain: [verifier] },
    tlogEntries: [entry.inBundle],
  };
}

/**
 * Those whose certificate's key made the signature. Anybody can have a log write down more entries about a payload, each with
 * a signature of their own: these must not stand before the right one.
 */
function signedOnes(bundles: readonly Bundle[]): readonly Bundle[] {
  const sifted = bundles.slice(0, MAX_SIFTED_ENTRIES);
  const [first] = sifted;
  if (first === undefined) return [];
  const content = envelopeContent(first); // of all: they differ in certificate and entry
  return sifted.filter((one) => {
    const leaf = leafOf(one);
    return leaf !== null && holds(() => content.isSignedBy(new X509Certificate(leaf).publicKey));
  });
}

/** False also for a key that nothing is verified with. */
function holds(check: () => boolean): boolean {
  try {
    return check();
  } catch {
    return false;
  }
}

function isCertificate(der: Uint8Array): boolean {
  try {
    return new X509Certificate(der).raw.byteLength === der.byteLength;
  } catch {
    return false;
  }
}

function bodyOf(entry: RekorEntry): Logged | null {
  try {
    return reading("LOG_ENTRY_INVALID", "the body of a log entry", () => readBody(entry));
  } catch (error) {
    if (isTouchmarkError(error)) return null;
    throw error;
  }
}
