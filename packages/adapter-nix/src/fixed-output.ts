import {
  type DigestSet,
  MAX_METADATA_BYTES,
  parseJsonText,
  type ResourceDescriptor,
  TouchmarkError,
} from "@touchmark/core";
import * as z from "zod";
import type { Derivation, DerivationOutput } from "./derivation.ts";
import { publicAddress } from "./public-address.ts";
import { storeName, storeUri } from "./store-path.ts";

/** On a fixed output whose hash has no name in in-toto: as Nix writes it, `r:sha512:<hex>`. Page: docs/adapters/nix.md */
const OUTPUT_HASH = "nix.outputHash";

/**
 * What a build fetched: the address that the derivation names, and the hash that Nix compared it with. The hash is over
 * the file (flat), or over the NAR of what was unpacked from it.
 *
 * @param output - of this derivation, with `fixed`.
 */
export function describeFixed(derivation: Derivation, output: DerivationOutput): ResourceDescriptor | null {
  const { fixed, path } = output;
  if (fixed === null) return null;
  const digest = digestOf(fixed);
  const address = addressesOf(derivation)
    .map(publicAddress)
    .find((one) => one !== null);
  const uri = address ?? (path === null ? null : storeUri(path));
  return {
    name: path === null ? derivation.name : storeName(path.base),
    ...(uri === null ? {} : { uri }),
    ...(digest === null
      ? { annotations: { [OUTPUT_HASH]: `${fixed.method}:${fixed.algorithm}:${fixed.hex}` } }
      : { digest }),
  };
}

const FLAT = ["md5", "sha1", "sha256", "sha512"];

/** Null for what in-toto has no name for: blake3, hashes of Git's, and NARs hashed otherwise than with SHA-256. */
function digestOf({ method, algorithm, hex }: NonNullable<DerivationOutput["fixed"]>): DigestSet | null {
  if (method === "nar") return algorithm === "sha256" ? { narSha256: hex } : null;
  return method !== "git" && FLAT.includes(algorithm) ? { [algorithm]: hex } : null;
}

const Addresses = z.union([z.string().transform((text) => [text]), z.array(z.string())]).optional();
/** `__structuredAttrs`: the environment is one JSON text. */
const Structured = z.object({ url: Addresses, urls: Addresses });

/** nixpkgs' fetchers and Nix's own have `url`, or `urls` with mirrors, the first of which is asked first. */
function addressesOf({ environment, path }: Derivation): readonly string[] {
  const json = environment.get("__json");
  if (json === undefined) {
    const words = [environment.get("url"), environment.get("urls")].map((text) => utf8(text ?? "").split(/\s+/));
    return words.flat().filter((word) => word !== "");
  }
  const what = `the attributes of ${path.base}`;
  const parsed = Structured.safeParse(parseJsonText(utf8(json), { what, maxBytes: MAX_METADATA_BYTES }));
  if (!parsed.success) {
    throw new TouchmarkError("INPUT_INVALID", `${what} have an address that we cannot read`, {
      expected: "url and urls as text or lists of text",
      actual: "something else",
      cause: parsed.error,
    });
  }
  return [...(parsed.data.url ?? []), ...(parsed.data.urls ?? [])];
}

function utf8(byteString: string): string {
  return Buffer.from(byteString, "latin1").toString("utf8");
}
