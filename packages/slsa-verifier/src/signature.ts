import { createHash, type KeyObject } from "node:crypto";
import { namedCurve } from "@touchmark/core";

/** The id that a key has where nobody gave it one: `SHA256:` and the base64 of OpenSSH's form of it (RFC 4253, 6.6; RFC 5656, 3.1). */
export function fingerprint(key: KeyObject): string | null {
  const parts = sshParts(key);
  if (parts === null) return null;
  const wire = Buffer.concat(parts.flatMap((part) => [lengthOf(part), part]));
  return `SHA256:${createHash("sha256").update(wire).digest("base64").replace(/=+$/, "")}`;
}

const SSH_CURVE: ReadonlyMap<string, string> = new Map([
  ["P-256", "nistp256"],
  ["P-384", "nistp384"],
  ["P-521", "nistp521"],
]);

function sshParts(key: KeyObject): readonly Buffer[] | null {
  // A point that is none has no JWK, and Node ends the process when it is asked for it.
  if (key.asymmetricKeyType === "ec" && namedCurve(key) === null) return null;
  const { kty, crv = "", x = "", y = "", n = "", e = "" } = key.export({ format: "jwk" });
  const bytes = (text: string) => Buffer.from(text, "base64url");
  const curve = SSH_CURVE.get(crv);
  if (kty === "EC" && curve !== undefined) {
    const point = Buffer.concat([Buffer.of(4), bytes(x), bytes(y)]);
    return [Buffer.from(`ecdsa-sha2-${curve}`), Buffer.from(curve), point];
  }
  if (kty === "OKP" && crv === "Ed25519") return [Buffer.from("ssh-ed25519"), bytes(x)];
  if (kty === "RSA") return [Buffer.from("ssh-rsa"), positive(bytes(e)), positive(bytes(n))];
  return null;
}

/** A number whose first bit is set gets a zero before it (RFC 4251, 5: mpint). */
function positive(number: Buffer): Buffer {
  return (number[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), number]) : number;
}

function lengthOf(part: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(part.byteLength);
  return length;
}
