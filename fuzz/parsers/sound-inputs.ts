import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const VECTORS = "packages/vectors/cases";
const GOLDEN = "packages/core/golden";

/** A file that `npm test` holds to its bytes. @param name - without the folder. */
export function golden(name: string): Uint8Array {
  return bytesAt(join(GOLDEN, name));
}

/** Every file that is named as a bundle, beside the test vectors whose verdict is good. */
export function vectorBundles(): readonly Uint8Array[] {
  return readdirSync(VECTORS)
    .filter((name) => !name.endsWith("_fail"))
    .sort()
    .flatMap((name) => readdirSync(join(VECTORS, name)).map((file) => join(VECTORS, name, file)))
    .filter((path) => path.endsWith(".sigstore.json"))
    .map(bytesAt);
}

export function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

export function text(...lines: readonly string[]): Uint8Array {
  return new TextEncoder().encode(`${lines.join("\n")}\n`);
}

export function base64(encoded: string | undefined): Uint8Array {
  return new Uint8Array(Buffer.from(encoded ?? "", "base64"));
}

/** Commands start at the root of the repository. */
function bytesAt(path: string): Uint8Array {
  return new Uint8Array(readFileSync(path));
}
