import { encodeStatement, type Statement, TouchmarkError } from "@touchmark/core";
import type { SignedFiles } from "@touchmark/policy";
import { trustedKey } from "@touchmark/verify";
import type { Context } from "./context.ts";
import { hostFor } from "./host-for.ts";
import { platformOf } from "./platform-of.ts";
import { type CommonOptions, safe } from "./render/terminal.ts";
import { SIGNED_RULES_REPORT, type SignedRulesReport } from "./reports/signed-rules.ts";
import { openSigner, type SigningOptions } from "./signing.ts";
import type { SignedBundle } from "./verify/signed-files.ts";
import { writeNewFile } from "./write-new-file.ts";

export interface WriteOptions extends CommonOptions, SigningOptions {
  readonly out?: string;
}

/** A file with all that it names, before a key signs it. */
export interface ToSign {
  /** As the user named it. */
  readonly file: string;
  readonly signed: SignedFiles;
  readonly statement: Statement;
  /** Reads the bundle as a verifier will. Throws where it could not be used. */
  readonly check: (bundle: Uint8Array, options: SignedBundle) => unknown;
}

/**
 * Signs a policy or a trust file by a key, and writes the bundle to a new file.
 *
 * @returns the exit status.
 * @throws TouchmarkError `OUTPUT_CONFLICT`; those of the key, of `check` and of writing.
 */
export async function writeSigned(
  context: Context,
  options: WriteOptions,
  { file, signed, statement, check }: ToSign,
): Promise<number> {
  const signing = await openSigner(context, options, null, platformOf({}, { platform: "local" }));
  if (signing.publicKey === null) throw new TypeError("rules are signed by a key");
  const host = hostFor(context);
  let bundle: Uint8Array;
  try {
    bundle = await signing.signer.sign(encodeStatement(statement), signing.run, host);
  } finally {
    await host.close();
  }
  const out = options.out ?? `${file}.sigstore.json`;
  const key = trustedKey(new TextEncoder().encode(signing.publicKey), "the key");
  check(bundle, { label: out, key, now: Date.now() });
  await writeNewFile(context, out, bundle, "a new file, with --out FILE");
  const { revision, expires, files } = signed;
  const { terminal } = context;
  if (terminal.json) {
    const names = Object.keys(files).sort();
    const report: SignedRulesReport = { schema: SIGNED_RULES_REPORT, file: out, revision, expires, files: names };
    terminal.resultDocument(report);
  } else terminal.result(`wrote ${safe(out)}: revision ${revision}, until ${expires}, by sha256:${key.digest}`);
  return 0;
}

/** @throws TouchmarkError `USAGE` for what is no revision. */
export function revisionOf(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new TouchmarkError("USAGE", "a revision is a number from 1 on", {
    expected: "--revision N, above that of what was signed before",
    actual: text,
  });
}
