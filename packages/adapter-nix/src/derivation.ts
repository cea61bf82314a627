import { createHash } from "node:crypto";
import { TouchmarkError } from "@touchmark/core";
import type { Host } from "@touchmark/plugin";
import { type DerivationText, parseDerivation } from "./aterm.ts";
import { MAX_DERIVATION_BYTES } from "./limits.ts";
import { encodeNixBase32 } from "./nix-base32.ts";
import type { Store } from "./store.ts";
import { isStoreBase, parseStorePath, type StorePath, storeName, storeText } from "./store-path.ts";

/** A .drv file that was read: how outputs are made, and from what. */
export interface Derivation {
  readonly path: StorePath;
  /** Without `.drv`: the name of its output `out`. */
  readonly name: string;
  /** Hex, over the file's bytes. */
  readonly sha256: string;
  /** Unit: bytes. */
  readonly size: number;
  readonly outputs: readonly DerivationOutput[];
  readonly inputDerivations: readonly StorePath[];
  readonly inputSources: readonly StorePath[];
  /** Byte strings, names and values. */
  readonly environment: ReadonlyMap<string, string>;
}

export interface DerivationOutput {
  readonly name: string;
  /** Null where it is not known before the build. */
  readonly path: StorePath | null;
  /** What Nix compares the output with; null where nothing is fixed. */
  readonly fixed: {
    readonly method: "flat" | "nar" | "text" | "git";
    readonly algorithm: string;
    readonly hex: string;
  } | null;
}

/**
 * Reads a .drv file, from its store or from where the user says that it is.
 *
 * A store path holds a hash of the text and of the paths in it, so that a changed file is noticed.
 *
 * @param file - as the host takes it.
 * @throws TouchmarkError `INPUT_MISSING`, `INPUT_INVALID`, `INPUT_TOO_LARGE`, `STORE_PATH_INVALID`; `DIGEST_MISMATCH` for
 * a text that is not the one its path was made from.
 */
export async function readDerivation(host: Host, store: Store, file: string): Promise<Derivation> {
  const base = file.slice(file.lastIndexOf("/") + 1);
  const bytes = await host.readBytes(file, { max: MAX_DERIVATION_BYTES });
  const text = parseDerivation(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1"), base);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const read = (path: string) => parseStorePath(path, store.directories, base);
  const derivation = {
    outputs: text.outputs.map((output) => ({
      name: output.name,
      path: output.path === "" ? null : read(output.path),
      fixed: fixedOf(output, base),
    })),
    inputDerivations: text.inputDerivations.map(read),
    inputSources: text.inputSources.map(read),
  };
  const paths = [
    ...derivation.outputs.map(({ path }) => path),
    ...derivation.inputDerivations,
    ...derivation.inputSources,
  ];
  const directory = paths.find((path) => path !== null)?.directory ?? store.directories[0] ?? "";
  if (isStoreBase(base)) requireOwnPath(text, sha256, directory, base);
  return {
    ...derivation,
    path: { directory, base },
    name: nameOf(text, base),
    sha256,
    size: bytes.byteLength,
    environment: text.environment,
  };
}

/** The path of a text in the store: https://nix.dev/manual/nix/latest/protocols/store-path */
function requireOwnPath(text: DerivationText, sha256: string, directory: string, base: string): void {
  const references = [...new Set([...text.inputDerivations, ...text.inputSources])].sort();
  const fingerprint = ["text", ...references, "sha256", sha256, directory, storeName(base)].join(":");
  const digest = createHash("sha256").update(fingerprint, "latin1").digest();
  const folded = new Uint8Array(20);
  for (const [index, byte] of digest.entries()) folded[index % 20] = (folded[index % 20] ?? 0) ^ byte;
  const own = `${encodeNixBase32(folded)}-${storeName(base)}`;
  if (own === base) return;
  throw new TouchmarkError("DIGEST_MISMATCH", `${base} is not the derivation that its path was made from`, {
    expected: `a text with the path ${storeText({ directory, base })}`,
    actual: `one with the path ${storeText({ directory, base: own })}`,
  });
}

function nameOf(text: DerivationText, base: string): string {
  const name = isStoreBase(base) ? storeName(base).replace(/\.drv$/, "") : text.environment.get("name");
  if (name !== undefined) return name;
  throw new TouchmarkError("INPUT_INVALID", `${base} does not say how its outputs are called`, {
    expected: "the file name that it has in the store, or a variable `name`",
    actual: "neither",
  });
}

const METHODS = { "": "flat", "r:": "nar", "text:": "text", "git:": "git" } as const;

function fixedOf(output: DerivationText["outputs"][number], base: string): DerivationOutput["fixed"] {
  const { hashAlgorithm, hash } = output;
  if (hash === "" || hash === "impure") return null;
  const match = /^(|r:|text:|git:)([a-z0-9]+)$/.exec(hashAlgorithm);
  if (match?.[2] === undefined || !/^[0-9a-f]{32,128}$/.test(hash)) {
    throw new TouchmarkError("INPUT_INVALID", `${base} fixes the output ${output.name} in a way that we do not know`, {
      expected: "an algorithm such as sha256 or r:sha256, and hex",
      actual: JSON.stringify(`${hashAlgorithm} ${hash}`.slice(0, 160)),
    });
  }
  return { method: METHODS[match[1] as keyof typeof METHODS], algorithm: match[2], hex: hash };
}

/** How an output's store path is called: `demo-1.0.0` for `out`, else `demo-1.0.0-dev`. */
export function outputName(derivation: Derivation, output: string): string {
  return output === "out" ? derivation.name : `${derivation.name}-${output}`;
}
