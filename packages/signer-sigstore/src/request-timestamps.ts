import { isTouchmarkError, TouchmarkError } from "@touchmark/core";
import type { Host } from "@touchmark/plugin";
import type { SigningInstance } from "./signing-instance.ts";
import { requestTimestamp } from "./timestamp.ts";

/** What is wrong with a service, and not with the user or with us. */
const OF_A_SERVICE = ["NETWORK_UNAVAILABLE", "SERVICE_DENIED", "SERVICE_INVALID", "SERVICE_UNAVAILABLE"];

/**
 * As many timestamps over a signature as the instance wants, each of another authority, all asked at once. One that fails
 * is replaced by the next that nobody has asked; a timestamp leaves no trace there, so none is made twice.
 *
 * @returns one promise for each: a TimeStampResp in DER.
 * @throws TouchmarkError as `requestTimestamp`: that of the last authority, where none is left.
 */
export function requestTimestamps(
  { timestampAuthorities, timestamps }: SigningInstance,
  signature: Uint8Array,
  host: Host,
): readonly Promise<Uint8Array>[] {
  const unasked = [...timestampAuthorities];
  const next = async (): Promise<Uint8Array> => {
    const authority = unasked.shift();
    if (authority === undefined)
      throw new TouchmarkError("INTERNAL", "more timestamps are wanted than authorities are");
    try {
      return await requestTimestamp(authority, signature, host);
    } catch (error) {
      if (!isTouchmarkError(error) || !OF_A_SERVICE.includes(error.code) || unasked.length === 0) throw error;
      return next();
    }
  };
  return Array.from({ length: timestamps }, next);
}
