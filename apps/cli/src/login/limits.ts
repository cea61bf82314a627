/** Until a person has logged in; with a second factor, and a password to look up. Unit: milliseconds. */
export const LOGIN_MS = 5 * 60_000;

/** A browser's request line and headers; an authorization code has some hundred characters. Unit: bytes. */
export const MAX_REDIRECT_BYTES = 16 * 1024;

/** Until a connection to the listener must have sent its request. Unit: milliseconds. */
export const REDIRECT_MS = 10_000;

/** What a login service may answer, its documents included. Unit: bytes. */
export const MAX_LOGIN_ANSWER_BYTES = 256 * 1024;

/** One exchange with a login service. Unit: milliseconds. */
export const LOGIN_EXCHANGE_MS = 30_000;

/** What a message shows of a service's own words. Unit: characters. */
export const MAX_LOGIN_WORDS = 200;
