import {
  type Bundle,
  type BundleMaterial,
  isTouchmarkError,
  MAX_EVIDENCE_BYTES,
  type MessageBundle,
  messageBundleIn,
  parseBundleFile,
  parseJson,
  parseStatement,
  parseSubjectsFile,
  readProvenance,
  type StatedStatement,
  SUBJECTS_FILE_TYPE,
  showDigest,
  TouchmarkError,
} from "@touchmark/core";
import { describeSigning } from "@touchmark/verify";
import type { Context } from "../context.ts";
import { readInput } from "../read-input.ts";
import { partLines } from "../render/attest-summary.ts";
import { column } from "../render/column.ts";
import { signingLines } from "../render/signing-lines.ts";
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
    documents.push(...(await inspectFile(context, file, bytes)));
  }
  if (context.terminal.json) context.terminal.result(JSON.stringify(documents, null, 2));
  return 0;
}

/** One payload only: several after another would be bytes that nobody signed. */
async function printPayload(context: Context, files: readonly string[]): Promise<number> {
  const found: Numbered[] = [];
  for (const file of files) found.push(...readEvidence(file, await readInput(context.cwd, file, MAX_EVIDENCE_BYTES)));
  const [only] = found;
  if (only === undefined || found.length > 1 || "signed" in only) {
    throw new TouchmarkError("USAGE", "--payload prints the payload of one bundle", {
      expected: "a file with one bundle",
      actual: found.length === 1 ? "a signature over a file, which has no payload" : `${found.length} bundles`,
    });
  }
  context.terminal.resultBytes(only.bundle.payload);
  return 0;
}

/** What one line of a file holds: a bundle with a statement, or a signature over a file. */
type Numbered =
  | { readonly line: number; readonly bundle: Bundle }
  | { readonly line: number; readonly signed: MessageBundle };

function readEvidence(file: string, bytes: Uint8Array): readonly Numbered[] {
  return parseBundleFile(bytes).map((each) => {
    const { line, bundle } = each;
    if (!isTouchmarkError(bundle)) return { line, bundle: bundle as Bundle };
    const signed = messageBundleIn(each);
    if (signed !== null) return { line, signed };
    throw new TouchmarkError(bundle.code, `${file} line ${line}: ${bundle.message}`, {
      expected: bundle.expected,
      actual: bundle.actual,
      cause: bundle,
    });
  });
}

async function inspectFile(context: Context, file: string, bytes: Uint8Array): Promise<readonly unknown[]> {
  if (isSubjectsFile(bytes)) {
    const subjects = parseSubjectsFile(bytes, file);
    if (!context.terminal.json) {
      context.terminal.result(`${safe(file)}  subjects file (not signed)`);
      for (const line of partLines(subjects)) context.terminal.result(line);
    }
    return [{ file, kind: "subjects", ...subjects }];
  }
  const documents: unknown[] = [];
  for (const found of readEvidence(file, bytes)) {
    const { line } = found;
    const bundle = "signed" in found ? found.signed : found.bundle;
    const signing = await describeSigning(bundle);
    const about = "signed" in found ? signatureOf(found.signed) : statementOf(found.bundle);
    if (!context.terminal.json) {
      const head = [
        `${safe(file)}${line === 1 ? "" : ` line ${line}`}  (nothing here is verified)`,
        `  bundle        ${bundle.mediaType}`,
        `  signed with   ${safe(signerText(bundle))}`,
        ...signingLines(signing),
      ];
      for (const text of [...head, ...about.lines]) context.terminal.result(text);
    }
    documents.push({ file, line, mediaType: bundle.mediaType, signer: signerText(bundle), signing, ...about.document });
  }
  return documents;
}

function isSubjectsFile(bytes: Uint8Array): boolean {
  try {
    const json = parseJson(bytes, { what: "the file", maxBytes: MAX_EVIDENCE_BYTES });
    return json !== null && typeof json === "object" && "type" in json && json.type === SUBJECTS_FILE_TYPE;
  } catch {
    return false; // JSON Lines, or no JSON at all: the bundle reader says which
  }
}

/** What a bundle is about, for people and in the document. */
interface About {
  readonly lines: readonly string[];
  readonly document: object;
}

function signatureOf({ messageDigest }: MessageBundle): About {
  const digest =
    messageDigest === null
      ? null
      : `${messageDigest.algorithm.replace("SHA2_", "sha")}:${Buffer.from(messageDigest.bytes).toString("hex")}`;
  return {
    lines: [
      `  signs         ${digest === null ? "a file that it does not name" : `a file with ${digest}`}`,
      "  statement     none: it does not say where the file came from, and covers nothing",
    ],
    document: { kind: "signature", digest },
  };
}

function statementOf({ payload }: Bundle): About {
  const statement = parseStatement(payload);
  return { lines: statementLines(statement), document: { kind: "bundle", statement } };
}

function statementLines(statement: StatedStatement): readonly string[] {
  const provenance = readProvenance(statement);
  const { source } = provenance ?? { source: null };
  const shown = statement.subject.slice(0, SUBJECTS_SHOWN);
  const pad = column(shown.map((subject) => subject.name ?? NAMELESS));
  return [
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

function signerText(bundle: BundleMaterial): string {
  switch (bundle.signer.kind) {
    case "key":
      return bundle.signer.hint === null ? "a key" : `a key with hint ${bundle.signer.hint}`;
    case "certificate":
      return `a certificate (${bundle.signer.chain.length} in the bundle)`;
  }
}
