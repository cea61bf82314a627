import path from "node:path";
import { decodeUtf8, MAX_SMALL_FILE_BYTES } from "@touchmark/core";
import { type SignedTrust, signedTrustStatement, type TrustEntry } from "@touchmark/policy";
import type { Context } from "../context.ts";
import { readInput } from "../read-input.ts";
import { signedTrustIn } from "../verify/signed-trust.ts";
import { type OpenedTrust, readBeside, trustText } from "../verify/trust-list.ts";
import { trustOfEntries } from "../verify/trust-of-entries.ts";
import { revisionOf, type WriteOptions, writeSigned } from "../write-signed.ts";

interface SignOptions extends WriteOptions {
  readonly revision: string;
  readonly expires: string;
}

/** `touchmark trust sign`: a trust file with the keys and roots that it names, in one bundle. Nothing is signed that could not be used. */
export async function trustSign(
  context: Context,
  [file = ""]: readonly string[],
  options: SignOptions,
): Promise<number> {
  const bytes = await readInput(context.cwd, file, MAX_SMALL_FILE_BYTES);
  const opened = await trustText(bytes, file, path.dirname(path.resolve(context.cwd, file)));
  await trustOfEntries(context, [opened], { source: null, builderIds: [], fields: {} }, {}, []);
  const name = path.basename(file);
  const signed: SignedTrust = {
    revision: revisionOf(options.revision),
    expires: options.expires,
    trust: name,
    files: { ...(await filesBeside(opened)), [name]: decodeUtf8(bytes, file) },
  };
  const statement = signedTrustStatement(signed);
  return writeSigned(context, options, { file, signed, statement, check: signedTrustIn });
}

async function filesBeside({ list, folder }: OpenedTrust): Promise<Readonly<Record<string, string>>> {
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
