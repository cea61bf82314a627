import { isTouchmarkError } from "@touchmark/core";
import {
  compilePolicy,
  conditionProblems,
  documentProblems,
  type PolicyDocument,
  type PolicyProblem,
  policyDocument,
  shownProblem,
} from "@touchmark/policy";
import { denyList } from "@touchmark/verify";
import type { Context } from "../context.ts";
import { readPolicyFile, type WrittenPolicy } from "../policy-file.ts";
import { counted } from "../render/counted.ts";
import { type CommonOptions, safe } from "../render/terminal.ts";
import { POLICY_CHECK_REPORT, type PolicyCheckReport } from "../reports/policy-check.ts";

/** `touchmark policy check`: everything that is wrong with a policy, at once. */
export async function policyCheck(
  context: Context,
  positional: readonly string[],
  _options: CommonOptions,
): Promise<number> {
  const [file = ""] = positional;
  const written = await readPolicyFile(context, { file, label: file });
  const { label, digest } = written.source;
  const { document, problems } = await checked(written, Date.now());
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
  const found = [...(await conditionProblems(document)), ...denyProblems(document)];
  return { document, problems: found.length > 0 ? found : await useProblems(document, now) };
}

/** What `deny` holds is read by who reads deny lists. */
function denyProblems({ deny, label, digest, placeOf }: PolicyDocument): readonly PolicyProblem[] {
  if (deny === null) return [];
  let path: readonly PropertyKey[] = ["deny"];
  const remember = (keys: readonly PropertyKey[]) => {
    path = keys;
    return "";
  };
  try {
    denyList({ version: 1, deny }, { label, digest, placeOf: remember });
    return [];
  } catch (error) {
    if (!isTouchmarkError(error)) throw error;
    return [{ path, place: placeOf(path), text: error.actual ?? error.message, guess: null }];
  }
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

function positionOf(place: string): { readonly line: number | null; readonly column: number | null } {
  const [, line, column] = /^:(\d+):(\d+)$/.exec(place) ?? [];
  return { line: line === undefined ? null : Number(line), column: column === undefined ? null : Number(column) };
}
