import { type Bundle, encodeBase64, encodeJson } from "@touchmark/core";
import type { Conversion } from "./conversion.ts";
import type { Loss } from "./loss.ts";

/** As an envelope by itself: https://github.com/secure-systems-lab/dsse/blob/v1.0.2/envelope.md, which has a place for a key's name. */
export function toDsse({ payload, payloadType, signature, signer, tlogEntries, timestamps }: Bundle): Conversion {
  const losses: readonly (Loss | null)[] = [
    signer.kind === "certificate" ? "certificate" : null,
    tlogEntries.length > 0 ? "log-entries" : null,
    timestamps.length > 0 ? "timestamps" : null,
  ];
  const keyid = signer.kind === "key" ? (signer.hint ?? "") : "";
  return {
    line: encodeJson({
      payload: encodeBase64(payload),
      payloadType,
      signatures: [{ keyid, sig: encodeBase64(signature) }],
    }),
    losses: losses.filter((loss) => loss !== null),
  };
}
