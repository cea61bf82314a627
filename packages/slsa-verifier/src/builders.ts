/**
 * The builders that slsa-verifier 2.7.1 (June 2025, its last release) knows, and the build types that it reads from each.
 * Source: https://github.com/slsa-framework/slsa-verifier/tree/v2.7.1/verifiers/internal/gha/slsaprovenance/common
 */
const GENERATOR = "https://github.com/slsa-framework/slsa-github-generator";
const WORKFLOWS = `${GENERATOR}/.github/workflows`;

const GENERIC = `${WORKFLOWS}/generator_generic_slsa3.yml`;
const CONTAINER = `${WORKFLOWS}/generator_container_slsa3.yml`;
const GO = `${WORKFLOWS}/builder_go_slsa3.yml`;
const CONTAINER_BASED = `${WORKFLOWS}/builder_container-based_slsa3.yml`;
const DELEGATOR = `${WORKFLOWS}/delegator_generic_slsa3.yml`;
export const LOW_PERMISSION_DELEGATOR = `${WORKFLOWS}/delegator_lowperms-generic_slsa3.yml`;
const NPM = "https://github.com/actions/runner";
const NPM_HOSTED = `${NPM}/github-hosted`;
const NPM_SELF_HOSTED = `${NPM}/self-hosted`;
const BAZEL_RELEASE = "https://github.com/bazel-contrib/.github/.github/workflows/release_ruleset.yaml";
const BAZEL_PUBLISH = "https://github.com/bazel-contrib/publish-to-bcr/.github/workflows/publish.yaml";

/** What the builders of `delegators` must be named after where no builder is expected by name. */
export const GENERATOR_WORKFLOWS = `${WORKFLOWS}/`;

/** JReleaser's tags end with the language that it releases: https://github.com/jreleaser/release-action */
export const JRELEASER = "https://github.com/jreleaser/release-action";

/** Workflows that build what another workflow asks for, and sign with their own name ("bring your own builder"). */
export const DELEGATORS: readonly string[] = [DELEGATOR, LOW_PERMISSION_DELEGATOR];

/** Trusted by default, by the kind of thing. */
export const TRUSTED_BUILDERS = {
  artifact: [GENERIC, GO, CONTAINER_BASED, ...DELEGATORS],
  image: [CONTAINER],
  githubAttestation: [],
  npm: DELEGATORS,
} as const satisfies Record<string, readonly string[]>;

/** npm's command line is named by the kind of runner on which it ran. */
export const NPM_BUILDERS: ReadonlyMap<string, "github-hosted" | "self-hosted"> = new Map([
  [NPM, "github-hosted"],
  [NPM_HOSTED, "github-hosted"],
  [NPM_SELF_HOSTED, "self-hosted"],
]);

/** How one build type says where it was built from. */
export type Shape =
  /** `github_…` names in the environment. */
  | "v0.2"
  /** The same in capitals; the ref is the source's. */
  | "v0.2-delegated"
  | "v1-delegated"
  | "v1-container-based"
  /** `externalParameters.workflow`. */
  | "v1-workflow"
  /** The same, by npm's command line. */
  | "v1-npm";

const NPM_V1 = "https://github.com/npm/cli/gha@v1";
const DELEGATED = `${GENERATOR}/delegator-generic@v0`;

/** Build types of which the ref of the source may be missing. */
export const SOURCES_WITHOUT_REF: readonly string[] = [NPM_V1, DELEGATED];

const NPM_V02: ReadonlyMap<string, Shape> = new Map([
  [NPM_V1, "v0.2"],
  ["https://github.com/npm/cli/gha/v2", "v0.2"],
]);

const V02 = new Map<string, ReadonlyMap<string, Shape>>([
  [DELEGATOR, new Map([[DELEGATED, "v0.2-delegated"]])],
  [LOW_PERMISSION_DELEGATOR, new Map([[DELEGATED, "v0.2-delegated"]])],
  [
    GO,
    new Map([
      [`${GENERATOR}/go@v1`, "v0.2"],
      [`${GENERATOR}@v1`, "v0.2"],
      [`${GENERATOR}-go@v1`, "v0.2"],
    ]),
  ],
  [GENERIC, new Map([[`${GENERATOR}/generic@v1`, "v0.2"]])],
  [CONTAINER, new Map([[`${GENERATOR}/container@v1`, "v0.2"]])],
  [NPM, NPM_V02],
  [NPM_HOSTED, NPM_V02],
]);

const GITHUB_WORKFLOW = "https://actions.github.io/buildtypes/workflow/v1";

const V1 = new Map<string, ReadonlyMap<string, Shape>>([
  [DELEGATOR, new Map([[DELEGATED, "v1-delegated"]])],
  [LOW_PERMISSION_DELEGATOR, new Map([[DELEGATED, "v1-delegated"]])],
  [CONTAINER_BASED, new Map([["https://slsa.dev/container-based-build/v0.1?draft", "v1-container-based"]])],
  [NPM_HOSTED, new Map([["https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1", "v1-npm"]])],
  [BAZEL_RELEASE, new Map([[GITHUB_WORKFLOW, "v1-workflow"]])],
  [BAZEL_PUBLISH, new Map([[GITHUB_WORKFLOW, "v1-workflow"]])],
]);

/** Builder → build type → shape, by the version of the predicate. */
export const BUILD_TYPES = { "v0.2": V02, v1: V1 } as const;
