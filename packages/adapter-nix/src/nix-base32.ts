/** Without e, o, t and u: https://nix.dev/manual/nix/latest/protocols/nix32 */
const ALPHABET = "0123456789abcdfghijklmnpqrsvwxyz";

/** Nix's own base 32: five bits a character, the last bytes first. */
export function encodeNixBase32(bytes: Uint8Array): string {
  let text = "";
  for (let position = Math.ceil((bytes.length * 8) / 5) - 1; position >= 0; position -= 1) {
    const bit = position * 5;
    const [index, shift] = [bit >> 3, bit & 7];
    const word = (bytes[index] ?? 0) | ((bytes[index + 1] ?? 0) << 8);
    text += ALPHABET[(word >> shift) & 31] ?? "";
  }
  return text;
}

/**
 * @param length - bytes that must come out.
 * @returns null for another length, another alphabet, or bits that are left over.
 */
export function decodeNixBase32(text: string, length: number): Uint8Array | null {
  if (text.length !== Math.ceil((length * 8) / 5)) return null;
  const bytes = new Uint8Array(length);
  for (let position = 0; position < text.length; position += 1) {
    const digit = ALPHABET.indexOf(text[text.length - 1 - position] ?? "");
    if (digit === -1) return null;
    const bit = position * 5;
    const [index, shift] = [bit >> 3, bit & 7];
    const word = digit << shift;
    bytes[index] = (bytes[index] ?? 0) | (word & 255);
    if (index + 1 < length) bytes[index + 1] = word >> 8;
    else if (word >> 8 !== 0) return null;
  }
  return bytes;
}
