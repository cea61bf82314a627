import { decodeBase64, INTOTO_PAYLOAD_TYPE, isTouchmarkError, type Json } from "@touchmark/core";
import { objectOf } from "./go-json.ts";
import { Refusal } from "./refusal.ts";

/** A DSSE envelope as it stands, with any number of signatures. Source: https://github.com/secure-systems-lab/dsse */
export interface Envelope {
  readonly payloadType: string;
  readonly payload: Uint8Array;
  readonly signatures: readonly { readonly keyId: string; readonly signature: string }[];
}

const MAX_SIGNATURES = 32;

/** @throws Refusal `ErrorInvalidDssePayload`. */
export function readEnvelope(json: Json | undefined): Envelope {
  const { payloadType, payload, signatures } = objectOf(json) ?? {};
  if (payloadType !== INTOTO_PAYLOAD_TYPE) throw malformed(`payload type ${JSON.stringify(payloadType ?? "")}`);
  if (typeof payload !== "string") throw malformed("no payload");
  const list = signatures ?? [];
  if (!Array.isArray(list) || list.length > MAX_SIGNATURES) throw malformed("the signatures");
  return {
    payloadType,
    payload: decoded(payload),
    signatures: list.map((one: Json) => {
      const { keyid, sig } = objectOf(one) ?? {};
      return { keyId: typeof keyid === "string" ? keyid : "", signature: typeof sig === "string" ? sig : "" };
    }),
  };
}

function decoded(text: string): Uint8Array {
  try {
    return decodeBase64(text, "the payload");
  } catch (error) {
    if (!isTouchmarkError(error)) throw error;
    throw malformed(error.message);
  }
}

function malformed(why: string): Refusal {
  return new Refusal("ErrorInvalidDssePayload", why);
}
