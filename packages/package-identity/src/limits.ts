/** A tarball that is read into memory. The largest packages on the public registry have some hundred megabytes. Unit: bytes. */
export const MAX_TARBALL_BYTES = 256 * 1024 * 1024;

/** What a tarball may unpack to while it is searched; deflate reaches 1:1032, so that 1 MiB can hold 1 GiB. Unit: bytes. */
export const MAX_UNPACKED_BYTES = 1024 * 1024 * 1024;

/** Entries in one tarball; each costs 512 bytes unpacked and a turn of the event loop. Unit: entries. */
export const MAX_TARBALL_ENTRIES = 200_000;

/** A package.json, inside a tarball or beside one. Unit: bytes. */
export const MAX_PACKAGE_JSON_BYTES = 1024 * 1024;

/** Source: https://docs.npmjs.com/cli/v11/configuring-npm/package-json#name, scope included. Unit: characters. */
export const MAX_PACKAGE_NAME_LENGTH = 214;

/** Source: MAX_LENGTH of semver, which refuses longer ones. Unit: characters. */
export const MAX_VERSION_LENGTH = 256;
