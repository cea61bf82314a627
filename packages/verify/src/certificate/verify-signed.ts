import type { KeyObject } from "node:crypto";
import type { Bundle, BundleMaterial } from "@touchmark/core";
import type { RootMaterial } from "../roots/material.ts";
import type { ShowSigning } from "../trace/compared-signing.ts";
import { type Trace, traced } from "../trace/trace.ts";
import { askLibrary } from "./ask-library.ts";
import { checkCheckpoint } from "./checkpoint.ts";
import { checkDemand, type Demand } from "./demand.ts";
import { checkInclusion } from "./inclusion.ts";
import { type Leaf, readLeaf } from "./leaf.ts";
import { checkLogBody } from "./log-body.ts";
import { type LogEntry, readLogEntries } from "./log-entry.ts";
import { checkPromise, isOfOldKind } from "./promise.ts";
import { refused } from "./refused.ts";
import type { SignedContent } from "./signed-content.ts";
import { readTimestamps } from "./timestamp-token.ts";
import { checkKnown } from "./unknown-authority.ts";
import { checkTimes, checkWindows, countParties, timesOf } from "./verified-times.ts";

/** A signature that held, by somebody whom a certificate names. Whether that somebody is trusted is another question. */
export interface VerifiedSigning {
  readonly leaf: Leaf;
  /** Every verified time, the earliest first; all of them within the certificate's validity. */
  readonly times: readonly Date[];
}

/** What is verified, and by whom it says that it was signed. */
export interface Signed {
  readonly mediaType: string;
  readonly material: BundleMaterial;
  readonly content: SignedContent;
}

/**
 * Verifies a signature that was made with a certificate: limits, form, chain at every verified time, certificate
 * transparency, log entries with their proofs and promises, timestamps, and at last the signature.
 *
 * @param olderThan - the newest date for which the root is known to be complete.
 * @param trace - null: nobody wants to know what was checked.
 * @throws TouchmarkError `BUNDLE_MALFORMED`, `CERTIFICATE_INVALID`, `LOG_ENTRY_INVALID`, `TIMESTAMP_INVALID`,
 * `SIGNATURE_INVALID`; `ROOTS_STALE` where newer evidence names an authority that the root does not have.
 */
export function verifySigned(
  signed: Signed,
  root: RootMaterial,
  demand: Demand,
  olderThan: Date,
  trace: Trace<ShowSigning> | null = null,
): VerifiedSigning {
  checkDemand(demand);
  const { content } = signed;
  const parts = traced(
    trace,
    "form",
    () => partsOf(signed),
    (show, read) => (read === null ? [] : show.comparedForm(read)),
  );
  const { leaf, entries, tokens } = parts;
  traced(trace, "roots", () => checkKnown(parts, root, olderThan));
  const checkEntries = () => {
    for (const entry of entries) {
      checkLogBody(entry, content, [leaf.der]);
      checkLogged(entry, root);
    }
  };
  traced(trace, "log", checkEntries, (show) => show.comparedLogs(entries));
  const times = timesOf(entries, tokens);
  // Of times that the next check proves, or throws.
  traced(
    trace,
    "time",
    () => checkTimes(leaf, times),
    (show) => show.comparedTimes(parts),
  );
  const key = { $case: "certificate", certificate: leaf.certificate } as const;
  traced(trace, "signature", () => askLibrary({ key, entries, tokens, content }, root.forLibrary, demand));
  const checkWitnesses = () => {
    checkWindows(entries, root, times);
    countParties({ entries, tokens }, root, demand);
  };
  traced(trace, "witnesses", checkWitnesses, (show) => show.comparedDemand(demand));
  return { leaf, times };
}

function partsOf({ mediaType, material }: Signed) {
  const version = bundleVersion(mediaType);
  const leaf = readLeaf(leafOf(material, version));
  const entries = readLogEntries(material.tlogEntries, version);
  return { leaf, entries, tokens: readTimestamps(material.timestamps) };
}

/**
 * Who signed, where another thread did the rest of {@link verifySigned} and found these times.
 *
 * @throws TouchmarkError `BUNDLE_MALFORMED`, `CERTIFICATE_INVALID`; `TIMESTAMP_INVALID` for times outside of its validity.
 */
export function signingOf(bundle: Bundle, times: readonly Date[]): VerifiedSigning {
  const leaf = readLeaf(leafOf(bundle, bundleVersion(bundle.mediaType)));
  checkTimes(leaf, times);
  return { leaf, times };
}

/**
 * Verifies a signature that was made with a key, and all that the bundle brings with it: an entry or a timestamp that does
 * not hold is refused, also where neither is needed.
 *
 * @param demand - what must be there; nothing when absent, since a key may be worth something at any time.
 * @returns every verified time, the earliest first.
 * @throws TouchmarkError as {@link verifySigned}.
 */
export function verifySignedByKey(
  signed: Signed,
  key: KeyObject,
  root: RootMaterial,
  demand: Demand = { logs: 0, times: 0 },
): readonly Date[] {
  const version = bundleVersion(signed.mediaType);
  const { material, content } = signed;
  const entries = readLogEntries(material.tlogEntries, version);
  const tokens = readTimestamps(material.timestamps);
  for (const entry of entries) {
    checkLogBody(entry, content, [key.export({ type: "spki", format: "der" })]);
    checkLogged(entry, root);
  }
  const publicKey = () => ({ publicKey: key, validFor: () => true });
  askLibrary(
    { key: { $case: "public-key", hint: "" }, entries, tokens, content },
    { ...root.forLibrary, publicKey },
    demand,
  );
  const times = timesOf(entries, tokens);
  checkWindows(entries, root, times);
  countParties({ entries, tokens }, root, demand);
  return times;
}

/** What Sigstore's verifier leaves open about an entry: of an old kind, everything. */
function checkLogged(entry: LogEntry, root: RootMaterial): void {
  if (isOfOldKind(entry)) checkPromise(entry, root);
  if (entry.proof === null) return;
  checkCheckpoint(entry.proof, hostsOf(entry, root));
  if (isOfOldKind(entry)) checkInclusion(entry, entry.proof, root);
}

/** @throws TouchmarkError `BUNDLE_MALFORMED`. */
export function bundleVersion(mediaType: string): "0.1" | "0.2" | "0.3" {
  const version = /(?:version=|\.v)(0\.[123])(?:\+json)?$/.exec(mediaType)?.[1];
  if (version === "0.1" || version === "0.2" || version === "0.3") return version;
  throw refused("BUNDLE_MALFORMED", "the bundle is of another version", {
    expected: "v0.1 to v0.3",
    actual: mediaType,
  });
}

/**
 * The signing certificate. What else a chain holds, intermediate ones or a root, is never used: the trusted roots have the
 * chain. From v0.3 on a bundle has one certificate and no chain (sigstore_bundle.proto, x509_certificate_chain).
 */
function leafOf({ signer }: BundleMaterial, version: string): Uint8Array {
  const [leaf, ...more] = signer.kind === "certificate" ? signer.chain : [];
  if (leaf === undefined || (version === "0.3" && more.length > 0)) {
    throw refused("BUNDLE_MALFORMED", "the bundle does not hold one signing certificate", {
      expected: "one certificate",
      actual: leaf === undefined ? "none" : `a chain of ${more.length + 1}`,
    });
  }
  return leaf;
}

function hostsOf(entry: LogEntry, root: RootMaterial): readonly string[] {
  return root.logs.filter(({ logId }) => logId.equals(entry.logId)).flatMap(({ hosts }) => hosts);
}
