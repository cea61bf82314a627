export type { KeyAlgorithm } from "./algorithm.ts";
export { type CommandSignerOptions, commandSigner } from "./command-signer.ts";
export { generateKeyPair, type KeyPair } from "./key-pair.ts";
export { type KeySignerOptions, keySigner } from "./key-signer.ts";
export { publicHalf } from "./private-key.ts";
export { keyHint } from "./public-key.ts";
