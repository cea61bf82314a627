import type { Match } from "./match.ts";

/** A public repository of workflows that sign for whoever calls them. */
interface SharedBuilder {
  /** Every name of its workflows begins with this. */
  readonly prefix: string;
  /** One of its workflows, below the prefix. */
  readonly example: string;
  /** Where it says that others call it. */
  readonly source: string;
}

/**
 * As of 2026-11. Workflows that are not here are seen when they signed: their source is another repository. An action, such
 * as actions/attest-build-provenance, signs under the name of the workflow that uses it, and needs no place here.
 */
const SHARED_BUILDERS: readonly SharedBuilder[] = [
  {
    prefix: "https://github.com/slsa-framework/slsa-github-generator/",
    example: ".github/workflows/generator_generic_slsa3.yml",
    source: "https://github.com/slsa-framework/slsa-github-generator#readme",
  },
  {
    prefix: "https://github.com/docker/github-builder/",
    example: ".github/workflows/build.yml",
    source: "https://docs.docker.com/build/ci/github-actions/github-builder/",
  },
  {
    prefix: "https://github.com/docker/github-builder-experimental/",
    example: ".github/workflows/build.yml",
    source: "https://github.com/docker/github-builder-experimental#readme",
  },
  {
    prefix: "https://github.com/github/artifact-attestations-workflows/",
    example: ".github/workflows/attest.yml",
    source: "https://github.com/github/artifact-attestations-workflows/blob/main/.github/workflows/attest.yml",
  },
  {
    prefix: "https://github.com/bazel-contrib/.github/",
    example: ".github/workflows/release_ruleset.yaml",
    source: "https://github.com/bazel-contrib/.github/blob/master/.github/workflows/release_ruleset.yaml",
  },
  {
    prefix: "https://github.com/bazel-contrib/publish-to-bcr/",
    example: ".github/workflows/publish.yaml",
    source: "https://github.com/bazel-contrib/publish-to-bcr#readme",
  },
];

const REFS = ["refs/tags/v1", "refs/tags/v1.0.0", "refs/tags/v2.1.0", "refs/heads/main", "0".repeat(40)];

/**
 * What is trusted under a name is signed for anybody: a known shared builder that the name, or a pattern, takes in.
 *
 * A pattern can be written so that this does not see it; then the certificate shows it, whose source is another repository.
 *
 * @returns where the builder says so; null for all others.
 */
export function sharedBuilderIn(match: Match): string | null {
  return SHARED_BUILDERS.find((builder) => takesIn(match, builder))?.source ?? null;
}

function takesIn(match: Match, { prefix, example }: SharedBuilder): boolean {
  if ("ownWorkflowAt" in match) return false; // every repository has its own
  if ("exact" in match) return match.exact.startsWith(prefix);
  if ("workflow" in match) return match.workflow.startsWith(prefix);
  const named = match.text.replaceAll("\\", "").includes(prefix.slice("https://github.com/".length));
  return named || REFS.some((ref) => match.pattern.test(`${prefix}${example}@${ref}`));
}
