// What slsa-github-generator's builders state of a run, and each thing in it that the certificate says too: A25.
import { githubRun } from "../../../packages/testkit/src/sigstore/index.ts";
import { subject, TOOL } from "../release-parts.mjs";
import { keyless } from "./keyless-release.mjs";

const GENERATOR = "https://github.com/slsa-framework/slsa-github-generator";
const SOURCE = "https://github.com/octo/widgets";
const REF = "refs/tags/v1.2.3";
const URI = `git+${SOURCE}@${REF}`;
const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const OTHER_COMMIT = "fedcba9876543210fedcba9876543210fedcba98";
const PATH = ".github/workflows/release.yml";

/** GitHub's event of a pushed tag. `after` is an annotated tag's own hash: nothing to compare. */
const EVENT = {
  ref: REF,
  after: OTHER_COMMIT,
  head_commit: { id: COMMIT },
  organization: { id: 2002 },
  repository: {
    id: 1001,
    full_name: "octo/widgets",
    html_url: SOURCE,
    owner: { id: 2002, login: "octo" },
  },
};

const variables = (spelled) =>
  Object.fromEntries(
    Object.entries({
      EVENT_NAME: "push",
      EVENT_PAYLOAD: EVENT,
      REF,
      REF_TYPE: "tag",
      REPOSITORY: "octo/widgets",
      REPOSITORY_ID: "1001",
      REPOSITORY_OWNER: "octo",
      REPOSITORY_OWNER_ID: "2002",
      RUN_ATTEMPT: "1",
      RUN_ID: "42",
      SHA: COMMIT,
      WORKFLOW_REF: `octo/widgets/${PATH}@${REF}`,
      WORKFLOW_SHA: COMMIT,
    }).map(([name, value]) => [spelled(`GITHUB_${name}`), value]),
  );

const material = () => ({ uri: URI, digest: { sha1: COMMIT } });

/** `generic`, `container` and `go` differ in their names alone. */
function v02(buildType, builder, environment, invocation = { buildInvocationID: "42-1" }) {
  return {
    predicateType: "https://slsa.dev/provenance/v0.2",
    predicate: {
      builder: { id: builder },
      buildType,
      invocation: { configSource: { ...material(), entryPoint: PATH }, parameters: {}, environment },
      metadata: { ...invocation, completeness: { parameters: true }, reproducible: false },
      materials: [material()],
    },
  };
}

function v1(buildType, builder, externalParameters) {
  return {
    predicateType: "https://slsa.dev/provenance/v1",
    predicate: {
      buildDefinition: {
        buildType,
        externalParameters,
        internalParameters: variables((name) => name),
        resolvedDependencies: [{ uri: URI, digest: { gitCommit: COMMIT } }],
      },
      runDetails: {
        builder: { id: builder },
        metadata: { invocationId: `${SOURCE}/actions/runs/42/attempts/1` },
      },
    },
  };
}

/** A builder's workflow as its certificate names it, and as `--signer-identity` is typed. */
function builder(file) {
  const workflow = `slsa-framework/slsa-github-generator/.github/workflows/${file}@refs/tags/v2.1.0`;
  return { workflow, uri: `https://github.com/${workflow}` };
}

const small = (name) => (name === "GITHUB_SHA" ? "github_sha1" : name.toLowerCase());

const BUILDERS = {
  generic: {
    by: builder("generator_generic_slsa3.yml"),
    state: ({ uri }) => v02(`${GENERATOR}/generic@v1`, uri, variables(small)),
  },
  container: {
    by: builder("generator_container_slsa3.yml"),
    state: ({ uri }) => v02(`${GENERATOR}/container@v1`, uri, variables(small)),
  },
  go: {
    by: builder("builder_go_slsa3.yml"),
    state: ({ uri }) => v02(`${GENERATOR}/go@v1`, uri, variables(small)),
  },
  "generic-before-1.2.1": {
    by: builder("generator_generic_slsa3.yml"),
    state: ({ uri }) => v02(`${GENERATOR}@v1`, uri, variables(small)),
  },
  "go-first": {
    by: builder("builder_go_slsa3.yml"),
    state: ({ uri }) => v02(`${GENERATOR}-go@v1`, uri, variables(small)),
  },
  "container-based": {
    by: builder("builder_container-based_slsa3.yml"),
    state: ({ uri }) => v1("https://slsa.dev/container-based-build/v0.1?draft", uri, { source: material() }),
  },
  delegator: {
    by: builder("delegator_generic_slsa3.yml"),
    behind: builder("builder_maven_slsa3.yml").uri,
    state: (_, behind) => v1(`${GENERATOR}/delegator-generic@v0`, behind, { inputs: {} }),
  },
  "delegator-low-permissions": {
    by: builder("delegator_lowperms-generic_slsa3.yml"),
    behind: builder("builder_gradle_slsa3.yml").uri,
    state: (_, behind) => v1(`${GENERATOR}/delegator-generic@v0`, behind, { inputs: {} }),
  },
  nodejs: {
    by: builder("delegator_generic_slsa3.yml"),
    behind: builder("builder_nodejs_slsa3.yml").uri,
    state: (_, behind) =>
      v02(
        `${GENERATOR}/delegator-generic@v0`,
        behind,
        variables((name) => name),
        { buildInvocationId: "42-1" },
      ),
  },
};

const OTHERS = {
  "event-name": ["EVENT_NAME", "workflow_dispatch"],
  ref: ["REF", "refs/tags/v1.2.4"],
  "ref-type": ["REF_TYPE", "branch"],
  repository: ["REPOSITORY", "octo/other"],
  "repository-id": ["REPOSITORY_ID", "1002"],
  owner: ["REPOSITORY_OWNER", "evil"],
  "owner-id": ["REPOSITORY_OWNER_ID", "2003"],
  attempt: ["RUN_ATTEMPT", "2"],
  run: ["RUN_ID", "43"],
  commit: ["SHA", OTHER_COMMIT],
  "workflow-ref": ["WORKFLOW_REF", `octo/widgets/.github/workflows/other.yml@${REF}`],
  "workflow-commit": ["WORKFLOW_SHA", OTHER_COMMIT],
};

const OTHER_EVENTS = {
  ref: (event) => Object.assign(event, { ref: "refs/heads/main" }),
  commit: (event) => Object.assign(event.head_commit, { id: OTHER_COMMIT }),
  "organization-id": (event) => Object.assign(event.organization, { id: 2003 }),
  "repository-id": (event) => Object.assign(event.repository, { id: 1002 }),
  repository: (event) => Object.assign(event.repository, { full_name: "octo/other" }),
  "repository-address": (event) => Object.assign(event.repository, { html_url: `${SOURCE}-fork` }),
  "owner-id": (event) => Object.assign(event.repository.owner, { id: 2003 }),
  owner: (event) => Object.assign(event.repository.owner, { login: "evil" }),
};

const OTHER_SOURCES = {
  repository: { uri: `git+${SOURCE}-fork@${REF}` },
  ref: { uri: `git+${SOURCE}@refs/tags/v1.2.4` },
  commit: { digest: { sha1: OTHER_COMMIT } },
};

export function generatorCases({ pass, fail }) {
  const parts = (name, change = () => undefined, run = {}) => {
    const { by, behind, state } = BUILDERS[name];
    const { predicateType, predicate } = structuredClone(state(by, behind));
    change(predicate);
    const claims = { ...githubRun({ repository: "octo/widgets", ref: REF, workflow: by.workflow }), ...run };
    const statement = {
      _type: "https://in-toto.io/Statement/v0.1",
      predicateType,
      subject: [subject("tool", TOOL)],
      predicate,
    };
    return {
      bundle: keyless({ statement, leaf: { claims } }),
      trust: { identity: by.uri, source: "octo/widgets", ...(behind === undefined ? {} : { builderIds: [behind] }) },
    };
  };
  for (const name of Object.keys(BUILDERS)) {
    pass(`generator-${name}`, `What slsa-github-generator's ${name} builder states of a run.`, parts(name));
  }
  const disagree = (name, what, change, run) =>
    fail(
      `generator-${name}-${what}`,
      "PREDICATE_MISMATCH",
      `generator-${name}`,
      `One thing that it states is another one than in the certificate: ${what.replaceAll("-", " ")} (A25).`,
      parts(name, change, run),
    );
  const places = {
    generic: (predicate) => [predicate.invocation.environment, small],
    "container-based": (predicate) => [predicate.buildDefinition.internalParameters, (spelled) => spelled],
    delegator: (predicate) => [predicate.buildDefinition.internalParameters, (spelled) => spelled],
    nodejs: (predicate) => [predicate.invocation.environment, (spelled) => spelled],
  };
  for (const [name, place] of Object.entries(places)) {
    for (const [what, [variable, value]] of Object.entries(OTHERS)) {
      disagree(name, `variable-${what}`, (predicate) => {
        const [environment, spell] = place(predicate);
        environment[spell(`GITHUB_${variable}`)] = value;
      });
    }
  }
  for (const [what, change] of Object.entries(OTHER_EVENTS)) {
    disagree("generic", `event-${what}`, (predicate) => change(predicate.invocation.environment.github_event_payload));
    disagree("delegator", `event-${what}`, (predicate) =>
      change(predicate.buildDefinition.internalParameters.GITHUB_EVENT_PAYLOAD),
    );
  }
  for (const [what, other] of Object.entries(OTHER_SOURCES)) {
    for (const name of ["generic", "nodejs"]) {
      disagree(name, `source-${what}`, ({ invocation }) => Object.assign(invocation.configSource, other));
      disagree(name, `material-${what}`, ({ materials: [first] }) => Object.assign(first, other));
    }
    disagree("container-based", `parameter-source-${what}`, ({ buildDefinition: { externalParameters } }) =>
      Object.assign(externalParameters.source, other),
    );
  }
  for (const name of ["generic", "nodejs"]) {
    disagree(name, "entry-point", ({ invocation: { configSource } }) =>
      Object.assign(configSource, { entryPoint: ".github/workflows/other.yml" }),
    );
  }
  disagree("generic", "run", ({ metadata }) => Object.assign(metadata, { buildInvocationID: "43-1" }));
  disagree("nodejs", "run", ({ metadata }) => Object.assign(metadata, { buildInvocationId: "42-2" }));
  for (const name of ["container-based", "delegator"]) {
    disagree(name, "run", ({ runDetails: { metadata } }) =>
      Object.assign(metadata, { invocationId: `${SOURCE}/actions/runs/43/attempts/1` }),
    );
  }
  for (const name of ["generic", "container", "go", "generic-before-1.2.1", "go-first"]) {
    disagree(name, "builder", (predicate) => Object.assign(predicate.builder, { id: `${predicate.builder.id}-rc.1` }));
  }
  disagree("container-based", "builder", ({ runDetails }) =>
    Object.assign(runDetails.builder, { id: `${runDetails.builder.id}-rc.1` }),
  );
  dispatched({ pass, fail }, parts);
  delegated({ pass, fail }, parts);
}

/** A delegator signs for whichever builder calls it, under its own name. */
function delegated({ pass, fail }, parts) {
  const good = parts("delegator");
  const [named] = good.trust.builderIds;
  const workflow = named.slice(0, named.indexOf("@"));
  const trusting = ({ bundle, trust }, ...builderIds) => ({ bundle, trust: { ...trust, builderIds } });
  const by = (id) => parts("delegator", ({ runDetails }) => Object.assign(runDetails.builder, { id }));
  const another = "https://github.com/evil/builders/.github/workflows/builder_maven_slsa3.yml@refs/tags/v2.1.0";
  pass(
    "generator-delegator-any-tag",
    "The builder is named without a ref: any tag of it is taken.",
    trusting(good, workflow),
  );
  const refuse = (what, code, twin, why, given) =>
    fail(`generator-delegator-builder${what}`, code, `generator-delegator${twin}`, `${why} (A43).`, given);
  refuse("", "BUILDER_MISMATCH", "-any-tag", "Another builder called the delegator", trusting(by(another), workflow));
  refuse("-unsaid", "BUILDER_UNSET", "-any-tag", "Nobody said which builder is meant", trusting(good));
  refuse(
    "-fork",
    "BUILDER_MISMATCH",
    "-any-tag",
    "The builder is at a commit, which may be a fork's",
    trusting(by(`${workflow}@${OTHER_COMMIT}`), workflow),
  );
  refuse(
    "-file-like-a-tag",
    "BUILDER_MISMATCH",
    "-any-tag",
    "A file of a fork has a name that ends as a tag begins",
    trusting(by(`${workflow}@refs/tags/x.yml@${OTHER_COMMIT}`), workflow),
  );
  refuse(
    "-longer",
    "BUILDER_MISMATCH",
    "-any-tag",
    "The builder's name only begins as the expected one",
    trusting(by(`${workflow}x@refs/tags/v2.1.0`), workflow),
  );
  refuse(
    "-other-tag",
    "BUILDER_MISMATCH",
    "",
    "The builder was named with its tag, and this is another one",
    by(named.replace("v2.1.0", "v2.0.0")),
  );
}

/** Of a run that somebody started by hand the event names the workflow. */
function dispatched({ pass, fail }, parts) {
  const by = (workflow) =>
    parts(
      "generic",
      ({ invocation: { environment } }) =>
        Object.assign(environment, {
          github_event_name: "workflow_dispatch",
          github_event_payload: { ref: REF, workflow },
        }),
      { buildTrigger: "workflow_dispatch", trigger: "workflow_dispatch" },
    );
  pass("generator-dispatched", "A run that was started by hand.", by(PATH));
  fail(
    "generator-dispatched-workflow",
    "PREDICATE_MISMATCH",
    "generator-dispatched",
    "The event names another workflow than the certificate (A25).",
    by(".github/workflows/other.yml"),
  );
}
