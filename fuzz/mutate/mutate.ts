import { MAX_INPUT_BYTES, mutateBytes } from "./bytes.ts";
import { mutateDer } from "./der.ts";
import { mutateJson } from "./json.ts";
import { type Random, randomFrom } from "./random.ts";

/**
 * Changes a sound input by one mutation for each seed: the same seeds, the same result. What the input is, its bytes say;
 * what it wraps (DER and JSON in base64, PEM, the parts of a JSON Web Token) is changed as what it is and wrapped again.
 *
 * @param others - sound inputs of the same parser, to take pieces from.
 */
export function mutated(input: Uint8Array, seeds: readonly number[], others: readonly Uint8Array[]): Uint8Array {
  return seeds.reduce<Uint8Array>(
    (bytes, seed) => mutate(bytes, randomFrom(seed), others).subarray(0, MAX_INPUT_BYTES),
    input,
  );
}

function mutate(bytes: Uint8Array, random: Random, others: readonly Uint8Array[]): Uint8Array {
  const plain = () => mutateBytes(bytes, random, others);
  if (random.below(6) === 0) return plain();
  const inside = (text: string) => mutateText(text, random, others);
  switch (bytes[0]) {
    case 0x30: // SEQUENCE
      return mutateDer(bytes, random, others) ?? plain();
    case 0x7b: // {
      return mutateJson(bytes, random, others, inside) ?? mutateLine(bytes, random, others) ?? plain();
    case 0x2d: // -----BEGIN
    case 0x65: // the base64 of {"
      return Buffer.from(inside(Buffer.from(bytes).toString("latin1")), "latin1");
    default:
      return plain();
  }
}

/** One line of several, as what it is. */
function mutateLine(bytes: Uint8Array, random: Random, others: readonly Uint8Array[]): Uint8Array | null {
  const lines = Buffer.from(bytes).toString("latin1").split("\n");
  const at = random.below(lines.length);
  const line = Buffer.from(lines[at] ?? "", "latin1");
  if (lines.length < 2 || line[0] !== 0x7b) return null;
  lines[at] = Buffer.from(mutate(line, random, others)).toString("latin1");
  return Buffer.from(lines.join("\n"), "latin1");
}

function mutateText(text: string, random: Random, others: readonly Uint8Array[]): string {
  const within = (encoded: string, encoding: "base64" | "base64url") =>
    Buffer.from(mutate(Buffer.from(encoded, encoding), random, others)).toString(encoding);
  if (random.below(5) !== 0) {
    const pem = /^(-----BEGIN [A-Z ]+-----\n)([A-Za-z0-9+/=\n]+)(\n-----END [A-Z ]+-----\n?)$/.exec(text);
    if (pem !== null) return `${pem[1]}${within((pem[2] ?? "").replaceAll("\n", ""), "base64")}${pem[3]}`;
    const parts = text.split(".");
    if (parts.length === 3 && text.startsWith("ey")) {
      const at = random.below(3);
      return parts.map((part, index) => (index === at ? within(part, "base64url") : part)).join(".");
    }
    if (text.length >= 8 && Buffer.from(text, "base64").toString("base64") === text) return within(text, "base64");
  }
  const at = random.below(text.length + 1);
  const end = at + random.below(Math.min(text.length - at, 8) + 1);
  return `${text.slice(0, at)}${random.pick(PIECES)}${text.slice(end)}`;
}

const PIECES = [
  "",
  "A",
  "=",
  "0",
  "\u0000",
  ".",
  "..",
  "/",
  "@",
  "@refs/",
  "\n",
  "\r\n",
  " ",
  "é",
  "\ud800",
  "\u202e",
  "%00",
  ":",
];
