import type { Json } from "@touchmark/core";
import { SOURCES_WITHOUT_REF } from "./builders.ts";
import { gitUri, splitGitUri } from "./git-ref.ts";
import { objectOf } from "./go-json.ts";
import type { KnownProvenance } from "./provenance.ts";
import { Refusal } from "./refusal.ts";

/**
 * The repository that is expected must have started the build, and be what was built.
 *
 * @throws Refusal `ErrorMalformedURI`, `ErrorMismatchSource`, `ErrorInvalidDssePayload`, `ErrorNotPresent`.
 */
export function checkSource(provenance: KnownProvenance, expected: string): void {
  const wanted = gitUri(expected);
  if (!wanted.startsWith("git+https://github.com/")) {
    throw new Refusal("ErrorMalformedURI", `expected source github.com repository "${wanted}"`);
  }
  const trigger = triggerOf(provenance);
  const started = splitGitUri(trigger);
  if (started.uri !== wanted) {
    throw new Refusal("ErrorMismatchSource", `expected trigger "${wanted}" to match source-uri "${trigger}"`);
  }
  if (started.ref === "") throw new Refusal("ErrorMalformedURI", `missing ref: "${trigger}"`);
  const source = sourceOf(provenance);
  const built = splitGitUri(source);
  if (built.uri !== wanted) {
    throw new Refusal("ErrorMismatchSource", `expected source "${source}" to match source-uri "${wanted}"`);
  }
  if (built.ref === "") {
    if (SOURCES_WITHOUT_REF.includes(provenance.buildType)) return;
    throw new Refusal("ErrorMalformedURI", `missing ref: "${source}"`);
  }
  if (trigger !== source) {
    throw new Refusal("ErrorInvalidDssePayload", `source and trigger URIs do not match: "${trigger}" != "${source}"`);
  }
}

/** The first dependency. @throws Refusal. */
export function sourceOf({ dependencies }: KnownProvenance): string {
  const [first] = dependencies;
  if (first === undefined) throw new Refusal("ErrorInvalidDssePayload", "no material or resolved dependency");
  if (first === "") throw new Refusal("ErrorMalformedURI", "empty uri");
  return first;
}

function triggerOf({ shape, configSource, environment, parameters }: KnownProvenance): string {
  switch (shape) {
    case "v0.2":
    case "v0.2-delegated":
      if (configSource.uri === "") throw new Refusal("ErrorMalformedURI", "empty uri");
      return configSource.uri;
    case "v1-workflow":
    case "v1-npm":
      return workflowUri(parameters);
    case "v1-delegated":
    case "v1-container-based":
      return variableUri(environment);
  }
}

function workflowUri(parameters: Json | undefined): string {
  const workflow = objectOf(objectOf(parameters)?.["workflow"]);
  const repository = workflow?.["repository"];
  const ref = workflow?.["ref"];
  if (typeof repository === "string" && typeof ref === "string") return `git+${repository}@${ref}`;
  throw new Refusal("ErrorInvalidFormat", "workflow parameters");
}

/** `octo/widgets/.github/workflows/x.yml@refs/tags/v1` */
function variableUri(environment: Json | undefined): string {
  const value = objectOf(environment)?.["GITHUB_WORKFLOW_REF"];
  if (value === undefined) throw new Refusal("ErrorNotPresent", "GITHUB_WORKFLOW_REF");
  if (typeof value !== "string") throw new Refusal("ErrorInvalidDssePayload", "GITHUB_WORKFLOW_REF");
  const [place = "", ref, ...more] = value.split("@");
  const [owner = "", name] = place.split("/");
  if (ref === undefined || more.length > 0 || name === undefined)
    throw new Refusal("ErrorInvalidFormat", `ref: ${value}`);
  if (ref === "") throw new Refusal("ErrorMalformedURI", "repository or ref is empty");
  return `git+https://github.com/${owner}/${name}@${ref}`;
}
