import path from "node:path";
import { decodeUtf8, MAX_SMALL_FILE_BYTES, TouchmarkError } from "@touchmark/core";
import { type SignedPolicy, signedPolicyStatement } from "@touchmark/policy";
import type { Context } from "../context.ts";
import { readPolicyFile } from "../policy-file.ts";
import { readInput } from "../read-input.ts";
import { namedFiles } from "../trust/named-files.ts";
import { type OpenedPolicy, policyIn } from "../verify/policy.ts";
import { signedPolicyIn } from "../verify/signed-policy.ts";
import { revisionOf, type WriteOptions, writeSigned } from "../write-signed.ts";

interface SignOptions extends WriteOptions {
  readonly revision: string;
  readonly expires?: string;
}

/** `touchmark policy sign`: a policy with every file that it names, in one bundle. Nothing is signed that could not be used. */
export async function policySign(
  context: Context,
  positional: readonly string[],
  options: SignOptions,
): Promise<number> {
  const [file = ""] = positional;
  const place = { file: path.resolve(context.cwd, file), label: file };
  const written = await readPolicyFile(context, place);
  const opened = await policyIn(context, written, place, []);
  const files = {
    [path.basename(file)]: written.text,
    ...(await filesBeside(context, place.file, opened)),
  };
  const policy: SignedPolicy = {
    revision: revisionOf(options.revision),
    expires: expiresOf(options.expires ?? opened.document.file.expires),
    policy: path.basename(file),
    files,
  };
  return writeSigned(context, options, {
    file,
    signed: policy,
    statement: signedPolicyStatement(policy),
    check: signedPolicyIn,
  });
}

/** The trust file, and the keys and roots that trust names. */
async function filesBeside(
  { cwd }: Context,
  file: string,
  { document, trust }: OpenedPolicy,
): Promise<Readonly<Record<string, string>>> {
  const named = trust === null ? {} : await namedFiles(trust);
  if (typeof document.trust !== "string") return named;
  const name = path.posix.normalize(document.trust);
  const bytes = await readInput(cwd, path.join(path.dirname(file), name), MAX_SMALL_FILE_BYTES, name);
  const folder = path.posix.dirname(name);
  return {
    [name]: decodeUtf8(bytes, name),
    ...Object.fromEntries(Object.entries(named).map(([one, text]) => [path.posix.join(folder, one), text])),
  };
}

function expiresOf(day: string | undefined): string {
  if (day !== undefined) return day;
  throw new TouchmarkError("USAGE", "a signed policy says until when it may be used", {
    expected: "--expires DAY, or `expires` in the policy",
    actual: "neither",
  });
}
