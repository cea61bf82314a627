import path from "node:path";
import { decodeUtf8, MAX_SMALL_FILE_BYTES } from "@touchmark/core";
import { type SignedTrust, signedTrustStatement } from "@touchmark/policy";
import type { Context } from "../context.ts";
import { readInput } from "../read-input.ts";
import { namedFiles } from "../trust/named-files.ts";
import { signedTrustIn } from "../verify/signed-trust.ts";
import { trustText } from "../verify/trust-list.ts";
import { requireUsable } from "../verify/trust-of-entries.ts";
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
  await requireUsable(context, opened);
  const name = path.basename(file);
  const signed: SignedTrust = {
    revision: revisionOf(options.revision),
    expires: options.expires,
    trust: name,
    files: { ...(await namedFiles(opened)), [name]: decodeUtf8(bytes, file) },
  };
  const statement = signedTrustStatement(signed);
  return writeSigned(context, options, { file, signed, statement, check: signedTrustIn });
}
