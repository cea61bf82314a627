import { chmod, cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeJson } from "../packages/core/src/index.ts";
import { githubRun, rootOf, signBundle, testSigstore } from "../packages/testkit/src/sigstore/index.ts";
import { generatorEvidence, sha256 } from "./generator-evidence.ts";
import { goProgram } from "./peers/go-programs.mjs";
import { publishedSchemaOf } from "./published-schema.ts";
import { CLI, newFolder, runProgram, touchmark } from "./touchmark-process.ts";

const REF = "refs/tags/v1.2.3";
const FILES = { tool: "the tool\n", "it's.txt": "a name with a quote\n" };
const sigstore = testSigstore();

let folder: Awaited<ReturnType<typeof newFolder>>;
const at = (...parts: string[]) => join(folder.path, ...parts);
const run = (...args: string[]) => touchmark(args, { cwd: folder.path });

/** Other tools, where this machine has them. */
const PEERS = ["cosign", "gh"].filter((name) => goProgram(name) !== null);

beforeAll(async () => {
  folder = await newFolder();
  await mkdir(at("bin"));
  await writeFile(at("bin", "touchmark"), `#!/bin/sh\nexec '${process.execPath}' '${CLI}' "$@"\n`);
  for (const name of PEERS) await writeFile(at("bin", name), `#!/bin/sh\nexec '${goProgram(name)}' "$@"\n`);
  for (const name of await readdir(at("bin"))) await chmod(at("bin", name), 0o755);
  for (const release of ["keyed", "workflow", "generated"]) await write(release);
  await writeFile(at("roots.json"), `${JSON.stringify(rootOf(sigstore))}\n`);
  expect(await run("keys", "generate")).toMatchObject({ status: 0 });
  const from = ["--from", "files:keyed/*", "--name", "tool-1.2.3", "--out", "keyed"];
  const list = ["--release-manifest", "--release-version", "1.2.3"];
  expect(await run("attest", ...from, ...list, "--key", "touchmark.key")).toMatchObject({ status: 0 });
  await writeFile(at("workflow", "tool.sigstore.json"), byWorkflow());
  await writeFile(
    at("generated", "tool.intoto.jsonl"),
    generatorEvidence(sigstore, { repository: "octo/widgets", tag: "v1.2.3", files: FILES }),
  );
});

afterAll(() => folder.remove());

async function write(release: string): Promise<void> {
  await mkdir(at(release));
  for (const [name, content] of Object.entries(FILES)) await writeFile(at(release, name), content);
}

const subject = Object.entries(FILES).map(([name, content]) => ({
  name,
  digest: { sha256: sha256(content) },
}));

function byWorkflow(): string {
  const claims = githubRun({ repository: "octo/widgets", ref: REF });
  const source = { uri: `git+https://github.com/octo/widgets@${REF}`, digest: { gitCommit: claims.sha } };
  const statement = {
    _type: "https://in-toto.io/Statement/v1",
    subject,
    predicateType: "https://slsa.dev/provenance/v1",
    predicate: {
      buildDefinition: {
        buildType: "https://example.com/type",
        externalParameters: {},
        resolvedDependencies: [source],
      },
      runDetails: { builder: { id: "https://example.com/builder" } },
    },
  };
  return JSON.stringify(signBundle(sigstore, encodeJson(statement), { leaf: { claims } }).bundle);
}

const WORKFLOW = `https://github.com/octo/widgets/.github/workflows/release.yml@${REF}`;
const BUILDER =
  "https://github.com/slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml@refs/tags/v2.1.0";
const ISSUER = "https://token.actions.githubusercontent.com";
const roots = ["--signer-issuer", ISSUER, "--trusted-root", "roots.json"];

const RELEASES: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ["keyed", ["--key", "touchmark.pub"], ["touchmark", "cosign", "sha256sum"]],
  ["workflow", ["--signer-identity", WORKFLOW, ...roots], ["touchmark", "cosign", "gh", "sha256sum"]],
  [
    "generated",
    ["--signer-identity", BUILDER, ...roots, "--source", "octo/widgets"],
    ["touchmark", "cosign", "gh", "slsa-verifier", "sha256sum"],
  ],
];

/** Commands by the tool whose section they stand in, one for each here-document or line. */
function commandsIn(page: string): ReadonlyMap<string, readonly string[]> {
  const sections = page.split(/^## With /m).slice(1);
  return new Map(
    sections.map((text) => {
      const [, block = ""] = /^```sh\n(.*?)\n```$/ms.exec(text) ?? [];
      const title = text.slice(0, text.indexOf("\n"));
      return [title, block.includes("<<") ? [block] : block.split("\n")];
    }),
  );
}

const shell = async (command: string, cwd = folder.path) =>
  runProgram("/bin/sh", ["-c", command], {
    cwd,
    env: { PATH: `${at("bin")}:${process.env["PATH"]}`, GH_NO_UPDATE_NOTIFIER: "1" },
  });

describe.each(RELEASES)("the guide for a release that is %s", (release, trust, tools) => {
  let commands: ReadonlyMap<string, readonly string[]>;
  beforeAll(async () => {
    const ended = await run("verify-guide", release, ...trust, "-o", `${release}.md`);
    expect(ended, ended.stderr).toMatchObject({ status: 0, stdout: `wrote ${release}.md\n` });
    commands = commandsIn(await readFile(at(`${release}.md`), "utf8"));
  });

  it("has the tools that can read this evidence, and the same page each time", async () => {
    expect([...commands.keys()]).toEqual(tools);
    const ended = await run("verify-guide", release, ...trust);
    const page = await readFile(at(`${release}.md`), "utf8");
    expect(ended.stdout).toBe(page);
    const document = JSON.parse((await run("verify-guide", release, ...trust, "--json")).stdout);
    expect(publishedSchemaOf(document)).toBe("verify-guide-v1");
    expect(document).toMatchObject({ page, written: null });
    const output = ["-o", `${release}.json.md`, "--json"];
    const written = JSON.parse((await run("verify-guide", release, ...trust, ...output)).stdout);
    expect(publishedSchemaOf(written)).toBe("verify-guide-v1");
    expect(written).toMatchObject({ page: null, written: `${release}.json.md` });
  });

  it.each(tools.map((tool) => [tool] as const))(
    "%s: each command holds, and fails once a file is changed",
    async (tool) => {
      if (["cosign", "gh"].includes(tool) && !PEERS.includes(tool)) return;
      const lines = commands.get(tool) ?? [];
      expect(lines.length).toBeGreaterThan(0);
      for (const command of lines) {
        const ended = await shell(command);
        expect(ended.status, `${command}\n${ended.stdout}${ended.stderr}`).toBe(0);
      }
      await cp(at(release), at("kept"), { recursive: true });
      for (const name of Object.keys(FILES)) await writeFile(at(release, name), "changed\n");
      for (const command of lines) expect((await shell(command)).status, command).not.toBe(0);
      await rm(at(release), { recursive: true });
      await cp(at("kept"), at(release), { recursive: true });
      await rm(at("kept"), { recursive: true });
    },
  );
});

describe("verify-guide", () => {
  it("writes examples/verify-guide/VERIFY.md, whose lines hold where its release lies", async () => {
    const vector = fileURLToPath(new URL("../packages/vectors/cases/release-list", import.meta.url));
    await cp(vector, at("example"), { recursive: true });
    const example = await readFile(new URL("../examples/verify-guide/VERIFY.md", import.meta.url), "utf8");
    const ended = await touchmark(["verify-guide", "release", "--key", "key.pub"], { cwd: at("example") });
    expect(ended).toMatchObject({ status: 0, stdout: example });
    for (const [tool, lines] of commandsIn(example)) {
      if (tool === "cosign" && !PEERS.includes(tool)) continue;
      for (const command of lines) expect(await shell(command, at("example")), command).toMatchObject({ status: 0 });
    }
  });

  it("names who signed, whatever pattern was given", async () => {
    const pattern = ["--signer-identity-pattern", String.raw`https://github\.com/octo/widgets/.*`];
    const { stdout } = await run("verify-guide", "workflow", ...pattern, ...roots);
    expect(stdout).toContain(`--signer-identity ${WORKFLOW}`);
    expect(stdout).not.toContain("octo/widgets/.*");
  });

  it("names the version of a release that is listed", async () => {
    const { stdout } = await run("verify-guide", "keyed", "--key", "touchmark.pub");
    expect(stdout).toMatch(/^# How to verify pkg:generic\/tool 1\.2\.3$/m);
    expect(stdout).toContain("touchmark verify keyed --key touchmark.pub --release-version 1.2.3\n");
  });

  it("is not written for a release that does not hold", async () => {
    await write("alone");
    const ended = await run("verify-guide", "alone", "--key", "touchmark.pub", "-o", "alone.md");
    expect(ended).toMatchObject({ status: 1, stdout: expect.stringContaining("NOT_COVERED") });
    expect(await readdir(folder.path)).not.toContain("alone.md");
  });

  it("is not written where something of a listed release is missing, and replaces no file", async () => {
    await cp(at("keyed"), at("less"), { recursive: true });
    await rm(at("less", "it's.txt"));
    const missing = await run("verify-guide", "less", "--key", "touchmark.pub", "-o", "less.md");
    expect(missing).toMatchObject({ status: 1, stdout: expect.stringContaining("RELEASE_INCOMPLETE") });
    const there = await run("verify-guide", "keyed", "--key", "touchmark.pub", "-o", "touchmark.pub");
    expect(there).toMatchObject({ status: 2, stderr: expect.stringContaining("OUTPUT_CONFLICT") });
  });

  it("takes no path that readers do not have", async () => {
    const ended = await run("verify-guide", at("keyed"), "--key", "touchmark.pub");
    expect(ended).toMatchObject({ status: 2, stderr: expect.stringContaining("USAGE") });
  });
});
