/** A tarball that is read into memory. The largest packages on the public registry have some hundred megabytes. Unit: bytes. */
export const MAX_TARBALL_BYTES = 256 * 1024 * 1024;

/** What a tarball may unpack to while it is searched; deflate reaches 1:1032, so that 1 MiB can hold 1 GiB. Unit: bytes. */
export const MAX_UNPACKED_BYTES = 1024 * 1024 * 1024;

/** Entries in one tarball; each costs 512 bytes unpacked and a turn of the event loop. Unit: entries. */
export const MAX_TARBALL_ENTRIES = 200_000;

/** A package.json, a METADATA, a PKG-INFO or a Cargo.toml, inside a package or beside one. Unit: bytes. */
export const MAX_MANIFEST_BYTES = 1024 * 1024;

/** Entries in one wheel; those of the largest projects have some 20,000 files. Unit: entries. */
export const MAX_ZIP_ENTRIES = 200_000;

/** Names that PyPI and crates.io take are shorter; longer ones would only fill a message. Unit: characters. */
export const MAX_REGISTRY_NAME_LENGTH = 256;

/** Source: https://docs.npmjs.com/cli/v11/configuring-npm/package-json#name, scope included. Unit: characters. */
export const MAX_PACKAGE_NAME_LENGTH = 214;

/** Source: MAX_LENGTH of semver, which refuses longer ones. Unit: characters. */
export const MAX_VERSION_LENGTH = 256;
