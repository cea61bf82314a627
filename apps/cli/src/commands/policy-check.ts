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
import { firstProblem } from "../trust/first-problem.ts";
import { type FiledProblem, policyTrustProblems } from "../trust/policy-trust-problems.ts";

/** `touchmark policy check`: everything that is wrong with a policy, at once. */
export async function policyCheck(
  context: Context,
  positional: readonly string[],
  _options: CommonOptions,
): Promise<number> {
  const [file = ""] = positional;
  const written = await readPolicyFile(context, { file, label: file });
  const { label, digest } = written.source;
  const { document, problems } = await checked(context, written, Date.now());
  const { terminal } = context;
  if (terminal.json) {
    const report: PolicyCheckReport = {
      schema: POLICY_CHECK_REPORT,
      policy: label,
      digest: `sha256:${digest}`,
      ok: problems.length === 0,
      rules: document?.file.artifacts.length ?? null,
      exceptions: document === null ? null : (document.file.exceptions?.length ?? 0),
      problems: problems.map(({ file, path, place, text, guess }) => ({
        file,
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
        `${safe(problem.file)}${problem.place}  ${terminal.paint("red", "error")}  ${safe(shownProblem(problem))}`,
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
  context: Context,
  { data, source }: WrittenPolicy,
  now: number,
): Promise<{ readonly document: PolicyDocument | null; readonly problems: readonly FiledProblem[] }> {
  const inPolicy = (problems: readonly PolicyProblem[]) => problems.map((one) => ({ ...one, file: source.label }));
  const problems = documentProblems(data, source);
  if (problems.length > 0) return { document: null, problems: inPolicy(problems) };
  const document = policyDocument(data, source);
  const found = [
    ...inPolicy(await conditionProblems(document)),
    ...(await policyTrustProblems(context, document)),
    ...inPolicy(denyProblems(document)),
  ];
  return { document, problems: found.length > 0 ? found : inPolicy(await useProblems(document, now)) };
}

/** What `deny` holds is read by what reads deny lists, which names its first problem. */
function denyProblems({ deny, label, digest, placeOf }: PolicyDocument): readonly PolicyProblem[] {
  if (deny === null) return [];
  let path: readonly PropertyKey[] = ["deny"];
  const remember = (keys: readonly PropertyKey[]) => {
    path = keys;
    return placeOf(keys);
  };
  try {
    denyList({ version: 1, deny }, { label, digest, placeOf: remember });
    return [];
  } catch (error) {
    return [{ ...firstProblem(error, { label, place: placeOf(path), prefix: "`deny`: " }), path }];
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
