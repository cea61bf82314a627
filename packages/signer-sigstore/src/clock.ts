/** Milliseconds since 1970; the application hands in the system's. */
export type Clock = () => number;
