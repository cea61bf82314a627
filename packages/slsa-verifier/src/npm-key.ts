import type { KeyObject } from "node:crypto";
import type { NpmKeys } from "@touchmark/verify";
import { Refusal } from "./refusal.ts";

/** The key with an id, whenever it was in use: slsa-verifier does not ask. @throws Refusal `ErrorInvalidPublicKey`. */
export function npmKey(keys: NpmKeys, id: string | null): KeyObject {
  const found = keys.get(id ?? "");
  if (found !== undefined) return found.key;
  throw new Refusal(
    "ErrorInvalidPublicKey",
    `could not find a key with 'keyId': "${id ?? ""}", 'keyUsage': "npm:attestations"`,
  );
}
