import { encodeBase64 } from "@touchmark/core";

/** https://www.rfc-editor.org/rfc/rfc7617#section-2, in UTF-8. */
export function basicHeader({ username, password }: { readonly username: string; readonly password: string }): string {
  return `Basic ${encodeBase64(new TextEncoder().encode(`${username}:${password}`))}`;
}
