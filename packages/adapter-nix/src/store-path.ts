import { TouchmarkError } from "@touchmark/core";
import { MAX_STORE_NAME } from "./limits.ts";

/** Where Nix keeps what it makes, unless it was built for another place. */
export const NIX_STORE = "/nix/store";

/** A direct child of a store: https://nix.dev/manual/nix/latest/store/store-path */
export interface StorePath {
  /** The store's directory as Nix writes it, which may lie elsewhere on this disk. */
  readonly directory: string;
  /** `<32 characters of base 32>-<name>`. */
  readonly base: string;
}

const BASE = new RegExp(`^[0-9a-df-np-sv-z]{32}-(?![.])[0-9A-Za-z+._?=-]{1,${MAX_STORE_NAME}}$`);

export function isStoreBase(text: string): boolean {
  return BASE.test(text);
}

/**
 * Reads a store path that a tool wrote: `/nix/store/<base>`, or the base alone (Nix 2.34).
 *
 * @param directories - the stores that it may lie in.
 * @throws TouchmarkError `STORE_PATH_INVALID` for anything but a direct child of one of them with a proper name.
 */
export function parseStorePath(text: string, directories: readonly string[], what: string): StorePath {
  const slash = text.lastIndexOf("/");
  const directory = slash === -1 ? (directories[0] ?? NIX_STORE) : text.slice(0, slash);
  const base = text.slice(slash + 1);
  if (directories.includes(directory) && isStoreBase(base)) return { directory, base };
  throw invalidStorePath(`${what} names no store path`, directories, JSON.stringify(text.slice(0, 300)));
}

export function invalidStorePath(
  message: string,
  directories: readonly string[],
  actual: string,
  cause?: unknown,
): TouchmarkError {
  return new TouchmarkError("STORE_PATH_INVALID", message, {
    expected: `${directories.join(" or ")}/<32 characters>-<name>`,
    actual,
    cause,
  });
}

/** The part after the hash: `demo-1.0.0-dev`. */
export function storeName(base: string): string {
  return base.slice(33);
}

/** As Nix writes it. */
export function storeText({ directory, base }: StorePath): string {
  return `${directory}/${base}`;
}

/**
 * `nix:/nix/store/<base>`; of another store `nix:<base>`, since the place may be a path of this machine, and the hash
 * in the base stands for it.
 */
export function storeUri({ directory, base }: StorePath): string {
  return directory === NIX_STORE ? `nix:${NIX_STORE}/${base}` : `nix:${base}`;
}
