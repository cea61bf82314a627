import { GITHUB_ISSUER } from "@touchmark/core";
import { expect, it } from "vitest";
import { signsForItself } from "./own-source.ts";
import type { IdentityTrust } from "./trust-identity.ts";

const WIDGETS = "https://github.com/octo/widgets";
const WORKFLOW = `${WIDGETS}/.github/workflows/release.yml@refs/tags/v1`;
const GITLAB = "https://gitlab.com";

it.each<[string, string, string | null, object, boolean]>([
  ["a workflow of the source", WORKFLOW, WIDGETS, {}, true],
  ["a workflow of the source, whichever it is", WORKFLOW, WIDGETS, { identity: { ownWorkflowAt: "x" } }, false],
  ["a workflow that others call", WORKFLOW, "https://github.com/octo/gadgets", {}, false],
  ["a workflow of a neighbour", WORKFLOW, "https://github.com/octo/widget", {}, false],
  ["a person", "dev@example.com", null, { sourceByPolicy: true }, true],
  ["a person, wherever", "dev@example.com", WIDGETS, { sourceByPolicy: true }, true],
  ["a workflow without a source", WORKFLOW, null, {}, true],
  ["a workflow without a source, which a policy must compare", WORKFLOW, null, { sourceByPolicy: true }, false],
  ["who is of no GitHub, without a source", WORKFLOW, null, { sourceByPolicy: true, issuer: GITLAB }, true],
])("%s", (_what, identity, sourceRepository, changed, expected) => {
  const trust = { identity: { exact: identity }, issuer: GITHUB_ISSUER, sourceByPolicy: false, ...changed };
  expect(signsForItself(identity, { sourceRepository }, trust as unknown as IdentityTrust)).toBe(expected);
});
