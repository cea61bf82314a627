/** Which schema a report of `verify` follows. */
export const CHECK_REPORT = "https://touchmark.dev/schema/verify-v1.json";
