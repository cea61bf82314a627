import type { Case, CaseFile } from "./peer-suite.ts";

const GITHUB = ["--signer-issuer", "https://token.actions.githubusercontent.com"];
const ROOTS = ["--trusted-root", "trust/trusted_root.json"];
const WORKFLOWS = "https://github.com/slsa-framework/slsa-github-generator/.github/workflows/";

/** Builders sign with the name of their workflow; those that others wrote are called by one of the delegators. */
const RELEASES = "@refs/tags/v[^/]*";
const DELEGATORS = `${escaped(WORKFLOWS)}delegator_(?:lowperms-)?generic_slsa3\\.yml${RELEASES}`;

/** Whom slsa-verifier trusts where nobody names a builder. */
const DEFAULTS = [
  "generator_generic_slsa3.yml",
  "generator_container_slsa3.yml",
  "builder_go_slsa3.yml",
  "builder_container-based_slsa3.yml",
].map((file) => `${escaped(WORKFLOWS + file)}${RELEASES}`);

interface Published {
  /** Who signed the provenance. slsa-verifier does not ask that of npm's own builders, `touchmark verify` always does. */
  readonly identity: string;
  readonly name: string;
  readonly version: string;
}

const PACKAGES: readonly (readonly [prefix: string, Published])[] = [
  [
    "supreme-googles-cli-v02-tag",
    {
      identity:
        "https://github.com/trishankatdatadog/supreme-goggles/.github/workflows/npm-publish.yml@refs/tags/v1.0.5",
      name: "@trishankatdatadog/supreme-goggles",
      version: "1.0.5",
    },
  ],
  [
    "gundam-visor-cli-v1-tag",
    {
      identity: "https://github.com/ramonpetgrave64/gundam-visor/.github/workflows/npm-publish.yml@refs/tags/v1.0.1",
      name: "gundam-visor",
      version: "1.0.1",
    },
  ],
  [
    "provenance-npm-test-cli-v02-prega",
    {
      identity: "https://github.com/laurentsimon/provenance-npm-test/.github/workflows/release.yml@refs/heads/main",
      name: "@laurentsimon/provenance-npm-test",
      version: "1.0.3",
    },
  ],
  [
    "provenance-npm-test-ossf",
    {
      identity: `${WORKFLOWS}delegator_lowperms-generic_slsa3.yml@refs/tags/v1.6.0`,
      name: "@laurentsimon/provenance-npm-test",
      version: "1.0.5",
    },
  ],
];

/** What is asked about evidence that slsa-verifier's functions get alone: of its subject, by whoever its certificate names. */
const ALONE: readonly (readonly [command: string, file: string, target: string, identity: string, source: string])[] = [
  [
    "verify-bundle-signature",
    "valid.intoto.sigstore",
    "sha256:975a0582b8c9607f3f20a6b8cfef01b25823e68c5c3658e6e1ccaaced2a3255d",
    `${WORKFLOWS}builder_docker-based_slsa3.yml@refs/heads/main`,
    "slsa-framework/slsa-github-generator",
  ],
  [
    "verify-bundle-signature",
    "mismatch-tlog.intoto.sigstore",
    "sha256:2e38b952523576057f5ca8cf6d179ad6b66f6d0221b9a0eb621caf3507773c71",
    "https://github.com/laurentsimon/slsa-delegator/.github/workflows/delegator_generic_slsa3.yml@refs/heads/main",
    "asraa/slsa-on-github-test",
  ],
  [
    "verify-bundle-signature",
    "invalid-dsse-sig.intoto.sigstore",
    "sha256:092b220688ee737c66882a74ae8bfe3e2b35df60b92404b552ebe905a2d633ce",
    "https://github.com/laurentsimon/slsa-delegator/.github/workflows/delegator_generic_slsa3.yml@refs/heads/main",
    "asraa/slsa-on-github-test",
  ],
  [
    "npm",
    ".intoto.sigstore",
    "sha512:29d19f26233f4441328412b34fd73ed104ecfef62f14097890cccf7455b521b65c5acff851849faa85c85395aa22d401436f01f3afb61b19c780e906c88c7f20",
    "https://github.com/laurentsimon/provenance-npm-test/.github/workflows/release.yml@refs/heads/main",
    "laurentsimon/provenance-npm-test",
  ],
];

/** What the summaries of the suite are about, which is no digest and can be no target: any other one is asked about. */
const NO_DIGEST = "gce_image_id:";
const ANY_DIGEST = `sha256:${"0".repeat(64)}`;

/**
 * The command line of `touchmark verify` that asks what a row asks slsa-verifier.
 *
 * @param withTag - false leaves out a `--source-versioned-tag`, which can only be asked for as a whole tag.
 */
export function verifyFlags(one: Case, withTag = true): readonly string[] {
  const { family, command, args, provenance } = one;
  const bundle = ["--bundle", provenance.path];
  const source = sourceFlags(one, withTag);
  if (family.startsWith("gcb")) {
    const digest = text(args["image"]).replace(/^.*@/, "");
    return [digest, ...bundle, "--cloud-build", "--gcb-keys", "trust/gcb-keys", ...source];
  }
  if (command === "verify-vsa") return [...summaryFlags(one), ...bundle];
  if (command === "verify-npm-package") {
    return [...targets(one), ...bundle, "--npm-keys", "trust/npm_keys.json", ...packageFlags(one, source)];
  }
  if (args["image-layout"] !== undefined) {
    return [`oci-layout:${text(args["image-layout"])}`, ...ROOTS, ...builderFlags(one), ...source];
  }
  // slsa-verifier compares no names.
  if (args["source-uri"] !== undefined) {
    return [...targets(one), "--any-name", ...bundle, ...ROOTS, ...builderFlags(one), ...source];
  }
  return [...aloneFlags(one), ...bundle, ...ROOTS];
}

function targets({ artifact }: Case): readonly string[] {
  const files: readonly CaseFile[] = artifact === null ? [] : [artifact].flat();
  return files.map(({ path, sha256 }) => path ?? `sha256:${sha256}`);
}

function sourceFlags({ args }: Case, withTag: boolean): readonly string[] {
  const { "source-uri": uri, "source-branch": branch, "source-tag": tag, "source-versioned-tag": versioned } = args;
  if (uri === undefined) return [];
  const ref = [
    ...(branch === undefined ? [] : [`@refs/heads/${text(branch)}`]),
    ...(tag === undefined ? [] : [`@refs/tags/${text(tag)}`]),
    ...(versioned === undefined || !withTag ? [] : [`@refs/tags/${text(versioned)}`]),
  ].join("");
  const repository = text(uri);
  return ["--source", `${repository.includes("://") ? "" : "https://"}${repository}${ref}`];
}

/** The signer of a builder is its workflow; for a builder behind a delegator it is the delegator. */
function builderFlags({ args, family }: Case): readonly string[] {
  const id = args["builder-id"];
  if (id === undefined)
    return [...[...DEFAULTS, DELEGATORS].flatMap((one) => ["--signer-identity-pattern", one]), ...GITHUB];
  if (family.startsWith("gha_delegator")) {
    return ["--signer-identity-pattern", DELEGATORS, ...GITHUB, "--builder-id", inFull(text(id))];
  }
  const name = inFull(text(id));
  return name.includes("@")
    ? ["--signer-identity", name, ...GITHUB]
    : ["--signer-identity-pattern", `${escaped(name)}${RELEASES}`, ...GITHUB];
}

/** slsa-verifier also takes `@v1.0.0`. */
function inFull(id: string): string {
  return id.replace(/@(?!refs\/)/, "@refs/tags/");
}

/** Without a builder nobody is trusted. A half of the package that is not said is the package's own: we ask for both. */
function packageFlags({ args, artifact, provenance }: Case, source: readonly string[]): readonly string[] {
  const published = PACKAGES.find(([prefix]) => provenance.path.includes(`/${prefix}`))?.[1];
  if (published === undefined) throw new TypeError(`who signed ${provenance.path}?`);
  const id = args["builder-id"];
  if (id === undefined) return [];
  const name = args["package-name"] ?? published.name;
  const version = args["package-version"] ?? published.version;
  return [
    ...[...ROOTS, "--signer-identity", published.identity, ...GITHUB, ...source, ...runnerFlags(text(id))],
    ...(artifact === null ? [] : ["--package", `pkg:npm/${text(name).replace("@", "%40")}@${text(version)}`]),
  ];
}

/** Where a job ran, the certificate says; npm's v0.2 provenance says only that there was a runner. */
function runnerFlags(id: string): readonly string[] {
  return id === `${RUNNER}/github-hosted` ? ["--runner", "github-hosted"] : ["--builder-id", id];
}

const RUNNER = "https://github.com/actions/runner";

function summaryFlags({ args }: Case): readonly string[] {
  const [digests, levels] = [args["subject-digest"], args["verified-level"]].map((value) => [value ?? []].flat());
  return [
    ...(digests ?? []).map((digest) => (text(digest).startsWith(NO_DIGEST) ? ANY_DIGEST : text(digest))),
    ...["--vsa-key", text(args["public-key-path"]), "--vsa-verifier", text(args["verifier-id"])],
    ...["--vsa-resource", text(args["resource-uri"])],
    ...(levels ?? []).flatMap((level) => ["--vsa-level", text(level)]),
  ];
}

function aloneFlags({ command, provenance }: Case): readonly string[] {
  const found = ALONE.find(([of, file]) => command.includes(of) && provenance.path.endsWith(file));
  if (found === undefined) throw new TypeError(`what is ${provenance.path} about?`);
  const [, , target, identity, source] = found;
  const npm = command.includes("npm") ? ["--npm-keys", "trust/npm_keys.json"] : [];
  return [target, ...npm, "--signer-identity", identity, ...GITHUB, "--source", source];
}

function text(value: unknown): string {
  if (typeof value !== "string") throw new TypeError(`no text: ${JSON.stringify(value)}`);
  return value;
}

function escaped(literal: string): string {
  return literal.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
