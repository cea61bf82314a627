import path from "node:path";
import { MAX_SMALL_FILE_BYTES, TouchmarkError } from "@touchmark/core";
import {
  compilePolicy,
  type PolicyDocument,
  policyDocument,
  type SignedPolicy,
  signedPolicyStatement,
} from "@touchmark/policy";
import type { Context } from "../context.ts";
import { readPolicyFile } from "../policy-file.ts";
import { readInput } from "../read-input.ts";
import { openPolicy } from "../verify/policy.ts";
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
  const { data, source, text } = await readPolicyFile(context, place);
  const document = policyDocument(data, source);
  await compilePolicy(document, { now: Date.now() });
  const opened = await openPolicy(context, { place, key: null }, []);
  const files = {
    [path.basename(file)]: text,
    ...(await filesBeside(context, place.file, document, opened.trust?.list.entries ?? [])),
  };
  const policy: SignedPolicy = {
    revision: revisionOf(options.revision),
    expires: expiresOf(options.expires ?? document.file.expires),
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
  { trust }: PolicyDocument,
  entries: NonNullable<Awaited<ReturnType<typeof openPolicy>>["trust"]>["list"]["entries"],
): Promise<Readonly<Record<string, string>>> {
  const named = typeof trust === "string" ? trust : null;
  const folder = named === null ? "." : path.posix.dirname(named);
  const paths = [
    ...(named === null ? [] : [named]),
    ...entries
      .flatMap(({ signer, roots }) => [signer.kind === "key" ? signer.path : null, roots])
      .filter((one) => one !== null)
      .map((one) => path.posix.join(folder, one)),
  ].map((one) => path.posix.normalize(one));
  const files: Record<string, string> = {};
  for (const one of new Set(paths)) {
    const bytes = await readInput(cwd, path.join(path.dirname(file), one), MAX_SMALL_FILE_BYTES, one);
    files[one] = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  }
  return files;
}

function expiresOf(day: string | undefined): string {
  if (day !== undefined) return day;
  throw new TouchmarkError("USAGE", "a signed policy says until when it may be used", {
    expected: "--expires DAY, or `expires` in the policy",
    actual: "neither",
  });
}
