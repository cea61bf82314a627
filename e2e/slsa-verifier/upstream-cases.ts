import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { compare } from "semver";
import { type GoRow, readGoTable } from "./go-table.ts";

/** One call of slsa-verifier, as its own tests make it. */
export interface UpstreamCase {
  readonly title: string;
  /** What to type after `slsa-verifier`, in the folder `testdata`. */
  readonly args: readonly string[];
  /** slsa-verifier's name for what is wrong; null: it passes. */
  readonly error: string | null;
  /** Its provenance is a bare envelope, without the log's entry: slsa-verifier asks Rekor for that. */
  readonly asksRekor: boolean;
}

const GENERATOR = "https://github.com/slsa-framework/slsa-github-generator/.github/workflows";
const WORKER = "https://cloudbuild.googleapis.com/GoogleHostedWorker";

/** Builders of artifacts: the folder, and the workflow that is expected. The delegator's is another repository's. */
const ARTIFACT_BUILDERS = new Map([
  ["gha_go", `${GENERATOR}/builder_go_slsa3.yml`],
  ["gha_generic", `${GENERATOR}/generator_generic_slsa3.yml`],
  ["gha_delegator", "https://github.com/slsa-framework/example-trw/.github/workflows/builder_high-perms_slsa3.yml"],
  ["gha_maven", `${GENERATOR}/builder_maven_slsa3.yml`],
  ["gha_gradle", `${GENERATOR}/builder_gradle_slsa3.yml`],
]);
const DELEGATED = ["gha_delegator", "gha_maven", "gha_gradle"];

/**
 * Every call that the tables of main_regression_test.go stand for: each row by each version of each builder, and by each way
 * to name that builder, as the loops beneath the tables do it.
 *
 * @param folder - with `main_regression_test.go` and `testdata`.
 */
export function upstreamCases(folder: string): readonly UpstreamCase[] {
  const source = readFileSync(join(folder, "main_regression_test.go"), "utf8");
  const testdata = new Testdata(join(folder, "testdata"));
  const tables = {
    Test_runVerifyGHAArtifactPath: artifacts,
    Test_runVerifyGHAArtifactImage: images,
    Test_runVerifyGCBArtifactImage: cloudBuildImages,
    Test_runVerifyGHAContainerBased: containerBased,
    Test_runVerifyGithubAttestation: githubAttestations,
    Test_runVerifyNpmPackage: npmPackages,
    Test_runVerifyVSA: summaries,
  };
  const known = [...source.matchAll(/^func (Test_\w+)\(/gm)].map(([, name]) => name);
  const unknown = known.filter((name) => !Object.keys(tables).includes(name ?? ""));
  if (unknown.length > 0) throw new Error(`no reader for ${unknown.join(", ")}`);
  return Object.entries(tables).flatMap(([name, expand]) =>
    readGoTable(source, name).flatMap((row) => expand(row, testdata)),
  );
}

function artifacts(row: GoRow, testdata: Testdata): readonly UpstreamCase[] {
  const chosen = row.has("builders") ? texts(row, "builders") : [...ARTIFACT_BUILDERS.keys()];
  const minimum = text(row, "minversion") ?? "v1.2.2";
  const places = flag(row, "noversion")
    ? [{ builder: "", version: "" }]
    : chosen.flatMap((builder) => testdata.versions(builder, minimum).map((version) => ({ builder, version })));
  return places.flatMap(({ builder, version }) => {
    const files = texts(row, "artifacts").map((name) => join(builder, version, name));
    const provenance = row.has("provenancePath")
      ? join(builder, version, required(row, "provenancePath"))
      : `${files[0]}${DELEGATED.includes(builder) ? ".build.slsa" : ".intoto.jsonl"}`;
    const name = ARTIFACT_BUILDERS.get(builder) ?? `${GENERATOR}/generator_generic_slsa3.yml`;
    const ids = [
      name,
      ...(builder === "gha_delegator" ? [] : [null]),
      ...(version !== "" && compare(version, "v1.0.0") > 0
        ? [`${name}@${version}`, `${name}@refs/tags/${version}`]
        : []),
    ];
    return eachBuilder(row, ids).map((id) =>
      testdata.case(row, [builder, version, id], provenance, [
        "verify-artifact",
        ...["--provenance-path", provenance],
        ...sourceFlags(row, id),
        ...files.flatMap((file) => testdata.artifact(file)),
      ]),
    );
  });
}

function containerBased(row: GoRow, testdata: Testdata): readonly UpstreamCase[] {
  const name = `${GENERATOR}/builder_container-based_slsa3.yml`;
  return testdata.versions("gha_container-based", null).flatMap((version) => {
    const files = texts(row, "artifacts").map((file) => join("gha_container-based", version, file));
    const provenance = `${files[0]}${compare(version, "v1.8.0") >= 0 ? ".intoto.build.slsa" : ".intoto.sigstore"}`;
    const ids = [`${name}@refs/tags/${version}`, name, `${name}@${version}`, null];
    return eachBuilder(row, ids).map((id) =>
      testdata.case(row, ["gha_container-based", version, id], provenance, [
        "verify-artifact",
        ...["--provenance-path", provenance],
        ...sourceFlags(row, id),
        ...files.flatMap((file) => testdata.artifact(file)),
      ]),
    );
  });
}

function images(row: GoRow, testdata: Testdata): readonly UpstreamCase[] {
  const name = `${GENERATOR}/generator_container_slsa3.yml`;
  const [minimum, maximum] = [text(row, "minversion"), text(row, "maxversion")];
  const versions = testdata
    .versions("gha_generic_container", null)
    .filter((version) => minimum === null || compare(version, minimum) > 0)
    .filter((version) => maximum === null || compare(version, maximum) <= 0);
  if (flag(row, "noversion")) throw new Error("an image of no version");
  return versions.flatMap((version) => {
    const layout = join("gha_generic_container", version, required(row, "artifact"));
    const ids = [`${name}@${version}`, `${name}@refs/tags/${version}`, name, null];
    return eachBuilder(row, ids).map((id) =>
      testdata.case(row, ["gha_generic_container", version, id], null, [
        "verify-image",
        ...["--image-layout", layout],
        ...sourceFlags(row, id),
        `${layout}@sha256:${testdata.digest(layout)}`,
      ]),
    );
  });
}

function cloudBuildImages(row: GoRow, testdata: Testdata): readonly UpstreamCase[] {
  const versions = flag(row, "noversion") ? [""] : testdata.versions("gcb_container", text(row, "minversion"));
  return versions.flatMap((version) => {
    const folder = version === "" ? "" : join("gcb_container", version);
    const provenance = join(folder, required(row, "provenance"));
    const artifact = required(row, "artifact").replace("%s", version);
    const digests = row.get("artifactDigest");
    const digest = digests instanceof Map ? digests.get(version) : undefined;
    if (digests !== undefined && digest === undefined) throw new Error(`no digest of ${version}`);
    const isRemote = flag(row, "remote");
    if (isRemote && digest === undefined && !flag(row, "noDigest")) throw new Error("the digest is in a registry");
    const image = isRemote ? artifact : join(folder, artifact);
    const reference = flag(row, "noDigest") ? image : `${image}@sha256:${digest ?? testdata.digest(image)}`;
    return eachBuilder(row, [`${WORKER}@${version}`, WORKER]).map((id) =>
      testdata.case(row, ["gcb_container", version, id], null, [
        "verify-image",
        ...["--provenance-path", provenance],
        ...sourceFlags(row, id),
        reference,
      ]),
    );
  });
}

function githubAttestations(row: GoRow, testdata: Testdata): readonly UpstreamCase[] {
  const file = join("bcr", required(row, "artifact"));
  const attestation = `${file}.intoto.jsonl`;
  // The table's text is empty where it says none, and that is what is handed on.
  const builder = text(row, "builderID") ?? "";
  return [
    testdata.case(row, ["bcr", builder], attestation, [
      "verify-github-attestation",
      ...["--attestation-path", attestation, "--source-uri", required(row, "source"), "--builder-id", builder],
      ...testdata.artifact(file),
    ]),
  ];
}

function npmPackages(row: GoRow, testdata: Testdata): readonly UpstreamCase[] {
  const file = join("npm", "gha", required(row, "artifact"));
  return [
    testdata.case(row, ["npm", text(row, "builderID")], null, [
      "verify-npm-package",
      ...["--attestations-path", `${file}.json`, "--source-uri", required(row, "source")],
      ...optional("--builder-id", text(row, "builderID")),
      ...optional("--package-name", text(row, "pkgName")),
      ...optional("--package-version", text(row, "pkgVersion")),
      ...testdata.artifact(file),
    ]),
  ];
}

function summaries(row: GoRow, testdata: Testdata): readonly UpstreamCase[] {
  return [
    testdata.case(row, ["vsa"], null, [
      "verify-vsa",
      ...["--attestation-path", join("vsa", required(row, "attestationPath"))],
      ...texts(row, "subjectDigests").flatMap((digest) => ["--subject-digest", digest]),
      // Where a row says nothing of them, it fails before they are compared.
      ...["--verifier-id", text(row, "verifierID") ?? "", "--resource-uri", text(row, "resourceURI") ?? ""],
      ...texts(row, "verifiedLevels").flatMap((level) => ["--verified-level", level]),
      ...["--public-key-path", join("vsa", required(row, "publicKeyPath"))],
      ...optional("--public-key-id", text(row, "publicKeyID")),
    ]),
  ];
}

function eachBuilder(row: GoRow, usual: readonly (string | null)[]): readonly (string | null)[] {
  const own = text(row, "pBuilderID");
  return own === null ? usual : [own];
}

function sourceFlags(row: GoRow, builderId: string | null): readonly string[] {
  const inputs = row.get("inputs");
  return [
    ...["--source-uri", required(row, "source")],
    ...optional("--builder-id", builderId),
    ...optional("--source-branch", text(row, "pbranch")),
    ...optional("--source-tag", text(row, "ptag")),
    ...optional("--source-versioned-tag", text(row, "pversiontag")),
    ...(inputs instanceof Map
      ? [...inputs].flatMap(([key, value]) => ["--build-workflow-input", `${key}=${value}`])
      : []),
  ];
}

function optional(name: string, value: string | null): readonly string[] {
  return value === null ? [] : [name, value];
}

class Testdata {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Folders of a builder that are named by a version, from the smallest that counts. */
  versions(builder: string, minimum: string | null): readonly string[] {
    const found = readdirSync(join(this.#folder, builder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      // Google's have two parts, which are compared as Go does: the third counts as 0.
      .filter((version) => minimum === null || compare(whole(version), whole(minimum)) >= 0);
    if (found.length === 0) throw new Error(`${builder} has no version`);
    return found.sort();
  }

  /** A file, or the digest of one that was too large to keep. */
  artifact(file: string): readonly string[] {
    if (existsSync(join(this.#folder, file))) return [file];
    const kept = readFileSync(join(this.#folder, `${file}.sha256`), "utf8");
    return ["--artifact-digest", `sha256:${kept.slice(0, 64)}`];
  }

  digest(image: string): string {
    return readFileSync(join(this.#folder, `${image}.digest`), "utf8")
      .replace(/^sha256:/, "")
      .trim();
  }

  case(
    row: GoRow,
    place: readonly (string | null)[],
    provenance: string | null,
    args: readonly string[],
  ): UpstreamCase {
    const error = row.get("err");
    if (error !== undefined && !(typeof error === "object" && "error" in error)) throw new Error("err is no error");
    const [builder = null] = place;
    return {
      title: [required(row, "name"), ...place.map((part) => part ?? "any builder")].join(" · "),
      args,
      error: error === undefined ? null : errorFor(builder, error.error),
      asksRekor: provenance !== null && this.#isBareEnvelope(provenance),
    };
  }

  #isBareEnvelope(file: string): boolean {
    const json = JSON.parse(readFileSync(join(this.#folder, file), "utf8"));
    return "payload" in json && !("verificationMaterial" in json);
  }
}

/** The delegator is trusted whoever is expected; that the expected one did not build is then found in the provenance. */
function errorFor(builder: string | null, error: string): string {
  const isOther = builder !== null && DELEGATED.includes(builder) && error === "ErrorUntrustedReusableWorkflow";
  return isOther ? "ErrorMismatchBuilderID" : error;
}

function whole(version: string): string {
  return version.split(".").length === 2 ? `${version}.0` : version;
}

function text(row: GoRow, name: string): string | null {
  const value = row.get(name);
  if (value === undefined) return null;
  if (typeof value === "string") return value;
  throw new Error(`${name} is no text`);
}

function required(row: GoRow, name: string): string {
  const value = text(row, name);
  if (value === null) throw new Error(`a row has no ${name}`);
  return value;
}

function flag(row: GoRow, name: string): boolean {
  const value = row.get(name) ?? false;
  if (typeof value === "boolean") return value;
  throw new Error(`${name} is neither true nor false`);
}

function texts(row: GoRow, name: string): readonly string[] {
  const value = row.get(name) ?? [];
  if (Array.isArray(value)) return value;
  throw new Error(`${name} is no list`);
}
