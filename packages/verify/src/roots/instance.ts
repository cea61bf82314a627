import { createHash } from "node:crypto";
import { stableText } from "@touchmark/core";
import { parseCertificate } from "../certificate/parse-certificate.ts";
import type { SeenInstance } from "../seen/schema.ts";
import { keyOf } from "./material.ts";
import { newestStart } from "./parse-roots.ts";
import type { TrustedRoot } from "./schema.ts";

/** By what one root is known again. Its material must have been read before: what cannot be read throws. */
export function instanceOf(root: TrustedRoot): SeenInstance {
  const keys = new Map<string, string | null>();
  for (const { publicKey } of [...root.tlogs, ...root.ctlogs]) {
    note(keys, keyOf(publicKey.rawBytes).export({ type: "spki", format: "der" }), publicKey.validFor.end);
  }
  for (const { certChain, validFor } of [...root.certificateAuthorities, ...root.timestampAuthorities]) {
    for (const { rawBytes } of certChain.certificates) {
      note(keys, parseCertificate(rawBytes).publicKey, validFor.end);
    }
  }
  return {
    digest: createHash("sha256")
      .update(stableText(writable(root)))
      .digest("hex"),
    newest: newestStart(root).toISOString(),
    keys: Object.fromEntries(keys),
  };
}

/** A key that stands there twice counts until the later end. */
function note(keys: Map<string, string | null>, spki: Uint8Array, end: Date | null): void {
  const digest = createHash("sha256").update(spki).digest("hex");
  const known = keys.get(digest);
  const text = end?.toISOString() ?? null;
  if (known === null) return;
  keys.set(digest, known === undefined || text === null || text > known ? text : known);
}

/** Dates and bytes as text, so that two files that say the same are the same. */
function writable(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (Array.isArray(value)) return value.map(writable);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, writable(member)]));
}
