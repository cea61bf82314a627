/** One .drv file. The largest of nixpkgs, with long lists of options in them, have some MiB. Unit: bytes. */
export const MAX_DERIVATION_BYTES = 32 * 1024 * 1024;

/** Derivations that one release is built through. A NixOS system has some 30,000. Unit: .drv files. */
export const MAX_DERIVATIONS = 100_000;

/** All of them together. Unit: bytes. */
export const MAX_CLOSURE_BYTES = 1024 * 1024 * 1024;

/** Outputs that `nix build --json` or a list of paths may name. Unit: store paths. */
export const MAX_OUTPUTS = 100_000;

/** A flake.lock; one with a hundred inputs has 80 KB. Unit: bytes. */
export const MAX_LOCK_BYTES = 16 * 1024 * 1024;

/** Nix refuses longer names: src/libstore/path.cc, `MaxPathLen`. Unit: characters. */
export const MAX_STORE_NAME = 211;

/** How much of a file shows whether Nix wrote it. Unit: bytes. */
export const SNIFFED_BYTES = 4096;

/** An address of something fetched; a longer one holds data, and is left out. Unit: characters. */
export const MAX_ADDRESS = 2048;
