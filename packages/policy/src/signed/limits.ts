/** Files that are signed with a policy: its trust file, keys and roots. Unit: files. */
export const MAX_SIGNED_FILES = 500;

/** All of them together; a bundle of them in base64 stays within what is read of evidence. Unit: characters. */
export const MAX_SIGNED_TEXT = 16 * 1024 * 1024;
