import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { encodeJson, PROVENANCE_V1, STATEMENT_V1 } from "@touchmark/core";
import { githubRun, rootOf, signBundle, testSigstore } from "@touchmark/testkit/sigstore";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { recordingTerminal } from "../../test/recording-terminal.ts";
import { verifyCommand } from "./verify.ts";

const REPOSITORY = "https://github.com/octo/widgets";
const sigstore = testSigstore();
const root = rootOf(sigstore);

let cwd: string;
const at = (...parts: string[]) => path.join(cwd, ...parts);

beforeEach(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), "touchmark-state-"));
  for (const ref of ["refs/tags/v1.0.0", "refs/tags/v1.1.0", "refs/heads/main"]) await release(ref);
  await writeFile(at("roots.json"), JSON.stringify(root));
});

afterEach(() => rm(cwd, { recursive: true, force: true }));

/** A folder with one artifact and its evidence, called as the ref ends. */
async function release(ref: string): Promise<void> {
  const name = path.posix.basename(ref);
  const claims = githubRun({ repository: "octo/widgets", ref });
  const statement = {
    _type: STATEMENT_V1,
    subject: [{ name: "tool", digest: { sha256: createHash("sha256").update(name).digest("hex") } }],
    predicateType: PROVENANCE_V1,
    predicate: {
      buildDefinition: {
        buildType: "https://example.com/type",
        externalParameters: {},
        resolvedDependencies: [{ uri: `git+${REPOSITORY}@${ref}`, digest: { gitCommit: claims.sha } }],
      },
      runDetails: { builder: { id: "https://example.com/builder" } },
    },
  };
  await mkdir(at(name));
  await writeFile(at(name, "tool"), name);
  const { bundle } = signBundle(sigstore, encodeJson(statement), { leaf: { claims } });
  await writeFile(at(name, "tool.sigstore.json"), JSON.stringify(bundle));
}

async function verify(target: string, options: object = {}, json = false) {
  const terminal = recordingTerminal({ json });
  const context = { terminal, env: {}, cwd, signal: new AbortController().signal };
  const trusted = {
    signerIdentityPattern: [String.raw`https://github\.com/octo/widgets/\.github/workflows/release\.yml@refs/.*`],
    signerIssuer: "https://token.actions.githubusercontent.com",
    trustedRoot: "roots.json",
    state: "seen.json",
  };
  const status = await verifyCommand(context, [target], { ...trusted, ...options });
  return { status, text: terminal.text(), noted: terminal.noted() };
}

const state = async () => JSON.parse(await readFile(at("seen.json"), "utf8"));

describe("--state", () => {
  it("remembers the release and the roots, and says that it is new", async () => {
    const { status, text, noted } = await verify("v1.0.0");
    expect(status).toBe(0);
    expect(text).toContain("seen before   seen.json  new");
    expect(noted).toContain("seen.json is new: nothing was seen before that could be compared");
    expect(await state()).toEqual({
      version: 1,
      releases: { [REPOSITORY]: { "": "1.0.0" } },
      roots: [
        {
          digest: expect.stringMatching(/^[0-9a-f]{64}$/),
          newest: "2020-01-01T00:00:00.000Z",
          keys: expect.anything(),
        },
      ],
    });
    expect((await readdir(cwd)).filter((name) => name.startsWith("seen") || name.startsWith("."))).toEqual([
      "seen.json",
    ]);
  });

  it("refuses an older release than it remembers, and stays as it was", async () => {
    await verify("v1.1.0");
    const before = await readFile(at("seen.json"), "utf8");
    const { status, text } = await verify("v1.0.0");
    expect(status).toBe(1);
    expect(text).toMatch(/^FAILED[\s\S]*tool {2}POLICY[\s\S]*ROLLBACK {2}tool is of an older release/);
    expect(text).toContain(`expected  ${REPOSITORY} 1.1.0 or newer`);
    expect(await readFile(at("seen.json"), "utf8")).toBe(before);
    expect((await verify("v1.1.0")).status).toBe(0);
    expect((await verify("v1.0.0", { state: "other.json" })).status).toBe(0);
  });

  it("stands in the document with its digest", async () => {
    const first = JSON.parse((await verify("v1.0.0", {}, true)).text);
    expect(first.inputs.state).toEqual({ name: "seen.json", digest: null });
    const digest = createHash("sha256")
      .update(await readFile(at("seen.json")))
      .digest("hex");
    const second = JSON.parse((await verify("v1.1.0", {}, true)).text);
    expect(second.inputs.state).toEqual({ name: "seen.json", digest: `sha256:${digest}` });
  });

  it("compares no branch, and says so", async () => {
    await verify("v1.1.0");
    const { status, noted } = await verify("main");
    expect(status).toBe(0);
    expect(noted).toContain("no artifact names a release");
    expect((await state()).releases).toEqual({ [REPOSITORY]: { "": "1.1.0" } });
  });

  it("refuses older roots of the same instance than it remembers, without a verdict", async () => {
    const newer = structuredClone(root);
    for (const { publicKey } of newer.tlogs.slice(0, 1)) publicKey.validFor = { start: "2021-01-01T00:00:00Z" };
    await writeFile(at("newer.json"), JSON.stringify(newer, null, 1));
    expect((await verify("v1.0.0", { trustedRoot: "newer.json" })).status).toBe(0);
    const { status, text } = await verify("v1.0.0");
    expect(status).toBe(3);
    expect(text).toMatch(/^UNKNOWN[\s\S]*tool {2}UNKNOWN[\s\S]*ROOTS_ROLLBACK {2}.*roots\.json holds older roots/);
    await writeFile(at("roots.json"), JSON.stringify(newer));
    expect((await verify("v1.0.0")).status).toBe(0);
  });

  it("knows roots again however they are written", async () => {
    await verify("v1.0.0");
    const [{ digest }] = (await state()).roots;
    await writeFile(at("roots.json"), JSON.stringify(root, null, 2));
    await verify("v1.0.0");
    expect((await state()).roots).toMatchObject([{ digest }]);
  });

  it("is not made by a verification that fails", async () => {
    await writeFile(at("v1.0.0", "tool"), "changed");
    expect((await verify("v1.0.0")).status).toBe(1);
    expect(existsSync(at("seen.json"))).toBe(false);
  });

  it("that cannot be read does not count as none", async () => {
    await writeFile(at("seen.json"), "{}");
    await expect(verify("v1.0.0")).rejects.toMatchObject({ code: "INPUT_INVALID", exitStatus: 2 });
    await expect(verify("v1.0.0", { state: "v1.0.0" })).rejects.toMatchObject({ code: "FILE_REFUSED" });
  });

  it("that cannot be written lets nothing be verified", async () => {
    await symlink("nowhere.json", at("dangling.json"));
    await expect(verify("v1.0.0", { state: "dangling.json" })).rejects.toMatchObject({ code: "OUTPUT_CONFLICT" });
  });

  it("behind a link is written where the link leads", async () => {
    await writeFile(at("real.json"), JSON.stringify({ version: 1, roots: [], releases: {} }));
    await symlink("real.json", at("seen.json"));
    await verify("v1.1.0");
    expect(JSON.parse(await readFile(at("real.json"), "utf8")).releases).toEqual({ [REPOSITORY]: { "": "1.1.0" } });
    expect((await verify("v1.0.0")).status).toBe(1);
  });

  it("keeps what two that verify at once have seen", async () => {
    await release("refs/tags/cli@0.1.0");
    await Promise.all([verify("v1.1.0"), verify("v1.0.0"), verify("cli@0.1.0")]);
    expect((await state()).releases).toEqual({ [REPOSITORY]: { "": "1.1.0", "cli@": "0.1.0" } });
  });
});

describe("--max-roots-age", () => {
  it("lets older roots say nothing", async () => {
    const { status, text } = await verify("v1.0.0", { maxRootsAge: "30d" });
    expect(status).toBe(3);
    expect(text).toMatch(/^UNKNOWN[\s\S]*ROOTS_STALE {2}.*roots\.json is older than roots may be/);
    expect(text).toContain("of 2020-01-01");
    expect(existsSync(at("seen.json"))).toBe(false);
  });

  it("lets newer ones count", async () => {
    const copy = structuredClone(root);
    const yesterday = new Date(Date.now() - 86_400_000).toISOString();
    copy.timestampAuthorities = [...copy.timestampAuthorities, ...structuredClone(copy.timestampAuthorities)];
    Object.assign(copy.timestampAuthorities.at(-1) ?? {}, { validFor: { start: yesterday } });
    await writeFile(at("roots.json"), JSON.stringify(copy));
    expect((await verify("v1.0.0", { maxRootsAge: "2d" })).status).toBe(0);
    expect((await verify("v1.0.0", { maxRootsAge: "23h" })).status).toBe(3);
  });

  it.each(["30", "0d", "-1d", "1y"])("of %j is none", async (maxRootsAge) => {
    await expect(verify("v1.0.0", { maxRootsAge })).rejects.toMatchObject({ code: "USAGE" });
  });

  it("without an identity says nothing", async () => {
    const options = { signerIdentityPattern: undefined, signerIssuer: undefined, trustedRoot: undefined };
    await expect(verify("v1.0.0", { ...options, maxRootsAge: "1d" })).rejects.toMatchObject({
      code: "USAGE",
      actual: "--max-roots-age",
    });
  });
});
