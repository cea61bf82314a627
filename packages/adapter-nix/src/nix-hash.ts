import { TouchmarkError } from "@touchmark/core";
import { decodeNixBase32 } from "./nix-base32.ts";

/** A hash that Nix wrote down. */
export interface NixHash {
  /** As Nix calls it. */
  readonly algorithm: "md5" | "sha1" | "sha256" | "sha512";
  /** Lowercase. */
  readonly hex: string;
}

const BYTES = { md5: 16, sha1: 20, sha256: 32, sha512: 64 } as const;

/**
 * Reads every spelling of Nix: `sha256-<base64>` (SRI), `sha256:<base 32>`, `sha256:<hex>` and `sha256:<base64>`. The
 * algorithm is the one that is written; which encoding it is shows in the length, as for Nix itself.
 *
 * @throws TouchmarkError `INPUT_INVALID` for another algorithm, and for a value that the algorithm cannot have.
 */
export function parseNixHash(text: string, what: string): NixHash {
  const match = /^(md5|sha1|sha256|sha512)([:-])(.+)$/s.exec(text);
  const algorithm = match?.[1] as NixHash["algorithm"] | undefined;
  const value = match?.[3];
  const bytes =
    algorithm === undefined || value === undefined ? null : decode(value, BYTES[algorithm], match?.[2] === "-");
  if (algorithm === undefined || bytes === null) {
    throw new TouchmarkError("INPUT_INVALID", `${what} is not a hash of Nix that we know`, {
      expected: "sha256-<base64>, sha256:<52 characters of base 32> or sha256:<64 hex digits>",
      actual: JSON.stringify(text.slice(0, 120)),
    });
  }
  return { algorithm, hex: Buffer.from(bytes).toString("hex") };
}

function decode(value: string, length: number, sri: boolean): Uint8Array | null {
  if (!sri && value.length === length * 2) return /^[0-9a-f]+$/.test(value) ? Buffer.from(value, "hex") : null;
  if (!sri && value.length === Math.ceil((length * 8) / 5)) return decodeNixBase32(value, length);
  const bytes = Buffer.from(value, "base64");
  return bytes.length === length && bytes.toString("base64") === value ? bytes : null;
}
