import type { Format } from "./format.ts";
import { cloudBuildFormat } from "./format-cloud-build.ts";
import { cosignFormat } from "./format-cosign.ts";
import { dsseFormat } from "./format-dsse.ts";
import { githubFormat } from "./format-github.ts";
import { npmFormat } from "./format-npm.ts";
import { pypiFormat } from "./format-pypi.ts";
import { tektonChainsFormat } from "./format-tekton-chains.ts";

/** Every format but Sigstore's bundle. No value is recognised by two of them. */
export const FORMATS: readonly Format[] = [
  cloudBuildFormat,
  cosignFormat,
  dsseFormat,
  githubFormat,
  npmFormat,
  pypiFormat,
  tektonChainsFormat,
];
