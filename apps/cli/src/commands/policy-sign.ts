import path from "node:path";
import { encodeStatement, MAX_SMALL_FILE_BYTES, TouchmarkError } from "@touchmark/core";
import { createHost, writeNewFiles } from "@touchmark/host-node";
import {
  compilePolicy,
  type PolicyDocument,
  policyDocument,
  type SignedPolicy,
  signedPolicyStatement,
} from "@touchmark/policy";
import { trustedKey } from "@touchmark/verify";
import type { Context } from "../context.ts";
import { platformOf } from "../platform-of.ts";
import { readPolicyFile } from "../policy-file.ts";
import { readInput } from "../read-input.ts";
import { type CommonOptions, safe } from "../render/terminal.ts";
import { openSigner, type SigningOptions } from "../signing.ts";
import { openPolicy } from "../verify/policy.ts";
import { signedPolicyIn } from "../verify/signed-policy.ts";

interface SignOptions extends CommonOptions, SigningOptions {
  readonly revision: string;
  readonly expires?: string;
  readonly out?: string;
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
  const { terminal } = context;
  const signing = await openSigner(context, options, null, platformOf({}, { platform: "local" }));
  if (signing.publicKey === null) throw new TypeError("a policy is signed by a key");
  const host = createHost({
    workspace: context.cwd,
    roots: [],
    signal: context.signal,
    userCode: false,
    env: context.env,
  });
  let bundle: Uint8Array;
  try {
    bundle = await signing.signer.sign(encodeStatement(signedPolicyStatement(policy)), signing.run, host);
  } finally {
    await host.close();
  }
  const out = options.out ?? `${file}.sigstore.json`;
  const key = trustedKey(new TextEncoder().encode(signing.publicKey), "the key");
  signedPolicyIn(bundle, { label: out, key, now: Date.now() });
  const target = path.resolve(context.cwd, out);
  await writeNewFiles(path.dirname(target), [{ name: path.basename(target), bytes: bundle, mode: 0o644 }], () => {
    throw new TouchmarkError("OUTPUT_CONFLICT", `${out} is there already`, {
      expected: "a new file, with --out FILE",
      actual: "a file of that name",
    });
  });
  const { revision, expires } = policy;
  if (terminal.json) {
    terminal.result(JSON.stringify({ file: out, revision, expires, files: Object.keys(files).sort() }, null, 2));
  } else terminal.result(`wrote ${safe(out)}: revision ${revision}, until ${expires}, by sha256:${key.digest}`);
  return 0;
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

function revisionOf(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new TouchmarkError("USAGE", "a revision is a number from 1 on", {
    expected: "--revision N, above that of the policy that was signed before",
    actual: text,
  });
}

function expiresOf(day: string | undefined): string {
  if (day !== undefined) return day;
  throw new TouchmarkError("USAGE", "a signed policy says until when it may be used", {
    expected: "--expires DAY, or `expires` in the policy",
    actual: "neither",
  });
}
