import type { ASN1Obj } from "../sigstore-library.ts";
import { checkDerWork } from "./der-work.ts";
import { MAX_DER_NUMBER_BYTES } from "./limits.ts";
import { readDer } from "./read-der.ts";

/**
 * Reads DER, which Sigstore's reader takes strictly, with a limit on what it reads slowly: it turns an INTEGER or an object
 * identifier into a number by multiplication, byte after byte, and the numbers get as large as the bytes are many.
 *
 * @throws Error of the library; RangeError above the limit; TouchmarkError as {@link checkDerWork}.
 */
export function parseDer(der: Uint8Array): ASN1Obj {
  checkDerWork(der);
  const root = readDer(Buffer.from(der));
  checkNumbers(root);
  return root;
}

/** The library reads no deeper than 100 levels. */
function checkNumbers({ tag, value, subs }: ASN1Obj): void {
  if ((tag.isInteger() || tag.isOID()) && value.byteLength > MAX_DER_NUMBER_BYTES) {
    throw new RangeError(`a number of ${value.byteLength} bytes, at most ${MAX_DER_NUMBER_BYTES}`);
  }
  for (const sub of subs) checkNumbers(sub);
}
