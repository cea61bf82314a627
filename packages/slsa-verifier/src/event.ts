import type { Json } from "@touchmark/core";
import { branchOf, splitGitUri, splitRef, tagOf } from "./git-ref.ts";
import { objectOf } from "./go-json.ts";
import type { KnownProvenance } from "./provenance.ts";
import { Refusal } from "./refusal.ts";
import { sourceOf } from "./source.ts";
import { checkVersionedTag } from "./version.ts";

/** What of the event that started the build is expected; null for anything. */
export interface ExpectedEvent {
  readonly branch: string | null;
  readonly tag: string | null;
  readonly versionedTag: string | null;
  /** Inputs of a workflow_dispatch event. */
  readonly inputs: ReadonlyMap<string, string>;
}

/** @throws Refusal `ErrorMismatchBranch`, `ErrorMismatchTag`, `ErrorMismatchVersionedTag`, `ErrorMismatchWorkflowInputs`, `ErrorInvalidRef`, … */
export function checkEvent(provenance: KnownProvenance, expected: ExpectedEvent): void {
  if (expected.branch !== null) {
    const branch = branchOf(refOf(provenance, "branch"));
    if (branch !== expected.branch) {
      throw new Refusal("ErrorMismatchBranch", `expected branch '${expected.branch}', got '${branch}'`);
    }
  }
  if (expected.tag !== null) {
    const tag = tagOf(refOf(provenance, "tag"));
    if (tag !== expected.tag) throw new Refusal("ErrorMismatchTag", `expected tag '${expected.tag}', got '${tag}'`);
  }
  if (expected.versionedTag !== null) checkVersionedTag(tagOf(refOf(provenance, "tag")), expected.versionedTag);
  if (expected.inputs.size > 0) checkInputs(variablesOf(provenance), expected.inputs);
}

/** Variables of GitHub Actions: in small letters in the old provenance, in capitals since. */
type Variables = (name: string) => Json | undefined;

function variablesOf({ shape, environment }: KnownProvenance): Variables {
  const values = objectOf(environment);
  if (values === null) throw new Refusal("ErrorInvalidDssePayload", "the environment is not an object");
  return (name) => values[shape === "v0.2" ? name : name.toUpperCase()];
}

/** `refs/heads/main` or `refs/tags/v1`; empty where the event had none. */
function refOf(provenance: KnownProvenance, kind: "branch" | "tag"): string {
  switch (provenance.shape) {
    case "v0.2-delegated":
    case "v1-delegated":
      return refOfSource(provenance, kind);
    case "v0.2":
    case "v1-container-based":
    case "v1-workflow":
    case "v1-npm":
      return refOfEvent(variablesOf(provenance), kind);
  }
}

/** A delegated build may check out another ref than the one that started it: the source's counts. */
function refOfSource(provenance: KnownProvenance, kind: "branch" | "tag"): string {
  const source = sourceOf(provenance);
  const { ref } = splitGitUri(source);
  if (ref === "") throw new Refusal("ErrorInvalidDssePayload", `unable to get ref for source "${source}"`);
  switch (splitRef(ref).kind) {
    case "heads":
      return kind === "branch" ? ref : "";
    case "tags":
      return kind === "tag" ? ref : refOfEvent(variablesOf(provenance), "branch");
    default:
      throw new Refusal("ErrorInvalidDssePayload", `unknown ref type for ref "${ref}"`);
  }
}

function refOfEvent(variables: Variables, kind: "branch" | "tag"): string {
  const type = textOf(variables, "github_ref_type");
  if (type !== "branch" && type !== "tag") throw new Refusal("ErrorInvalidDssePayload", `unknown ref type "${type}"`);
  if (type === kind) return textOf(variables, "github_ref");
  return kind === "branch" ? branchOfTag(variables) : "";
}

/** From where a tag was pushed or released, if the event says it. */
function branchOfTag(variables: Variables): string {
  const base = textOf(variables, "github_base_ref");
  if (base !== "") return base;
  const event = textOf(variables, "github_event_name");
  const payload = payloadOf(variables);
  switch (event) {
    case "push": {
      const ref = payload["base_ref"];
      if (ref === undefined) throw new Refusal("ErrorInvalidDssePayload", "base_ref");
      return typeof ref === "string" ? ref : "";
    }
    case "release": {
      const branch = objectOf(payload["release"])?.["target_commitish"];
      if (typeof branch !== "string") throw new Refusal("ErrorInvalidDssePayload", "target_commitish not present");
      return `refs/heads/${branch}`;
    }
    default:
      return "";
  }
}

function checkInputs(variables: Variables, expected: ReadonlyMap<string, string>): void {
  const event = textOf(variables, "github_event_name");
  if (event !== "workflow_dispatch") {
    throw new Refusal("ErrorMismatchWorkflowInputs", `expected 'workflow_dispatch' trigger, got ${event}`);
  }
  const inputs = objectOf(payloadOf(variables)["inputs"]);
  if (inputs === null) throw new Refusal("ErrorInvalidDssePayload", "error retrieving 'inputs'");
  for (const [name, value] of expected) {
    const found = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
    if (typeof found !== "string")
      throw new Refusal("ErrorMismatchWorkflowInputs", `cannot retrieve value of '${name}'`);
    if (found !== value) {
      throw new Refusal("ErrorMismatchWorkflowInputs", `expected '${name}=${value}', got '${name}=${found}'`);
    }
  }
}

function payloadOf(variables: Variables): Readonly<Record<string, Json>> {
  const payload = objectOf(variables("github_event_payload"));
  if (payload === null) throw new Refusal("ErrorInvalidDssePayload", "the payload of the event is not an object");
  return payload;
}

function textOf(variables: Variables, name: string): string {
  const value = variables(name);
  if (typeof value === "string") return value;
  throw new Refusal("ErrorInvalidDssePayload", `environment type for ${name}`);
}
