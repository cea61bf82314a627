/** Only files of this package can name it: `index.ts` exports the type of what is sealed, not its class and not this. */
export const SEAL: unique symbol = Symbol("authenticated");
