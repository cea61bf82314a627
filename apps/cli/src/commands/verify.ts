import { statSync } from "node:fs";
import path from "node:path";
import { MAX_SMALL_FILE_BYTES, TouchmarkError } from "@touchmark/core";
import { check, describeEvidence, type EvidenceDescription, exitStatusOf } from "@touchmark/engine";
import { createHost, type NodeHost } from "@touchmark/host-node";
import { trustedKey } from "@touchmark/verify";
import type { Context } from "../context.ts";
import { readInput } from "../read-input.ts";
import { counted } from "../render/counted.ts";
import { progressOption } from "../render/progress.ts";
import { type CommonOptions, safe } from "../render/terminal.ts";
import { reportLines } from "../render/verify-report.ts";

interface VerifyOptions extends CommonOptions {
  readonly key?: readonly string[];
  readonly bundle?: readonly string[];
  readonly complete?: boolean;
  readonly anyName?: boolean;
  readonly ignore?: readonly string[];
  readonly all?: boolean;
}

/** `touchmark verify`: reads nothing but the targets, the evidence and the keys that flags name. */
export async function verifyCommand(
  context: Context,
  positional: readonly string[],
  options: VerifyOptions,
): Promise<number> {
  if (positional.includes("")) {
    throw new TouchmarkError("USAGE", "a target is empty", {
      expected: "a file, a folder or a digest; an unset shell variable gives none",
      actual: "an empty argument",
    });
  }
  const trust = [];
  for (const file of options.key ?? []) {
    trust.push(trustedKey(await readInput(context.cwd, file, MAX_SMALL_FILE_BYTES), file));
  }
  const host = openReader(context, [...positional, ...(options.bundle ?? [])]);
  try {
    const bundles = options.bundle ?? null;
    const { terminal } = context;
    for (const target of positional) terminal.detail(`target: ${safe(target)}`);
    terminal.detail(
      `evidence: ${bundles === null ? "looked for among the targets and beside files" : bundles.map(safe).join(", ")}`,
    );
    for (const one of trust) terminal.detail(`trusted: ${safe(one.label)}, sha256:${one.digest}`);
    terminal.detail("no configuration, policy or trust file is read");
    if (trust.length === 0)
      throw trustUnset(await describeEvidence({ targets: positional, bundles }, host), positional);
    const report = await check(
      {
        targets: positional,
        bundles,
        trust,
        complete: options.complete === true,
        anyName: options.anyName === true,
        ignore: options.ignore ?? [],
      },
      host,
    );
    if (terminal.json) terminal.resultDocument(report);
    else for (const line of reportLines(report, terminal, options.all === true)) terminal.result(line);
    return exitStatusOf(report);
  } finally {
    await host.close();
  }
}

/** The targets and bundles are what the user granted, and of a file the folder in which its evidence lies. */
function openReader(context: Context, paths: readonly string[]): NodeHost {
  return createHost({
    workspace: context.cwd,
    roots: paths.map((named) => (isFolder(path.resolve(context.cwd, named)) ? named : path.dirname(named))),
    signal: context.signal,
    userCode: false,
    env: context.env,
    ...progressOption(context.terminal),
  });
}

function isFolder(absolute: string): boolean {
  return statSync(absolute, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Nobody said whom to believe: what the evidence says of itself, unchecked, and the line to type. */
function trustUnset(found: readonly EvidenceDescription[], targets: readonly string[]): TouchmarkError {
  const said = found.slice(0, 4).map((one) => {
    const source =
      one.source === null ? "" : `, built from ${one.source}${one.commit === null ? "" : ` ${one.commit}`}`;
    const signer =
      one.signer.kind === "key"
        ? `a key${one.signer.hint === null ? "" : ` (hint ${one.signer.hint})`}`
        : "a certificate";
    return `${one.name}: ${counted(one.subjects, "subject")}, builder ${one.builder ?? "not said"}${source}, signed with ${signer}`;
  });
  const target = targets
    .map((one) => (/^[\w@%+=:,./-]+$/.test(one) ? one : `'${one.replaceAll("'", `'\\''`)}'`))
    .join(" ");
  return new TouchmarkError("TRUST_UNSET", "nobody said whom to believe, so nothing was judged", {
    expected: `touchmark verify ${safe(target)} --key PUBLIC_KEY_OF_THE_SIGNER`,
    actual:
      said.length === 0
        ? "no key, and no evidence was found"
        : `no key; the evidence says of itself (not checked): ${said.join("; ")}`,
  });
}
