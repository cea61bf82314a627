/** A key file. The largest that we accept, an encrypted PKCS#8 P-384 key, is below 1 KiB. Unit: bytes. */
export const MAX_KEY_BYTES = 64 * 1024;

/** OpenSSL asks for a passphrase through a buffer of this size (PEM_BUFSIZE, openssl/pem.h). Unit: bytes of UTF-8. */
export const MAX_PASSPHRASE_BYTES = 1024;

/** What a signing command may print; a DER signature of P-384 has at most 104 bytes. Unit: bytes. */
export const MAX_SIGNATURE_OUTPUT = 8 * 1024;

/** How long a signing command may take; a person may have to touch a token or type a PIN. Unit: milliseconds. */
export const SIGNING_TIMEOUT_MS = 120_000;

/**
 * PBKDF2-HMAC-SHA256 rounds for the passphrase of a key that we make; OpenSSL and Node by themselves take 2,048.
 * Source: https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#pbkdf2
 */
export const PBKDF2_ROUNDS = 600_000;
