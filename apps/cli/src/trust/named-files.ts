import path from "node:path";
import { decodeUtf8 } from "@touchmark/core";
import type { TrustEntry } from "@touchmark/policy";
import { type OpenedTrust, readBeside } from "../verify/trust-list.ts";

/**
 * The keys and roots that entries name, as text, by their paths from the folder of the list.
 *
 * @throws TouchmarkError as `readBeside` and `decodeUtf8`.
 */
export async function namedFiles({ list, folder }: OpenedTrust): Promise<Readonly<Record<string, string>>> {
  const files: Record<string, string> = {};
  for (const entry of list.entries) {
    for (const named of filesOf(entry)) {
      files[path.posix.normalize(named)] = decodeUtf8(await readBeside(entry, folder, named), named);
    }
  }
  return files;
}

function filesOf({ signer, roots }: TrustEntry): readonly string[] {
  return [...(signer.kind === "key" ? [signer.path] : []), ...(roots === null ? [] : [roots])];
}
