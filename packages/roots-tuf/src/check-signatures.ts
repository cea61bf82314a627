import { createHash, createPublicKey } from "node:crypto";
import type { Key } from "@tufjs/models";
import type { Metadata } from "./metadata.ts";
import type { RoleName } from "./schema.ts";
import { unusable } from "./unusable.ts";

/** Who signs a piece of metadata, and how many of them it takes. */
export interface Signers {
  readonly keyids: readonly string[];
  readonly threshold: number;
  readonly keys: Readonly<Record<string, Key>>;
  /** For messages: `targets.json names`. */
  readonly namedBy: string;
}

/**
 * Checks that enough of those whom a root names for a role have signed.
 *
 * @throws TouchmarkError `SERVICE_INVALID`.
 */
export function checkSignatures(root: Metadata<"root">, metadata: Metadata<RoleName>, label: string): void {
  const { version, roles } = root.signed;
  const { signed } = root.model;
  const keys = "keys" in signed ? (signed.keys as Signers["keys"]) : {};
  checkSigners({ ...roles[metadata.role], keys, namedBy: `version ${version} of the TUF root names` }, metadata, label);
}

/**
 * The same for any signers. Keys are counted, not their names: one key under two names is one signer.
 *
 * @throws TouchmarkError `SERVICE_INVALID`.
 */
export function checkSigners(
  { keyids, threshold, keys, namedBy }: Signers,
  metadata: Metadata<RoleName>,
  label: string,
): void {
  const signers = new Set<string>();
  for (const id of new Set(keyids)) {
    const key = Object.hasOwn(keys, id) ? keys[id] : undefined;
    const signer = key === undefined ? null : signerOf(key, metadata);
    if (signer !== null) signers.add(signer);
  }
  if (signers.size >= threshold) return;
  throw unusable(label, `signatures by ${threshold} of the ${keyids.length} keys that ${namedBy}`, `${signers.size}`);
}

/** Who made a signature that holds, by the key itself; null where there is none. */
function signerOf(key: Key, metadata: Metadata<RoleName>): string | null {
  try {
    const name = fingerprint(key);
    key.verifySignature(metadata.model);
    return name;
  } catch {
    return null; // a key of a kind that is not known, no signature by it, or one that does not hold
  }
}

/** Hex is how Ed25519 keys stand there; all others are PEM. */
function fingerprint({ keyVal, scheme }: Key): string {
  const text = keyVal["public"] ?? "";
  if (scheme === "ed25519" && /^[0-9a-f]{64}$/i.test(text)) return spkiOf(Buffer.from(`${ED25519_SPKI}${text}`, "hex"));
  return spkiOf(text);
}

/** RFC 8410 section 4, before the 32 bytes of the key. */
const ED25519_SPKI = "302a300506032b6570032100";

function spkiOf(key: string | Buffer): string {
  const read = typeof key === "string" ? createPublicKey(key) : createPublicKey({ key, format: "der", type: "spki" });
  return createHash("sha256")
    .update(read.export({ type: "spki", format: "der" }))
    .digest("hex");
}
