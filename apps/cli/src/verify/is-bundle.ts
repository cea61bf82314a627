import { isJsonObject } from "@touchmark/core";

/** Whether it looks like a bundle, where a file is expected that nobody signed. */
export function isBundle(data: unknown): boolean {
  return isJsonObject(data) && Object.hasOwn(data, "dsseEnvelope");
}
