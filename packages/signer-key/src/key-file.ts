import { TouchmarkError } from "@touchmark/core";
import { MAX_KEY_BYTES } from "./limits.ts";

/** What a key file turned out to be, by its labels alone; nothing is decrypted. */
export type KeyFile =
  | { readonly kind: "private"; readonly pem: string; readonly encrypted: boolean }
  | { readonly kind: "public"; readonly pem: string }
  /** Holds a public key inside something else, which is refused as a key and named. */
  | { readonly kind: "public-elsewhere"; readonly what: string }
  | { readonly kind: "unusable"; readonly what: string; readonly remedy: string };

const PRIVATE_LABELS = ["PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY", "DSA PRIVATE KEY"];

const COSIGN_REMEDY =
  "a PKCS#8 key: make one with `touchmark keys generate` and bring it to cosign with `cosign import-key-pair`, " +
  "or decrypt this one as docs/signing.md shows";

/** Other tools' key files, by PEM label: what to call them and what to do. */
const FOREIGN_LABELS: ReadonlyMap<string, { readonly what: string; readonly remedy: string }> = new Map([
  ["ENCRYPTED SIGSTORE PRIVATE KEY", { what: "cosign's own encrypted key file", remedy: COSIGN_REMEDY }],
  ["ENCRYPTED COSIGN PRIVATE KEY", { what: "cosign's own encrypted key file", remedy: COSIGN_REMEDY }],
  [
    "OPENSSH PRIVATE KEY",
    { what: "an OpenSSH private key", remedy: "a PKCS#8 key: ssh-keygen -p -m PKCS8 -f FILE rewrites it" },
  ],
  [
    "PGP PRIVATE KEY BLOCK",
    { what: "an OpenPGP key", remedy: "a PKCS#8 key, such as `touchmark keys generate` makes" },
  ],
  ["PGP PUBLIC KEY BLOCK", { what: "an OpenPGP key", remedy: "a key such as `touchmark keys generate` makes" }],
]);

/**
 * Says what a key file is.
 *
 * @throws TouchmarkError `INPUT_TOO_LARGE` above 64 KiB.
 */
export function classifyKeyFile(bytes: Uint8Array): KeyFile {
  if (bytes.byteLength > MAX_KEY_BYTES) {
    throw new TouchmarkError("INPUT_TOO_LARGE", "the key file is too large to be a key", {
      expected: `at most ${MAX_KEY_BYTES} bytes`,
      actual: `${bytes.byteLength} bytes`,
    });
  }
  // PEM is ASCII (RFC 7468); Latin-1 keeps any other byte harmless and the text the same length as the bytes.
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  // RFC 5915 keys are often preceded by their curve in a block of its own, which repeats what the key says.
  const blocks = pemBlocks(text).filter((block) => block.label !== "EC PARAMETERS");
  const [block, second] = blocks;
  if (block === undefined) return withoutPem(bytes, text);
  if (second !== undefined) {
    return { kind: "unusable", what: `${blocks.length} PEM blocks`, remedy: "a file with one key" };
  }
  if (!block.complete) {
    return { kind: "unusable", what: "a PEM block that is cut off or garbled", remedy: "the whole key file" };
  }
  return fromBlock(block);
}

interface PemBlock {
  readonly label: string;
  readonly body: readonly string[];
  /** Ended by its own END line, and its base64 is whole. */
  readonly complete: boolean;
}

function fromBlock({ label, body }: PemBlock): KeyFile {
  const pem = [`-----BEGIN ${label}-----`, ...body, `-----END ${label}-----`, ""].join("\n");
  if (PRIVATE_LABELS.includes(label)) {
    const legacy = body.some((line) => line.startsWith("Proc-Type: 4,ENCRYPTED")); // RFC 1421, 4.6.1.1
    return { kind: "private", pem, encrypted: legacy || label === "ENCRYPTED PRIVATE KEY" };
  }
  if (label === "PUBLIC KEY") return { kind: "public", pem };
  if (label === "CERTIFICATE") return { kind: "public-elsewhere", what: "a certificate" };
  if (label === "RSA PUBLIC KEY") return { kind: "public-elsewhere", what: "an RSA public key" };
  // The label of an unknown block is not repeated: what stands there may be anything.
  const foreign = FOREIGN_LABELS.get(label) ?? { what: "a PEM block of another kind", remedy: "a PEM key" };
  return { kind: "unusable", ...foreign };
}

function withoutPem(bytes: Uint8Array, text: string): KeyFile {
  if (/^(?:ssh-|ecdsa-sha2-|sk-)/.test(text)) return { kind: "public-elsewhere", what: "an OpenSSH public key" };
  if (bytes.byteLength === 0) return { kind: "unusable", what: "an empty file", remedy: "a PEM key" };
  if (isDerSequence(bytes)) {
    return {
      kind: "unusable",
      what: "a binary (DER) file",
      remedy: "PEM: openssl pkey -inform DER -in FILE writes it",
    };
  }
  return { kind: "unusable", what: "something that is not PEM", remedy: "a file that starts with -----BEGIN" };
}

function pemBlocks(text: string): readonly PemBlock[] {
  const blocks: PemBlock[] = [];
  let open: { label: string; body: string[] } | null = null;
  for (const line of text.split(/\r\n|\n|\r/)) {
    const begin = /^-----BEGIN ([A-Z0-9 ]+)-----[ \t]*$/.exec(line)?.[1];
    const end = /^-----END ([A-Z0-9 ]+)-----[ \t]*$/.exec(line)?.[1];
    if (begin !== undefined) {
      if (open !== null) blocks.push({ ...open, complete: false });
      open = { label: begin, body: [] };
    } else if (open !== null && end !== undefined) {
      blocks.push({ ...open, complete: end === open.label && isWholeBody(open.label, open.body) });
      open = null;
    } else {
      open?.body.push(line.trim());
    }
  }
  if (open !== null) blocks.push({ ...open, complete: false });
  return blocks;
}

/**
 * A key cut short must not look like a wrong passphrase. Bodies with header lines (RFC 1421) are encrypted as a whole and
 * have no structure that can be checked; OpenPGP has its own.
 */
function isWholeBody(label: string, body: readonly string[]): boolean {
  if (!label.endsWith("PRIVATE KEY") || FOREIGN_LABELS.has(label) || body.some((line) => line.includes(":")))
    return true;
  const base64 = body.join("");
  const der = Buffer.from(base64, "base64");
  return der.toString("base64") === base64 && isDerSequence(der);
}

/** True for one ASN.1 SEQUENCE in DER that takes all of the bytes (X.690, 8.1.3). */
function isDerSequence(bytes: Uint8Array): boolean {
  const [tag, first] = bytes;
  if (tag !== 0x30 || first === undefined) return false;
  if (first < 0x80) return bytes.byteLength === 2 + first;
  const count = first - 0x80;
  if (count < 1 || count > 4) return false;
  const length = bytes.subarray(2, 2 + count).reduce((sum, byte) => sum * 256 + byte, 0);
  return bytes.byteLength === 2 + count + length;
}
