import type { Format } from "./format.ts";
import { dsseFormat } from "./format-dsse.ts";
import { npmFormat } from "./format-npm.ts";
import { pypiFormat } from "./format-pypi.ts";

/** Every format but Sigstore's bundle. No value is recognised by two of them. */
export const FORMATS: readonly Format[] = [dsseFormat, npmFormat, pypiFormat];
