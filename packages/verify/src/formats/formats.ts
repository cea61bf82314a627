import type { Format } from "./format.ts";
import { dsseFormat } from "./format-dsse.ts";

/** Every format but Sigstore's bundle. No value is recognised by two of them. */
export const FORMATS: readonly Format[] = [dsseFormat];
