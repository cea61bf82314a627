import { type BuilderId, matchLoosely, parseBuilderId } from "./builder-id.ts";
import { DELEGATORS } from "./builders.ts";
import { Refusal } from "./refusal.ts";
import { checkBuilderTag } from "./version.ts";
import type { Workflow } from "./workflow.ts";

const ISSUER = "https://token.actions.githubusercontent.com";

/** The workflow that signed, once it is known to be a trusted builder. */
export interface BuilderIdentity {
  readonly id: BuilderId;
  /** It signs for builders of others. */
  readonly delegates: boolean;
}

/**
 * Says whether the workflow that signed is a builder that is trusted, and pinned by a released version.
 *
 * @param expected - the builder that the user names, with a version or without; null for any of the trusted ones.
 * @param trusted - names of workflows.
 * @throws Refusal `ErrorInvalidOIDCIssuer`, `ErrorMalformedURI`, `ErrorUntrustedReusableWorkflow`, `ErrorInvalidRef`.
 */
export function builderIdentity(
  workflow: Workflow,
  expected: string | null,
  trusted: readonly string[],
): BuilderIdentity {
  if (workflow.issuer !== ISSUER) throw new Refusal("ErrorInvalidOIDCIssuer", `"${workflow.issuer}"`);
  if (workflow.name === "" || workflow.ref === "") {
    throw new Refusal("ErrorMalformedURI", `workflow uri: "${workflow.path}"`);
  }
  const identity = trustedBuilder(workflow, expected, trusted);
  checkBuilderTag(workflow.ref);
  return identity;
}

function trustedBuilder(workflow: Workflow, expected: string | null, trusted: readonly string[]): BuilderIdentity {
  const named = expected !== null && expected !== "";
  if (!named && !trusted.includes(workflow.name)) {
    throw new Refusal("ErrorUntrustedReusableWorkflow", workflow.name);
  }
  const id = parseBuilderId(`${workflow.name}@${workflow.ref}`, true);
  const delegates = DELEGATORS.includes(id.name) && trusted.includes(id.name);
  if (named && !delegates) {
    try {
      matchLoosely(id, expected, true);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      throw new Refusal("ErrorUntrustedReusableWorkflow", error.message);
    }
  }
  return { id, delegates };
}
