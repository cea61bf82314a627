declare const TOUCHMARK_VERSION: string;

/** The version of this program; "source" when it runs from TypeScript. */
export const VERSION: string = typeof TOUCHMARK_VERSION === "string" ? TOUCHMARK_VERSION : "source";
