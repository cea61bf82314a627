import type { Json } from "@touchmark/core";
import { objectOf } from "./go-json.ts";
import type { KnownProvenance } from "./provenance.ts";
import { Refusal } from "./refusal.ts";
import type { Workflow } from "./workflow.ts";

/**
 * npm's command line writes provenance in the job that builds, so the job may write anything: every field must stand in the
 * certificate too, and what cannot be there must not be claimed.
 *
 * @throws Refusal `ErrorMismatchCertificate`, `ErrorNonVerifiableClaim`, `ErrorInvalidFormat`.
 */
export function checkAgainstCertificate(provenance: KnownProvenance, workflow: Workflow): void {
  if (provenance.shape === "v1-npm") checkInternalParameters(provenance.environment, workflow);
  else checkVariables(provenance.environment, workflow);
  checkEmpty(provenance.shape === "v0.2" ? provenance.parameters : undefined, "parameters");
  checkMetadata(provenance, workflow);
  const [subject, ...more] = provenance.subjects;
  if (subject === undefined || more.length > 0) throw unverifiable(`${provenance.subjects.length} subjects`);
  if (!subject.digest.has("sha512")) throw unverifiable("digest 'sha512' not present");
  equalToCertificate(workflow.configPath, configPath(provenance), "trigger workflow");
  if (provenance.dependencies.length !== 1)
    throw unverifiable(`${provenance.dependencies.length} resolved dependencies`);
  checkEmpty(provenance.buildConfig, "buildConfig");
}

/** https://github.com/slsa-framework/github-actions-buildtypes/tree/main/workflow/v1 */
function checkInternalParameters(environment: Json | undefined, workflow: Workflow): void {
  const github = objectOf(objectOf(environment)?.["github"]);
  if (github === null) throw new Refusal("ErrorInvalidFormat", "github parameters");
  const certified = new Map([
    ["event_name", workflow.trigger],
    ["repository_id", workflow.sourceId],
    ["repository_owner_id", workflow.sourceOwnerId],
  ]);
  checkEach(github, certified);
}

function checkVariables(environment: Json | undefined, workflow: Workflow): void {
  const variables = objectOf(environment);
  if (variables === null) throw new Refusal("ErrorInvalidDssePayload", "the environment is not an object");
  const { id, attempt } = runOf(workflow);
  const certified = new Map([
    ["GITHUB_EVENT_NAME", workflow.trigger],
    ["GITHUB_REPOSITORY", workflow.sourceRepository],
    ["GITHUB_REF", workflow.sourceRef],
    ["GITHUB_REPOSITORY_ID", workflow.sourceId],
    ["GITHUB_REPOSITORY_OWNER_ID", workflow.sourceOwnerId],
    ["GITHUB_SHA", workflow.sourceCommit],
    ["GITHUB_WORKFLOW_REF", workflow.path],
    ["GITHUB_WORKFLOW_SHA", workflow.signerCommit],
    ["GITHUB_RUN_ID", id],
    ["GITHUB_RUN_ATTEMPT", attempt],
  ]);
  checkEach(variables, certified);
}

function checkEach(stated: Readonly<Record<string, Json>>, certified: ReadonlyMap<string, string | null>): void {
  for (const [name, value] of Object.entries(stated)) {
    const expected = certified.get(name);
    if (expected === undefined) throw new Refusal("ErrorMismatchCertificate", `unknown '${name}' parameter`);
    if (typeof value !== "string") throw new Refusal("ErrorInvalidDssePayload", `environment type string '${name}'`);
    equalToCertificate(expected, value, name);
  }
}

function equalToCertificate(certified: string | null, stated: string, what: string): void {
  if (certified === null) throw new Refusal("ErrorMismatchCertificate", `empty certificate value to verify '${what}'`);
  if (certified === stated) return;
  throw new Refusal("ErrorMismatchCertificate", `${what}: '${stated}' != '${certified}'`);
}

function checkMetadata(provenance: KnownProvenance, workflow: Workflow): void {
  const { invocationId, startedOn, finishedOn, shape } = provenance;
  if (invocationId !== "") {
    const stated = shape === "v1-npm" ? runOfUrl(invocationId) : runOfShort(invocationId);
    const { id, attempt } = runOf(workflow);
    if (stated.id !== (id ?? "") || stated.attempt !== (attempt ?? "")) {
      throw new Refusal("ErrorMismatchCertificate", `run: '${stated.id}-${stated.attempt}' != '${id}-${attempt}'`);
    }
  }
  if (startedOn !== null) throw unverifiable(`build start time: ${startedOn}`);
  if (finishedOn !== null) throw unverifiable(`build finish time: ${finishedOn}`);
  if (provenance.claimsReproducible) throw unverifiable("reproducible: true");
  if (provenance.claimsCompleteness) throw unverifiable("completeness");
}

interface Run {
  readonly id: string;
  readonly attempt: string;
}

/** `RUN-ATTEMPT` */
function runOfShort(text: string): Run {
  const [id, attempt, ...more] = text.split("-");
  if (id === undefined || attempt === undefined || more.length > 0) throw invalidRun(text);
  return { id, attempt };
}

/** `https://github.com/octo/widgets/actions/runs/RUN/attempts/ATTEMPT` */
function runOfUrl(text: string): Run {
  const parts = text.replace(/^https:\/\/github\.com\//, "").split("/");
  const [id, attempt] = [parts[4], parts[6]];
  if (parts.length !== 7 || id === undefined || attempt === undefined) throw invalidRun(text);
  return { id, attempt };
}

/** Of the certificate; null in those that were made before they had it. */
function runOf({ run }: Workflow): { readonly id: string | null; readonly attempt: string | null } {
  if (run === null) return { id: null, attempt: null };
  const [id, , attempt, ...more] = run.split("/");
  if (id === undefined || attempt === undefined || more.length > 0) throw invalidRun(run);
  return { id, attempt };
}

function configPath({ shape, parameters, configSource }: KnownProvenance): string {
  if (shape !== "v1-npm") return configSource.entryPoint;
  const path = objectOf(objectOf(parameters)?.["workflow"])?.["path"];
  if (typeof path === "string") return path;
  throw new Refusal("ErrorInvalidDssePayload", "no path entry on workflow");
}

function checkEmpty(value: Json | undefined, what: string): void {
  if (value === undefined) return;
  const fields = objectOf(value);
  if (fields === null || Object.keys(fields).length > 0) throw unverifiable(what);
}

function invalidRun(text: string): Refusal {
  return new Refusal("ErrorInvalidFormat", `invalid invocation ID: ${text}`);
}

function unverifiable(what: string): Refusal {
  return new Refusal("ErrorNonVerifiableClaim", what);
}
