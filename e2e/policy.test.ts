import { createHash } from "node:crypto";
import { mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { RELEASE_RUN, rootOf, signBundle, testSigstore } from "../packages/testkit/src/sigstore/index.ts";
import { publishedSchemaOf } from "./published-schema.ts";
import { hex, provenance, type SubjectEntry, signedBundle, statement } from "./signed-bundle.ts";
import { newFolder, type RunOptions, touchmark } from "./touchmark-process.ts";
import { type Report, refusalOf, reportOf } from "./verify-report.ts";

let folder: Awaited<ReturnType<typeof newFolder>>;
const at = (...parts: string[]) => join(folder.path, ...parts);
const run = (args: readonly string[], options: Partial<RunOptions> = {}) =>
  touchmark(args, { cwd: folder.path, ...options });
async function written(path: string, content: string): Promise<string> {
  await mkdir(dirname(at(path)), { recursive: true });
  await writeFile(at(path), content);
  return path;
}
const sigstore = testSigstore();
const identity = [
  ["--signer-identity", RELEASE_RUN.buildSignerUri ?? ""],
  ["--signer-issuer", RELEASE_RUN.issuer ?? ""],
  ["--trusted-root", "roots.json"],
  ["--source", "octo/widgets"],
].flat();
const subjectOf = (name: string): SubjectEntry => ({ name, digest: { sha256: hex("sha256", name) } });
const LEGACY = `sha256:${hex("sha256", "legacy")}`;

/** Provenance as GitHub's run of RELEASE_RUN makes it. */
function releaseProvenance(
  subject: readonly SubjectEntry[],
  parameters: object = { workflow: { path: "release.yml" } },
) {
  return statement(subject, "https://slsa.dev/provenance/v1", {
    buildDefinition: {
      buildType: "https://example.com/type",
      externalParameters: parameters,
      resolvedDependencies: [
        {
          uri: `git+${RELEASE_RUN.sourceRepositoryUri}@${RELEASE_RUN.sourceRepositoryRef}`,
          digest: { gitCommit: RELEASE_RUN.sourceRepositoryDigest },
        },
      ],
    },
    runDetails: { builder: { id: RELEASE_RUN.buildSignerUri } },
  });
}
const certified = (text: string) => JSON.stringify(signBundle(sigstore, new TextEncoder().encode(text)).bundle);

let privatePem = "";
beforeAll(async () => {
  folder = await newFolder();
  expect(await run(["keys", "generate"])).toMatchObject({ status: 0 });
  privatePem = await readFile(at("touchmark.key"), "utf8");
  await written("roots.json", JSON.stringify(rootOf(sigstore)));
  await written("release/tool", "tool");
  await written("release/app.sigstore.json", certified(releaseProvenance([subjectOf("tool")])));
});
afterAll(() => folder.remove());

interface Rules {
  readonly rule?: string;
  readonly more?: string;
}

let policies = 0;
/** A policy with one rule for everything. */
function policyOf({ rule = "", more = "" }: Rules = {}): Promise<string> {
  policies += 1;
  const text = `version: 1\n${more}\nartifacts:\n  - match: "**"\n    source: github.com/octo/widgets\n${rule}`;
  return written(`policies/${policies}.yaml`, text);
}

async function verified(target: string, args: readonly string[], options: Partial<RunOptions> = {}): Promise<Report> {
  return reportOf(await run(["verify", target, ...args, "--json"], options));
}
/** The code of a run without a verdict, and its exit status. */
async function refused(target: string, args: readonly string[], options: Partial<RunOptions> = {}) {
  const { status, error } = refusalOf(await run(["verify", target, ...args, "--json"], options));
  return `${status} ${error.code}`;
}
/** `name: status CODE` of every artifact but evidence. */
const verdicts = ({ artifacts }: Report) =>
  artifacts
    .filter(({ status }) => status !== "evidence")
    .map(({ name, status, findings }) => [name, status, ...findings.map(({ code }) => code)].join(" "));

describe("a policy", () => {
  it("lets what it expects hold, and is named with its digest", async () => {
    const policy = await policyOf({
      rule: "    tag: v{semver} >=1.2 <2\n    trigger: push\n    runner: github-hosted\n",
    });
    const report = await verified("release", [...identity, "--policy", policy]);
    expect([report.result, verdicts(report)]).toEqual(["verified", ["tool verified"]]);
    const digest = createHash("sha256")
      .update(await readFile(at(policy)))
      .digest("hex");
    expect(report.inputs.policy).toEqual({ name: policy, digest: `sha256:${digest}` });
    expect(report.artifacts.find(({ name }) => name === "tool")?.rule).toBe(`${policy}:4`);
    const { stdout } = await run(["verify", "release", ...identity, "--policy", policy]);
    expect(stdout).toContain(`policy        ${policy}  sha256:${digest.slice(0, 4)}`);
  });

  it.each([
    ["another source id", '    source-id: "1"\n', "SOURCE_MISMATCH"],
    ["another tag", "    tag: v{semver} >=2\n", "TAG_MISMATCH"],
    ["another version of slsa-verifier's kind", "    versioned-tag: v2\n", "TAG_MISMATCH"],
    ["another branch", "    branch: main\n", "SOURCE_MISMATCH"],
    ["another commit", `    commit: ${"f".repeat(40)}\n`, "SOURCE_MISMATCH"],
    ["another build type", "    build-type: https://example.com/other\n", "BUILD_TYPE_MISMATCH"],
    ["another builder", "    builder: https://example.com/other\n", "BUILDER_MISMATCH"],
    ["a level", "    level: 3\n", "LEVEL_TOO_LOW"],
    ["another trigger", "    trigger: release\n", "CERTIFICATE_MISMATCH"],
    ["another runner", "    runner: self-hosted\n", "CERTIFICATE_MISMATCH"],
    ["no parameters", "    parameters: { reject-unknown: true }\n", "PARAMETER_UNEXPECTED"],
    ["an input", "    workflow-inputs: { tag: v1 }\n", "PARAMETER_UNEXPECTED"],
    ["an SBOM", "    require: [provenance, sbom]\n", "PREDICATE_MISSING"],
    ["an age", "    max-age: 1h\n", "TOO_OLD"],
    ["two builders", "    builders: 2\n", "BUILDERS_TOO_FEW"],
    ["an expression", "    when: 'statement.predicate.buildDefinition.buildType == \"x\"'\n", "CONDITION_FAILED"],
  ])("that expects %s refuses what is trusted", async (_what, rule, code) => {
    const policy = await policyOf({ rule });
    const report = await verified("release", [...identity, "--policy", policy]);
    expect([report.result, verdicts(report)]).toEqual(["failed", [`tool policy ${code}`]]);
  });

  it("is satisfied by an SBOM by the signer, and by none of a stranger", async () => {
    const policy = await policyOf({ rule: "    require: [provenance, sbom]\n" });
    const sbom = statement([subjectOf("tool")], "https://spdx.dev/Document", { spdxVersion: "SPDX-2.3" });
    const args = [...identity, "--policy", policy, "--bundle", "release/app.sigstore.json", "--bundle"];
    const own = await written("sboms/own.sigstore.json", certified(sbom));
    expect(await verified("release", [...args, own])).toMatchObject({ status: 0 });
    const strange = await written("sboms/strange.sigstore.json", signedBundle(privatePem, sbom));
    expect(await verified("release", [...args, strange])).toMatchObject({ status: 1 });
  });

  it("looks into whole statements", async () => {
    const rule =
      "    when: 'statement.predicate.buildDefinition.externalParameters.workflow.path == \"release.yml\"'\n";
    const policy = await policyOf({ rule: `${rule}    parameters: { only: [workflow] }\n` });
    expect(await verified("release", [...identity, "--policy", policy])).toMatchObject({ status: 0 });
  });

  it("refuses what no rule is about, also where it is trusted", async () => {
    const policy = await written(
      "policies/other.yaml",
      "version: 1\nartifacts:\n  - match: other\n    source: github.com/octo/widgets\n",
    );
    const report = await verified("release", [...identity, "--policy", policy]);
    expect(verdicts(report)).toEqual(["tool policy POLICY_UNMATCHED"]);
  });

  it("trusts nobody by itself", async () => {
    const policy = await policyOf();
    expect(await refused("release", ["--policy", policy])).toBe("2 TRUST_UNSET");
  });

  it("that has expired, or is not understood, judges nothing", async () => {
    const expired = await policyOf({ more: "expires: 2020-01-01" });
    expect(await refused("release", [...identity, "--policy", expired])).toBe("2 POLICY_EXPIRED");
    const misspelt = await policyOf({ rule: "    levle: 3\n" });
    expect(await refused("release", [...identity, "--policy", misspelt])).toBe("2 POLICY_INVALID");
  });
});

describe("exceptions and denials", () => {
  const until = (day: string) =>
    `exceptions:\n  - match: legacy\n    digest: ${LEGACY}\n    until: ${day}\n    reason: no provenance\n    by: us\n`;

  it("an exception is shown as one, and never as verified", async () => {
    await written("legacy/legacy", "legacy");
    await written("legacy/tool", "tool");
    const args = [...identity, "--bundle", "release/app.sigstore.json", "--policy"];
    const policy = await policyOf({ more: until("2999-12-31") });
    const report = await verified("legacy", [...args, policy]);
    expect([report.result, verdicts(report)]).toEqual([
      "verified",
      ["legacy exception EXCEPTION_APPLIES", "tool verified"],
    ]);
    expect(report.counts).toMatchObject({ verified: 1, exception: 1 });
    const shown = await run(["verify", "legacy", ...args, policy]);
    expect(shown.stdout).toMatch(/^VERIFIED {2}1 of 2 artifacts, and 1 by exception\n/);
    expect(shown.stdout).toMatch(/legacy +EXCEPTION +sha256:.*\n.*us decided: no provenance \(until 2999-12-31\)/);
    const alone = await run(["verify", "legacy/legacy", ...args, policy]);
    expect(alone.stdout).toMatch(/^EXCEPTION {2}nothing was verified/);
  });

  it("one that is over has no effect, and is named", async () => {
    const policy = await policyOf({ more: until("2020-12-31") });
    const report = await verified("legacy/legacy", [...identity, "--policy", policy]);
    expect(verdicts(report)).toEqual(["legacy not-covered NOT_COVERED EXCEPTION_EXPIRED"]);
  });

  it("is not for other bytes of the same name", async () => {
    await written("swapped/legacy", "others");
    const policy = await policyOf({ more: until("2999-12-31") });
    const report = await verified("swapped/legacy", [...identity, "--policy", policy]);
    expect(verdicts(report)).toEqual(["legacy not-covered NOT_COVERED"]);
  });

  it("a denial is above exceptions and above everything that is signed", async () => {
    const denied = `deny:\n  - digest: ${LEGACY}\n    reason: a backdoor\n  - commit: ${RELEASE_RUN.sourceRepositoryDigest}\n    reason: bad\n`;
    const policy = await policyOf({ more: `${until("2999-12-31")}${denied}` });
    const args = [...identity, "--bundle", "release/app.sigstore.json", "--policy", policy];
    const report = await verified("legacy", args);
    expect(verdicts(report)).toEqual(["legacy policy DENIED", "tool policy DENIED"]);
    expect(report.inputs.deny).toMatchObject({ name: policy });
  });
});

describe("where a policy comes from (A31)", () => {
  const LAX = 'version: 1\nartifacts:\n  - match: "**"\n    any-source: true\n';
  const args = () => [...identity, "--bundle", "release/app.sigstore.json"];

  it("never from the target, the working directory or a configuration in it", async () => {
    const names = [
      "policy.yaml",
      "touchmark.policy.yaml",
      ".config/policy.yaml",
      "touchmark.yaml",
      "touchmark.config.ts",
    ];
    await written("hostile/tool", "tool");
    const hostile = "throw new Error('the release ran its own code');";
    for (const name of names) await written(`hostile/${name}`, name.endsWith(".ts") ? hostile : LAX);
    const strict = await policyOf({ rule: "    level: 3\n" });
    const ignore = names.flatMap((name) => ["--ignore", name]);
    for (const [cwd, target, up] of [
      [at(), "hostile", ""],
      [at("hostile"), ".", "../"],
    ] as const) {
      const own = args().map((one) => (/^(?:roots|release)/.test(one) ? `${up}${one}` : one));
      const none = await verified(target, [...own, ...ignore], { cwd });
      expect([none.status, none.inputs.policy]).toEqual([0, null]);
      const report = await verified(target, [...own, ...ignore, "--policy", `${up}${strict}`], { cwd });
      expect(verdicts(report)).toEqual(["tool policy LEVEL_TOO_LOW"]);
    }
  });

  it("not from a target by a flag either, nor through a link", async () => {
    await written("bringing/tool", "tool");
    await written("bringing/policy.yaml", LAX);
    await symlink(at("bringing/policy.yaml"), at("linked.yaml"));
    for (const policy of ["bringing/policy.yaml", "linked.yaml"]) {
      expect(await refused("bringing", [...args(), "--policy", policy])).toBe("2 POLICY_INSIDE_TARGET");
    }
    expect(await verified("bringing/tool", [...args(), "--policy", "bringing/policy.yaml"])).toMatchObject({
      status: 0,
    });
  });

  it("from the user's configuration, which a flag overrides or leaves out", async () => {
    await written("xdg/touchmark/policy.yaml", await readFile(at(await policyOf({ rule: "    level: 3\n" })), "utf8"));
    const env = { XDG_CONFIG_HOME: at("xdg") };
    const found = await verified("release", args(), { env });
    expect(verdicts(found)).toEqual(["tool policy LEVEL_TOO_LOW"]);
    expect(found.inputs.policy).toMatchObject({ name: "$XDG_CONFIG_HOME/touchmark/policy.yaml" });
    expect(await verified("release", [...args(), "--no-policy"], { env })).toMatchObject({ status: 0 });
    expect(await verified("release", [...args(), "--policy", await policyOf()], { env })).toMatchObject({ status: 0 });
    const home = { HOME: at("home") };
    await written("home/.config/touchmark/policy.yaml", "version: 2\n");
    expect(await refused("release", args(), { env: home })).toBe("2 POLICY_INVALID");
  });

  it("from a configuration that cannot be read: an error, and not as if there were none", async () => {
    await mkdir(at("broken/touchmark"), { recursive: true });
    await symlink(at("nowhere"), at("broken/touchmark/policy.yaml"));
    const env = { XDG_CONFIG_HOME: at("broken") };
    expect(await refused("release", args(), { env })).toBe("2 INPUT_MISSING");
  });
});

describe("trust in a policy", () => {
  const own = (name = "own workflows") => `  - name: ${name}
    signer: { issuer: ${RELEASE_RUN.issuer}, workflow: any-of-source }
    builder: same-as-signer
    max-level: 2
    runners: github-hosted
`;
  const roots = ["--trusted-root", "roots.json"];

  it("believes whom it names, up to the level that it gives", async () => {
    const two = await policyOf({ more: `trust:\n${own()}`, rule: "    level: 2\n" });
    const report = await verified("release", ["--policy", two, ...roots]);
    expect(report.artifacts.find(({ name }) => name === "tool")?.statements).toMatchObject([
      { level: 2, entry: "own workflows" },
    ]);
    expect(report.inputs.trust).toMatchObject({ name: two });
    const three = await policyOf({ more: `trust:\n${own()}`, rule: "    level: 3\n" });
    expect(verdicts(await verified("release", ["--policy", three, ...roots]))).toEqual(["tool policy LEVEL_TOO_LOW"]);
  });

  it("may lie in a file beside the policy, from where its paths start", async () => {
    const key = await readFile(at("touchmark.pub"), "utf8");
    await written("policies/keys/platform.pub", key);
    await written(
      "policies/team.yaml",
      `version: 1\ntrust:\n${own()}  - { name: key, signer: { key: keys/platform.pub }, builder: https://touchmark.dev/builders/local, max-level: 1 }\n`,
    );
    const policy = await written(
      "policies/with-team.yaml",
      'version: 1\ntrust: team.yaml\nartifacts:\n  - match: "**"\n    any-source: true\n',
    );
    await written("platform/tool", "tool");
    await written("platform/app.sigstore.json", signedBundle(privatePem, provenance([subjectOf("tool")])));
    const report = await verified("platform", ["--policy", policy, ...roots]);
    expect([report.status, report.inputs.trust]).toMatchObject([0, { name: "team.yaml" }]);
  });

  it("that takes in every source holds only where the rule names one (A37)", async () => {
    const policy = await written(
      "policies/any-source.yaml",
      `version: 1\ntrust:\n${own()}artifacts:\n  - match: "**"\n    any-source: true\n`,
    );
    const strange = ["tool untrusted SOURCE_MISMATCH"];
    expect(verdicts(await verified("release", ["--policy", policy, ...roots]))).toEqual(strange);
    const other = await written(
      "policies/other-source.yaml",
      (await readFile(at(policy), "utf8")).replace("any-source: true", "source: github.com/octo/gadgets"),
    );
    expect(verdicts(await verified("release", ["--policy", other, ...roots]))).toEqual(strange);
  });

  it("stands beside what flags name, and the rules hold for both", async () => {
    const policy = await policyOf({ more: `trust:\n${own()}`, rule: "    level: 2\n" });
    const args = ["--policy", policy, ...roots, "--key", "touchmark.pub"];
    expect(verdicts(await verified("release", args))).toEqual(["tool verified"]);
    expect(verdicts(await verified("platform", args))).toEqual(["tool policy SOURCE_MISMATCH"]);
  });

  it("does not come from the target", async () => {
    await written("with-trust/tool", "tool");
    await written("with-trust/trust.yaml", `version: 1\ntrust:\n${own()}`);
    const policy = await written(
      "policies/pointing.yaml",
      'version: 1\ntrust: ../with-trust/trust.yaml\nartifacts:\n  - match: "**"\n    any-source: true\n',
    );
    expect(await refused("with-trust", ["--policy", policy, ...roots])).toBe("2 POLICY_INSIDE_TARGET");
  });

  it("is understood, or nothing is judged", async () => {
    const policy = await policyOf({ more: `trust:\n${own()}${own("again")}` });
    expect(await refused("release", ["--policy", policy, ...roots])).toBe("2 TRUST_OVERLAP");
  });
});

describe("release.version (A38)", () => {
  it.each([
    ["1.2.3", 0],
    [">=1 <2", 0],
    ["1.2.4", 1],
  ])("%s", async (version, status) => {
    const policy = await policyOf({ more: `release: { version: "${version}" }` });
    expect(await verified("release", [...identity, "--policy", policy])).toMatchObject({ status });
  });

  it("monotonic needs what was seen, and refuses what is older", async () => {
    const policy = await policyOf({ more: "release: { version: monotonic }" });
    const args = [...identity, "--policy", policy];
    expect(await refused("release", args)).toBe("2 USAGE");
    expect(await verified("release", [...args, "--state", "state.json"])).toMatchObject({ status: 0 });
    const state = JSON.parse(await readFile(at("state.json"), "utf8"));
    const releases = { [RELEASE_RUN.sourceRepositoryUri ?? ""]: { "": "1.3.0" } };
    await written("state.json", JSON.stringify({ ...state, releases }));
    const report = await verified("release", [...args, "--state", "state.json"]);
    expect(verdicts(report)).toEqual(["tool policy ROLLBACK"]);
  });

  it("monotonic refuses what belongs to no release", async () => {
    const policy = await written(
      "policies/monotonic.yaml",
      'version: 1\nrelease: { version: monotonic }\nartifacts:\n  - match: "**"\n    any-source: true\n',
    );
    await written("keyed/tool", "tool");
    await written("keyed/app.sigstore.json", signedBundle(privatePem, provenance([subjectOf("tool")])));
    const args = ["--key", "touchmark.pub", "--policy", policy, "--state", "keyed.json"];
    const report = await verified("keyed", args);
    expect(verdicts(report)).toEqual(["tool policy RELEASE_MISMATCH"]);
  });
});

describe("a signed policy", () => {
  const strict =
    'version: 1\nexpires: 2999-12-31\ntrust: team/trust.yaml\nartifacts:\n  - match: "**"\n    any-source: true\n';
  const sign = (revision: number, ...more: readonly string[]) =>
    run(["policy", "sign", "ours/policy.yaml", "--key", "ours/touchmark.key", "--revision", String(revision), ...more]);
  const signed = (file: string, key = "ours/touchmark.pub") => ["--policy", file, "--policy-key", key];

  beforeAll(async () => {
    expect(await run(["keys", "generate", "--out", "ours"])).toMatchObject({ status: 0 });
    await written("ours/policy.yaml", strict);
    await written(
      "ours/team/trust.yaml",
      "version: 1\ntrust:\n  - { name: key, signer: { key: keys/a.pub }, builder: https://touchmark.dev/builders/local, max-level: 1 }\n",
    );
    await written("ours/team/keys/a.pub", await readFile(at("touchmark.pub"), "utf8"));
    await written("signed/tool", "tool");
    await written("signed/app.sigstore.json", signedBundle(privatePem, provenance([subjectOf("tool")])));
    for (const revision of [1, 2]) {
      const ended = await sign(revision, "--out", `ours/${revision}.sigstore.json`);
      expect(ended).toMatchObject({
        status: 0,
        stdout: expect.stringContaining(`revision ${revision}, until 2999-12-31`),
      });
    }
    // What lies beside it does not count any more.
    await rm(at("ours/team"), { recursive: true });
  });

  it("is told in JSON, as a trust file is, by the schema that is published", async () => {
    await written("ours/alone.yaml", 'version: 1\nartifacts:\n  - match: "**"\n    any-source: true\n');
    await written("ours/preset.yaml", "version: 1\ntrust:\n  - preset: npm@2026-11\n");
    const args = ["--key", "ours/touchmark.key", "--revision", "3", "--expires", "2999-12-31", "--json"];
    for (const [kind, name] of [
      ["policy", "alone.yaml"],
      ["trust", "preset.yaml"],
    ] as const) {
      const { status, stdout } = await run([kind, "sign", `ours/${name}`, ...args]);
      expect(status).toBe(0);
      expect(publishedSchemaOf(JSON.parse(stdout))).toBe("signed-rules-v1");
      expect(JSON.parse(stdout)).toMatchObject({
        ...{ file: `ours/${name}.sigstore.json`, revision: 3, expires: "2999-12-31", files: [name] },
      });
    }
  });

  it("brings the trust and the keys that were signed with it", async () => {
    const report = await verified("signed", signed("ours/1.sigstore.json"));
    expect([report.status, verdicts(report)]).toEqual([0, ["tool verified"]]);
    expect(report.inputs.policy).toMatchObject({ name: "ours/1.sigstore.json" });
  });

  it("is believed under the key that the user names, and no other", async () => {
    expect(await refused("signed", ["--policy", "ours/1.sigstore.json"])).toBe("2 USAGE");
    expect(await refused("signed", ["--policy-key", "ours/touchmark.pub"])).toBe("2 USAGE");
    expect(await refused("signed", ["--policy-key", "ours/touchmark.pub", "--no-policy"])).toBe("2 USAGE");
    const env = { XDG_CONFIG_HOME: at("xdg") };
    expect(await refused("signed", ["--policy-key", "ours/touchmark.pub"], { env })).toBe("2 USAGE");
    expect(await refused("signed", signed("ours/policy.yaml"))).toBe("2 POLICY_INVALID");
    expect(await refused("signed", signed("ours/1.sigstore.json", "touchmark.pub"))).toBe("2 POLICY_UNTRUSTED");
    const changed = JSON.parse(await readFile(at("ours/1.sigstore.json"), "utf8"));
    const payload = Buffer.from(changed.dsseEnvelope.payload, "base64").toString().replace("2999-12-31", "2998-12-31");
    changed.dsseEnvelope.payload = Buffer.from(payload).toString("base64");
    const damaged = await written("ours/damaged.sigstore.json", JSON.stringify(changed));
    expect(await refused("signed", signed(damaged))).toBe("2 POLICY_UNTRUSTED");
  });

  it("that its key signed is none where it is something else", async () => {
    const pem = await readFile(at("ours/touchmark.key"), "utf8");
    const file = await written("ours/provenance.sigstore.json", signedBundle(pem, provenance([subjectOf("tool")])));
    expect(await refused("signed", signed(file))).toBe("2 POLICY_INVALID");
  });

  it("that is older than the last one is refused, whatever the verdict was", async () => {
    const state = ["--state", "policies.json"];
    await written("unsigned/tool", "tool");
    expect(await verified("unsigned", [...signed("ours/2.sigstore.json"), ...state])).toMatchObject({ status: 1 });
    expect(await refused("signed", [...signed("ours/1.sigstore.json"), ...state])).toBe("2 POLICY_ROLLBACK");
    expect(await verified("signed", [...signed("ours/2.sigstore.json"), ...state])).toMatchObject({ status: 0 });
    expect(await verified("signed", signed("ours/1.sigstore.json"))).toMatchObject({ status: 0 });
  });

  it("is not written where it could not be used", async () => {
    await written("ours/misspelt.yaml", "version: 1\nartifact: []\n");
    const args = ["--key", "ours/touchmark.key", "--json"];
    const code = async (file: string, ...more: readonly string[]) => {
      const ended = await run(["policy", "sign", file, ...args, ...more]);
      return `${ended.status} ${JSON.parse(ended.stdout).error.code}`;
    };
    expect(await code("ours/misspelt.yaml", "--revision", "1")).toBe("2 POLICY_INVALID");
    const plain = await written("ours/plain.yaml", 'version: 1\nartifacts:\n  - match: "**"\n    any-source: true\n');
    expect(await code(plain, "--revision", "1")).toBe("2 USAGE");
    expect(await code(plain, "--revision", "0", "--expires", "2999-12-31")).toBe("2 USAGE");
    expect(await code(plain, "--revision", "1", "--expires", "2020-12-31")).toBe("2 POLICY_EXPIRED");
    const first = await run(["policy", "sign", plain, ...args, "--revision", "1", "--expires", "2999-12-31"]);
    expect(first).toMatchObject({ status: 0 });
    expect(await code(plain, "--revision", "2", "--expires", "2999-12-31")).toBe("2 OUTPUT_CONFLICT");
  });
});

describe("a signed trust file", () => {
  const sign = (revision: number, ...more: readonly string[]) =>
    run(
      ["trust", "sign", "theirs/trust.yaml", "--key", "theirs/touchmark.key", "--revision", String(revision)].concat(
        more,
      ),
    );
  const until = (day: string) => ["--expires", day];
  const signed = (file: string, key = "theirs/touchmark.pub") => ["--trust", file, "--trust-key", key];
  /** The bundle with another text in what was signed. */
  async function altered(file: string, from: string, to: string): Promise<string> {
    const bundle = JSON.parse(await readFile(at(file), "utf8"));
    const payload = Buffer.from(bundle.dsseEnvelope.payload, "base64").toString();
    expect(payload).toContain(from);
    bundle.dsseEnvelope.payload = Buffer.from(payload.replace(from, to)).toString("base64");
    return written("theirs/altered.sigstore.json", JSON.stringify(bundle));
  }

  beforeAll(async () => {
    expect(await run(["keys", "generate", "--out", "theirs"])).toMatchObject({ status: 0 });
    await written(
      "theirs/trust.yaml",
      "version: 1\ntrust:\n  - { name: key, signer: { key: keys/a.pub }, builder: https://touchmark.dev/builders/local, max-level: 1 }\n",
    );
    await written("theirs/keys/a.pub", await readFile(at("touchmark.pub"), "utf8"));
    await written("trusted/tool", "tool");
    await written("trusted/app.sigstore.json", signedBundle(privatePem, provenance([subjectOf("tool")])));
    for (const revision of [1, 2]) {
      expect(await sign(revision, ...until("2999-12-31"), "-o", `theirs/${revision}.sigstore.json`)).toMatchObject({
        status: 0,
        stdout: expect.stringContaining(`revision ${revision}, until 2999-12-31`),
      });
    }
    await written("theirs/plain.yaml", await readFile(at("theirs/trust.yaml"), "utf8"));
    await written("theirs/policy.yaml", 'version: 1\nartifacts:\n  - match: "**"\n    any-source: true\n');
    const policy = ["policy", "sign", "theirs/policy.yaml", "--key", "theirs/touchmark.key", "--revision", "1"];
    expect(await run([...policy, ...until("2999-12-31")])).toMatchObject({ status: 0 });
  });

  it("brings the keys that were signed with it, and is named with its revision and its key", async () => {
    // No keys lie beside this copy.
    const copy = await written("fetched/1.sigstore.json", await readFile(at("theirs/1.sigstore.json"), "utf8"));
    const report = await verified("trusted", signed(copy));
    expect([report.status, verdicts(report)]).toEqual([0, ["tool verified"]]);
    expect(report.inputs.trust).toMatchObject({
      name: copy,
      revision: 1,
      signedBy: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    });
    const { stdout } = await run(["verify", "trusted", ...signed("theirs/1.sigstore.json")]);
    expect(stdout).toMatch(/trust +theirs\/1\.sigstore\.json .* revision 1\n/);
  });

  it("stands beside presets, which nobody signs", async () => {
    const args = ["--trust", "preset:npm@2026-11", "--source", "octo/widgets"];
    const own = await verified("trusted", [...args, ...signed("theirs/1.sigstore.json")]);
    expect(own.inputs.trust).toMatchObject([{ name: "preset:npm@2026-11" }, { revision: 1 }]);
    expect(own.inputs.trust).not.toHaveProperty([0, "revision"]);
    expect(await refused("trusted", [...args, "--trust-key", "theirs/touchmark.pub"])).toBe("2 USAGE");
  });

  it("is believed under the key that the user names, and no other", async () => {
    expect(await refused("trusted", ["--trust", "theirs/1.sigstore.json"])).toBe("2 USAGE");
    expect(await refused("trusted", ["--trust-key", "theirs/touchmark.pub"])).toBe("2 USAGE");
    expect(await refused("trusted", signed("theirs/1.sigstore.json", "touchmark.pub"))).toBe("2 POLICY_UNTRUSTED");
  });

  it("does not come from the target", async () => {
    await written("bringing/tool", "tool");
    const file = await written("bringing/1.sigstore.json", await readFile(at("theirs/1.sigstore.json"), "utf8"));
    expect(await refused("bringing", signed(file))).toBe("2 POLICY_INSIDE_TARGET");
  });

  it("lets none beside it that nobody signed", async () => {
    const args = [...signed("theirs/1.sigstore.json"), "--trust", "theirs/plain.yaml"];
    expect(await refused("trusted", args)).toBe("2 TRUST_INVALID");
  });

  it("that was altered afterwards is refused", async () => {
    const file = await altered("theirs/1.sigstore.json", "2999-12-31", "2998-12-31");
    expect(await refused("trusted", signed(file))).toBe("2 POLICY_UNTRUSTED");
  });

  it("is no policy, and a signed policy is no trust file", async () => {
    expect(await refused("trusted", signed("theirs/policy.yaml.sigstore.json"))).toBe("2 TRUST_INVALID");
    const asPolicy = ["--policy", "theirs/1.sigstore.json", "--policy-key", "theirs/touchmark.pub"];
    expect(await refused("trusted", asPolicy)).toBe("2 POLICY_INVALID");
  });

  it("that has expired is neither used nor written", async () => {
    // Signed as `trust sign` signs, which refuses to.
    const pem = await readFile(at("theirs/touchmark.key"), "utf8");
    const bundle = JSON.parse(await readFile(at("theirs/1.sigstore.json"), "utf8"));
    const payload = Buffer.from(bundle.dsseEnvelope.payload, "base64").toString().replace("2999-12-31", "2020-12-31");
    const file = await written("theirs/expired.sigstore.json", signedBundle(pem, payload));
    expect(await refused("trusted", signed(file))).toBe("2 POLICY_EXPIRED");
    const ended = await sign(3, ...until("2020-12-31"), "--out", "theirs/3.sigstore.json", "--json");
    expect([ended.status, JSON.parse(ended.stdout).error.code]).toEqual([2, "POLICY_EXPIRED"]);
    expect(await sign(3, "--out", "theirs/3.sigstore.json")).toMatchObject({ status: 2 });
  });

  it("that is older than the last one of its name is refused, whatever the verdict was", async () => {
    const state = ["--state", "trust-state.json"];
    await written("strange/tool", "tool");
    expect(await verified("strange", [...signed("theirs/2.sigstore.json"), ...state])).toMatchObject({ status: 1 });
    expect(await refused("trusted", [...signed("theirs/1.sigstore.json"), ...state])).toBe("2 POLICY_ROLLBACK");
    expect(await verified("trusted", [...signed("theirs/2.sigstore.json"), ...state])).toMatchObject({ status: 0 });
    expect(await verified("trusted", signed("theirs/1.sigstore.json"))).toMatchObject({ status: 0 });
    // A policy by the same key has revisions of its own.
    const policy = ["--policy", "theirs/policy.yaml.sigstore.json", "--policy-key", "theirs/touchmark.pub"];
    const both = await verified("trusted", [...signed("theirs/2.sigstore.json"), ...policy, ...state]);
    expect(both).toMatchObject({ status: 0, inputs: { policy: { revision: 1 }, trust: { revision: 2 } } });
  });

  it("is not written where it could not be used", async () => {
    await written("theirs/lost.yaml", (await readFile(at("theirs/trust.yaml"), "utf8")).replace("a.pub", "lost.pub"));
    const args = ["--key", "theirs/touchmark.key", "--revision", "1", ...until("2999-12-31"), "--json"];
    const ended = await run(["trust", "sign", "theirs/lost.yaml", ...args]);
    expect([ended.status, JSON.parse(ended.stdout).error.code]).toEqual([2, "INPUT_MISSING"]);
    const twice = await run(["trust", "sign", "theirs/2.sigstore.json", ...args]);
    expect([twice.status, JSON.parse(twice.stdout).error.code]).toEqual([2, "USAGE"]);
  });
});

describe("policy test", () => {
  const tested = async (against: string, policy: string) => {
    const ended = await run(["policy", "test", policy, "--against", against, "--key", "touchmark.pub", "--json"]);
    return { status: ended.status, ...JSON.parse(ended.stdout) };
  };

  beforeAll(async () => {
    for (const release of ["v1", "v2"]) {
      await written(`releases/${release}/tool`, "tool");
      await written(`releases/${release}/app.sigstore.json`, signedBundle(privatePem, provenance([subjectOf("tool")])));
    }
    await written("releases/v2/extra", "extra");
  });

  it("says of each release what would be refused, and why", async () => {
    const policy = await written(
      "policies/test.yaml",
      'version: 1\nartifacts:\n  - match: "**"\n    any-source: true\n',
    );
    const report = await tested("releases", policy);
    expect(report).toMatchObject({
      status: 1,
      ok: false,
      releases: [
        { name: "releases/v1", result: "verified", verified: 1, refused: [] },
        { name: "releases/v2", result: "failed", refused: [{ name: "extra", findings: [{ code: "NOT_COVERED" }] }] },
      ],
    });
    expect(await tested("releases/v1", policy)).toMatchObject({ status: 0, ok: true });
    const args = ["policy", "test", policy, "--against", "releases", "--key", "touchmark.pub"];
    const { stdout } = await run(args);
    expect(stdout).toMatch(
      /^accepted {2}releases\/v1 {2}1 verified\nrefused {2}releases\/v2 {2}1 verified, 1 refused\n/,
    );
  });

  it("names the rule", async () => {
    const policy = await written(
      "policies/test-level.yaml",
      'version: 1\nartifacts:\n  - match: "**"\n    any-source: true\n    level: 3\n',
    );
    expect(await tested("releases/v1", policy)).toMatchObject({
      status: 1,
      releases: [{ refused: [{ rule: `${policy}:3`, status: "policy", findings: [{ code: "LEVEL_TOO_LOW" }] }] }],
    });
  });

  it("needs somebody to believe, and something to test", async () => {
    const policy = await written(
      "policies/test.yaml",
      'version: 1\nartifacts:\n  - match: "**"\n    any-source: true\n',
    );
    const none = await run(["policy", "test", policy, "--against", "releases", "--json"]);
    expect([none.status, JSON.parse(none.stdout).error.code]).toEqual([2, "TRUST_UNSET"]);
    expect(await tested("nowhere", policy)).toMatchObject({ status: 2, error: { code: "INPUT_MISSING" } });
  });
});

describe("policy export", () => {
  const exported = async (to: string, policy: string) => {
    const { status, stdout, stderr } = await run(["policy", "export", policy, "--to", to]);
    const documents = stdout
      .split("---\n")
      .slice(1)
      .map((text) => parse(text));
    const lost = [...stdout.matchAll(/^# - (.*)$/gm)].map(([, what]) => what);
    for (const what of lost) expect(stderr).toContain(what);
    return { status, documents, lost };
  };

  it("writes what the other tool can say, and names what it cannot", async () => {
    const policy = await written(
      "policies/export.yaml",
      `version: 1
trust:
  - name: own workflows
    signer: { issuer: ${RELEASE_RUN.issuer}, workflow: any-of-source }
    builder: same-as-signer
    max-level: 2
artifacts:
  - match: ["ghcr.io/octo/*", "tool"]
    source: github.com/octo/widgets
    build-type: https://example.com/type
    max-age: 90d
  - match: other
    source: github.com/octo/widgets
`,
    );
    const kyverno = await exported("kyverno", policy);
    expect(kyverno).toMatchObject({
      status: 0,
      documents: [{ apiVersion: "kyverno.io/v1", kind: "ClusterPolicy", spec: { rules: [{ name: "rule-1" }] } }],
    });
    const [{ verifyImages }] = kyverno.documents[0].spec.rules;
    expect(verifyImages[0].imageReferences).toEqual(["ghcr.io/octo/*"]);
    const own = verifyImages[0].attestations[0].attestors[0].entries[0].keyless;
    const pattern = new RegExp(own.subjectRegExp);
    expect(pattern.test(RELEASE_RUN.buildSignerUri ?? "")).toBe(true);
    expect(pattern.test("https://github.com/octo/widgets-evil/.github/workflows/x.yml@refs/tags/v1")).toBe(false);
    expect(kyverno.lost).toEqual(
      expect.arrayContaining([
        "rule 1 is about files or packages too",
        "rule 1, `max-age`: how old it may be",
        "rule 2 is about no image",
      ]),
    );
    const { stdout } = await run(["policy", "export", policy, "--to", "kyverno", "--json"]);
    expect(publishedSchemaOf(JSON.parse(stdout))).toBe("policy-export-v1");
    expect(JSON.parse(stdout)).toMatchObject({ to: "kyverno", documents: kyverno.documents, lost: kyverno.lost });
    const controller = await exported("policy-controller", policy);
    expect(controller.documents).toMatchObject([
      {
        apiVersion: "policy.sigstore.dev/v1beta1",
        kind: "ClusterImagePolicy",
        metadata: { name: "export-1" },
        spec: { images: [{ glob: "ghcr.io/octo/*" }], authorities: [{ keyless: { identities: [own] } }] },
      },
    ]);
  });

  it("leaves out a rule for which nobody can be named", async () => {
    const policy = await written(
      "policies/nobody.yaml",
      'version: 1\nartifacts:\n  - match: "ghcr.io/octo/*"\n    source: github.com/octo/widgets\n',
    );
    const { documents, lost } = await exported("policy-controller", policy);
    expect(documents).toEqual([]);
    expect(lost.join()).toContain("nobody whom the policy believes can be named");
  });
});
