import { type Finding, finding, isJsonObject } from "@touchmark/core";
import type { RuleEntry } from "../document/rule-entry.ts";
import { MAX_SHOWN_PARAMETERS } from "../limits.ts";
import { readParameterPath, shownPath } from "../parameter-path.ts";
import type { BuildExpectation } from "./expectation.ts";

type Path = readonly string[];
type Parameters = Readonly<Record<string, unknown>>;

/**
 * Where builders put the inputs that a person started a workflow with: `inputs` in version 1 of provenance, `event_inputs` in
 * what slsa-github-generator wrote before.
 */
const INPUTS: readonly string[] = ["inputs", "event_inputs"];

/** `parameters` and `workflow-inputs` of a rule. */
export function parameterExpectations(rule: RuleEntry): readonly BuildExpectation[] {
  const values = Object.entries(rule.parameters?.values ?? {}).map(([path, value]) => [pathOf(path), value] as const);
  const inputs = Object.entries(rule["workflow-inputs"] ?? {});
  const found: BuildExpectation[] = [];
  for (const [path, value] of values) {
    found.push(({ externalParameters }) => {
      const actual = valueAt(externalParameters, path);
      return actual === value ? null : unexpected(shownPath(path), shown(value), shown(actual));
    });
  }
  for (const [name, value] of inputs) {
    found.push(({ externalParameters }) => {
      const actual = inputOf(externalParameters, name);
      // Providers write what a person typed as text, also numbers and switches.
      return isScalar(actual) && String(actual) === String(value)
        ? null
        : unexpected(`the workflow's input ${shownPath([name])}`, shown(value), shown(actual));
    });
  }
  const { only, "reject-unknown": rejects } = rule.parameters ?? {};
  if (only !== undefined || rejects === true) {
    const allowed = [
      ...(only ?? []).map(pathOf),
      ...values.map(([path]) => path),
      ...inputs.flatMap(([name]) => INPUTS.map((section) => [section, name])),
    ];
    found.push(({ externalParameters }) => unknownParameters(externalParameters, allowed));
  }
  return found;
}

function unknownParameters(parameters: Parameters, allowed: readonly Path[]): Finding | null {
  const unknown: string[] = [];
  collectUnknown(parameters, [], allowed, unknown);
  if (unknown.length === 0) return null;
  const more = unknown.length - MAX_SHOWN_PARAMETERS;
  return finding("PARAMETER_UNEXPECTED", "the build had parameters that the policy does not know", {
    expected: allowed.length === 0 ? "none" : `only ${allowed.map(shownPath).join(", ")}`,
    actual: `${unknown.slice(0, MAX_SHOWN_PARAMETERS).join(", ")}${more > 0 ? ` and ${more} more` : ""}`,
  });
}

/** A section that is allowed in part is walked through; an empty one of these holds nothing unknown. */
function collectUnknown(value: Parameters, at: Path, allowed: readonly Path[], unknown: string[]): void {
  for (const [name, inner] of Object.entries(value)) {
    const path = [...at, name];
    if (allowed.some((one) => one.length <= path.length && startsWith(path, one))) continue;
    const partly = allowed.some((one) => startsWith(one, path));
    if (partly && isJsonObject(inner)) collectUnknown(inner, path, allowed, unknown);
    else unknown.push(shownPath(path).slice(0, 200));
  }
}

function startsWith(path: Path, beginning: Path): boolean {
  return beginning.every((name, index) => path[index] === name);
}

function inputOf(parameters: Parameters, name: string): unknown {
  const [section, ...others] = INPUTS.filter((one) => Object.hasOwn(parameters, one));
  // Two places could say two things.
  return section === undefined || others.length > 0 ? undefined : valueAt(parameters, [section, name]);
}

function valueAt(parameters: Parameters, path: Path): unknown {
  let value: unknown = parameters;
  for (const name of path) {
    if (!isJsonObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}

function unexpected(what: string, expected: string, actual: string): Finding {
  return finding("PARAMETER_UNEXPECTED", `${what} is not what the policy expects`, { expected, actual });
}

function isScalar(value: unknown): boolean {
  return ["string", "number", "boolean"].includes(typeof value);
}

function shown(value: unknown): string {
  return value === undefined ? "nothing" : (JSON.stringify(value) ?? "nothing").slice(0, 200);
}

function pathOf(text: string): Path {
  const path = readParameterPath(text);
  if (path === null) throw new TypeError(text); // the document was checked
  return path;
}
