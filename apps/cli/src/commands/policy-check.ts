import { resolve } from "node:path";
import { isTouchmarkError, type TouchmarkError } from "@touchmark/core";
import {
  compilePolicy,
  conditionProblems,
  documentProblems,
  type PolicyDocument,
  type PolicyProblem,
  type PolicySource,
  policyDocument,
  shownProblem,
  trustList,
} from "@touchmark/policy";
import { denyList } from "@touchmark/verify";
import type { Context } from "../context.ts";
import { readPolicyFile, type WrittenPolicy } from "../policy-file.ts";
import { counted } from "../render/counted.ts";
import { type CommonOptions, safe } from "../render/terminal.ts";
import { POLICY_CHECK_REPORT, type PolicyCheckReport } from "../reports/policy-check.ts";
import { openPolicy } from "../verify/policy.ts";
import { trustOfEntries } from "../verify/trust-of-entries.ts";

/** `touchmark policy check`: everything that is wrong with a policy, at once. */
export async function policyCheck(
  context: Context,
  positional: readonly string[],
  _options: CommonOptions,
): Promise<number> {
  const [file = ""] = positional;
  const written = await readPolicyFile(context, { file, label: file });
  const { label, digest } = written.source;
  const { document, problems: own } = await checked(written, Date.now());
  const problems = document === null || own.length > 0 ? own : await trustProblems(context, file, document);
  const { terminal } = context;
  if (terminal.json) {
    const report: PolicyCheckReport = {
      schema: POLICY_CHECK_REPORT,
      policy: label,
      digest: `sha256:${digest}`,
      ok: problems.length === 0,
      rules: document?.file.artifacts.length ?? null,
      exceptions: document === null ? null : (document.file.exceptions?.length ?? 0),
      problems: problems.map(({ path, place, text, guess }) => ({
        ...positionOf(place),
        path: path.map((key) => (typeof key === "number" ? key : String(key))),
        message: text,
        guess,
      })),
    };
    terminal.resultDocument(report);
  } else if (problems.length > 0) {
    for (const problem of problems) {
      terminal.result(
        `${safe(label)}${problem.place}  ${terminal.paint("red", "error")}  ${safe(shownProblem(problem))}`,
      );
    }
  } else {
    const exceptions = document?.file.exceptions?.length ?? 0;
    const parts = [counted(document?.file.artifacts.length ?? 0, "rule"), counted(exceptions, "exception")];
    terminal.result(`${safe(label)}: ok    ${parts.join(", ")}`);
  }
  return problems.length === 0 ? 0 : 2;
}

async function checked(
  { data, source }: WrittenPolicy,
  now: number,
): Promise<{ readonly document: PolicyDocument | null; readonly problems: readonly PolicyProblem[] }> {
  const problems = documentProblems(data, source);
  if (problems.length > 0) return { document: null, problems };
  const document = policyDocument(data, source);
  const found = [...(await conditionProblems(document)), ...partProblems(document)];
  return { document, problems: found.length > 0 ? found : await useProblems(document, now) };
}

/** What `trust` and `deny` hold is read by those who read files of them; each names its first problem. */
function partProblems(document: PolicyDocument): readonly PolicyProblem[] {
  const { trust, deny } = document;
  return [
    ...(trust === null || typeof trust === "string"
      ? []
      : partProblem(document, "trust", (source) => trustList(trust, source, ["trust"]))),
    ...(deny === null ? [] : partProblem(document, "deny", (source) => denyList({ version: 1, deny }, source))),
  ];
}

function partProblem(
  { label, digest, placeOf }: PolicyDocument,
  key: "trust" | "deny",
  read: (source: PolicySource) => unknown,
): readonly PolicyProblem[] {
  let path: readonly PropertyKey[] = [key];
  const remember = (keys: readonly PropertyKey[]) => {
    path = keys;
    return placeOf(keys);
  };
  try {
    read({ label, digest, placeOf: remember });
    return [];
  } catch (error) {
    if (!isTouchmarkError(error)) throw error;
    return [
      { path, place: placeOf(path), text: `\`${key}\`: ${textOf(error, `${label}${placeOf(path)}`)}`, guess: null },
    ];
  }
}

/** The message without the place in front of it, and what is there where the message does not say it. */
function textOf({ message, actual }: TouchmarkError, place: string): string {
  const text = message.startsWith(place) ? message.slice(place.length).replace(/^:? /, "") : message;
  return actual === null || text.includes(actual) ? text : `${text}: ${actual}`;
}

/** What is wrong with a policy today, though it is well formed. */
async function useProblems(document: PolicyDocument, now: number): Promise<readonly PolicyProblem[]> {
  try {
    await compilePolicy(document, { now });
    return [];
  } catch (error) {
    if (!isTouchmarkError(error)) throw error;
    const path = ["expires"];
    return [{ path, place: document.placeOf(path), text: `${error.code}: ${error.expected}`, guess: null }];
  }
}

/** What keeps `verify` from believing whom it names: a trust file, keys and roots that are not there or not understood. */
async function trustProblems(
  context: Context,
  file: string,
  { placeOf }: PolicyDocument,
): Promise<readonly PolicyProblem[]> {
  const path = ["trust"];
  try {
    const { trust } = await openPolicy(
      context,
      { place: { file: resolve(context.cwd, file), label: file }, key: null },
      [],
    );
    if (trust !== null) await trustOfEntries(context, [trust], { source: null, builderIds: [], fields: {} }, {}, []);
    return [];
  } catch (error) {
    if (!isTouchmarkError(error)) throw error;
    const text = `\`trust\`: ${error.code}: ${error.message}`;
    return [{ path, place: placeOf(path), text, guess: null }];
  }
}

function positionOf(place: string): { readonly line: number | null; readonly column: number | null } {
  const [, line, column] = /^:(\d+):(\d+)$/.exec(place) ?? [];
  return { line: line === undefined ? null : Number(line), column: column === undefined ? null : Number(column) };
}
