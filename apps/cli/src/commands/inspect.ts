import {
  type Bundle,
  isTouchmarkError,
  MAX_EVIDENCE_BYTES,
  parseBundleFile,
  parseJson,
  parseStatement,
  parseSubjectsFile,
  readProvenance,
  SUBJECTS_FILE_TYPE,
  showDigest,
  TouchmarkError,
} from "@touchmark/core";
import type { Context } from "../context.ts";
import { readInput } from "../read-input.ts";
import { partLines } from "../render/attest-summary.ts";
import { column } from "../render/column.ts";
import { type CommonOptions, safe } from "../render/terminal.ts";

interface InspectOptions extends CommonOptions {
  readonly payload?: boolean;
}

/** How many subjects are listed before the rest is counted. */
const SUBJECTS_SHOWN = 20;
const NAMELESS = "(no name)";

/** `touchmark inspect FILE…`: what evidence says of itself. Nothing is verified, and every line says so. */
export async function inspectCommand(
  context: Context,
  positional: readonly string[],
  options: InspectOptions,
): Promise<number> {
  if (options.payload === true) return printPayload(context, positional);
  const documents: unknown[] = [];
  for (const file of positional) {
    const bytes = await readInput(context.cwd, file, MAX_EVIDENCE_BYTES);
    documents.push(...inspectFile(context, file, bytes));
  }
  if (context.terminal.json) context.terminal.result(JSON.stringify(documents, null, 2));
  return 0;
}

/** One payload only: several after another would be bytes that nobody signed. */
async function printPayload(context: Context, files: readonly string[]): Promise<number> {
  const bundles: NumberedBundle[] = [];
  for (const file of files) bundles.push(...readBundles(file, await readInput(context.cwd, file, MAX_EVIDENCE_BYTES)));
  const [only] = bundles;
  if (only === undefined || bundles.length > 1) {
    throw new TouchmarkError("USAGE", "--payload prints the payload of one bundle", {
      expected: "a file with one bundle",
      actual: `${bundles.length} bundles`,
    });
  }
  context.terminal.resultBytes(only.bundle.payload);
  return 0;
}

interface NumberedBundle {
  readonly line: number;
  readonly bundle: Bundle;
}

function readBundles(file: string, bytes: Uint8Array): readonly NumberedBundle[] {
  return parseBundleFile(bytes).map(({ line, bundle }) => {
    if (!isTouchmarkError(bundle)) return { line, bundle: bundle as Bundle };
    throw new TouchmarkError(bundle.code, `${file} line ${line}: ${bundle.message}`, {
      expected: bundle.expected,
      actual: bundle.actual,
      cause: bundle,
    });
  });
}

function inspectFile(context: Context, file: string, bytes: Uint8Array): readonly unknown[] {
  if (isSubjectsFile(bytes)) {
    const subjects = parseSubjectsFile(bytes, file);
    if (!context.terminal.json) {
      context.terminal.result(`${safe(file)}  subjects file (not signed)`);
      for (const line of partLines(subjects)) context.terminal.result(line);
    }
    return [{ file, kind: "subjects", ...subjects }];
  }
  return readBundles(file, bytes).map(({ line, bundle }) => {
    if (!context.terminal.json) for (const text of bundleLines(file, line, bundle)) context.terminal.result(text);
    return {
      file,
      line,
      kind: "bundle",
      mediaType: bundle.mediaType,
      signer: signerText(bundle),
      statement: parseStatement(bundle.payload),
    };
  });
}

function isSubjectsFile(bytes: Uint8Array): boolean {
  try {
    const json = parseJson(bytes, { what: "the file", maxBytes: MAX_EVIDENCE_BYTES });
    return json !== null && typeof json === "object" && "type" in json && json.type === SUBJECTS_FILE_TYPE;
  } catch {
    return false; // JSON Lines, or no JSON at all: the bundle reader says which
  }
}

function bundleLines(file: string, line: number, bundle: Bundle): readonly string[] {
  const statement = parseStatement(bundle.payload);
  const provenance = readProvenance(statement);
  const { source } = provenance ?? { source: null };
  const shown = statement.subject.slice(0, SUBJECTS_SHOWN);
  const pad = column(shown.map((subject) => subject.name ?? NAMELESS));
  return [
    `${safe(file)}${line === 1 ? "" : ` line ${line}`}  (nothing here is verified)`,
    `  bundle        ${bundle.mediaType}`,
    `  signed with   ${safe(signerText(bundle))}`,
    `  log entries   ${bundle.tlogEntries.length}, timestamps ${bundle.timestamps.length}`,
    `  statement     ${statement._type}`,
    `  predicate     ${safe(statement.predicateType)}`,
    ...(provenance === null
      ? []
      : [
          `  builder       ${safe(provenance.builderId)}`,
          `  build type    ${safe(provenance.buildType)}`,
          `  run           ${safe(provenance.invocationId ?? "not said")}`,
          `  source        ${safe(source === null ? "not said" : [source.repository, source.ref, source.commit].filter((part) => part !== null).join(" "))}`,
          `  dependencies  ${provenance.dependencyCount}`,
        ]),
    `  subjects      ${statement.subject.length}`,
    ...shown.map(
      (subject) =>
        `    ${pad(subject.name ?? NAMELESS)}  ${safe(showDigest(subject.digest) ?? Object.keys(subject.digest).join(", "))}`,
    ),
    ...(statement.subject.length > SUBJECTS_SHOWN ? [`    and ${statement.subject.length - SUBJECTS_SHOWN} more`] : []),
  ];
}

function signerText(bundle: Bundle): string {
  switch (bundle.signer.kind) {
    case "key":
      return bundle.signer.hint === null ? "a key" : `a key with hint ${bundle.signer.hint}`;
    case "certificate":
      return `a certificate (${bundle.signer.chain.length} in the bundle)`;
  }
}
