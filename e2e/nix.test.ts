import { spawnSync } from "node:child_process";
import { chmod, mkdir, readFile, realpath, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newFolder, runProgram, touchmark } from "./touchmark-process.ts";

const version = spawnSync("nix", ["--version"], { encoding: "utf8" }).stdout ?? null;

/** Built without a sandbox, with what every machine has: nothing is fetched. */
const EXPRESSION = `
let
  make = arguments: derivation ({ system = builtins.currentSystem; builder = "/bin/sh"; PATH = "/usr/bin:/bin"; } // arguments);
  source = builtins.path { path = ./source; name = "tool-source"; };
  words = make {
    name = "words.txt"; url = "https://example.com/words.txt";
    args = [ "-c" "echo hello > $out" ];
    outputHashMode = "flat"; outputHashAlgo = "sha256"; outputHash = builtins.hashString "sha256" "hello\\n";
  };
in rec {
  tool = make {
    name = "tool-1.0.0"; outputs = [ "out" "doc" ]; inherit source words;
    args = [ "-c" "mkdir -p $out/bin $doc; cp $source/tool.sh $out/bin/tool; chmod +x $out/bin/tool; ln -s tool $out/bin/alias; cp $words $doc/words" ];
  };
  list = make { name = "list.txt"; args = [ "-c" "echo list > $out" ]; };
}
`;

describe.skipIf(version === null)(`what ${version?.trim()} built`, () => {
  let folder: Awaited<ReturnType<typeof newFolder>>;
  let store: string;
  let env: Readonly<Record<string, string>>;
  const at = (...parts: string[]) => join(folder.path, ...parts);
  const run = (...args: string[]) => touchmark(args, { cwd: folder.path });

  async function nix(program: string, ...args: string[]): Promise<string> {
    const ended = await runProgram(program, args, { cwd: folder.path, env });
    expect({ args, status: ended.status, stderr: ended.status === 0 ? "" : ended.stderr }).toEqual({
      args,
      status: 0,
      stderr: "",
    });
    return ended.stdout;
  }

  const subjects = async (): Promise<readonly { name: string; digest: Readonly<Record<string, string>> }[]> =>
    JSON.parse(await readFile(at("tool.subjects.json"), "utf8")).subjects;

  beforeAll(async () => {
    folder = await newFolder();
    const root = await realpath(folder.path);
    store = join(root, "nix", "store");
    env = {
      NIX_STORE_DIR: store,
      NIX_STATE_DIR: join(root, "nix", "state"),
      NIX_LOG_DIR: join(root, "nix", "log"),
      NIX_CONF_DIR: join(root, "nix", "conf"),
      NIX_CONFIG: "sandbox = false\nbuild-users-group =\nsubstitute = false\nexperimental-features = nix-command",
    };
    await mkdir(at("source"));
    await writeFile(at("source", "tool.sh"), "#!/bin/sh\necho tool\n");
    await writeFile(at("default.nix"), EXPRESSION);
    await nix("nix-build", "-A", "tool.all", "-A", "list");
    await writeFile(at("build.json"), await nix("nix", "build", "--json", "--no-link", "-f", ".", "tool.all", "list"));
    await writeFile(at("info.json"), await nix("nix", "path-info", "--json", ...Object.values(await outputs())));
  });

  afterAll(async () => {
    await runProgram("chmod", ["-R", "u+w", folder.path], { cwd: folder.path });
    await folder.remove();
  });

  /** Where the result links lead, by their names. */
  async function outputs(): Promise<Readonly<Record<string, string>>> {
    const names = ["result", "result-doc", "result-2"];
    return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await realpath(at(name))] as const)));
  }

  it("has the hashes that Nix computes, whichever way it is named", async () => {
    const from = `nix:build.json,store=${store},pathInfo=info.json`;
    expect(await run("collect", "--from", from, "-o", "tool.subjects.json")).toMatchObject({ status: 0 });
    const found = await subjects();
    expect(found).toHaveLength(3);
    for (const path of Object.values(await outputs())) {
      const digest = found.find(({ name }) => path.endsWith(`/${name}`))?.digest;
      const nar = await nix("nix", "hash", "path", "--type", "sha256", "--base16", path);
      const flat = path.endsWith("-list.txt")
        ? await nix("nix", "hash", "file", "--type", "sha256", "--base16", path)
        : null;
      expect(digest).toMatchObject(flat === null ? { narSha256: nar.trim() } : { sha256: flat.trim() });
    }
    await writeFile(at("links.yaml"), JSON.stringify({ version: 1, artifacts: { all: { use: "nix", store } } }));
    const digests = Object.fromEntries(found.map(({ name, digest }) => [name, digest]));
    for (const [args, count] of [
      [["--config", "links.yaml"], 3],
      [["--from", `nix:result-doc,store=${store}`], 1],
      [["--from", `nix:${Object.values(await outputs())[2]},store=${store}`], 1],
    ] as const) {
      expect(await run("collect", ...args, "-o", "tool.subjects.json")).toMatchObject({ status: 0 });
      const named = await subjects();
      expect(named).toHaveLength(count);
      for (const { name, digest } of named) expect(digest).toEqual(digests[name]);
    }
  });

  it("is refused when a byte in the store was changed, which Nix's own database does not see", async () => {
    const { "result-doc": doc = "" } = await outputs();
    const file = join(doc, "words");
    await chmod(file, 0o644);
    await writeFile(file, "hellO\n");
    await chmod(file, 0o444);
    await writeFile(at("later.json"), await nix("nix", "path-info", "--json", doc));
    const changed = await run(
      "collect",
      "--from",
      `nix:result-doc,store=${store},pathInfo=later.json`,
      "-o",
      "no.json",
    );
    expect(changed).toMatchObject({ status: 2, stderr: expect.stringContaining("E DIGEST_MISMATCH") });
    await chmod(file, 0o644);
    await writeFile(file, "hello\n");
    await chmod(file, 0o444);
  });

  it("is refused when Nix does not know the path, with exit code 0", async () => {
    const path = `${store}/00000000000000000000000000000000-none`;
    await writeFile(at("none.json"), await nix("nix", "path-info", "--json", path));
    const refused = await run("collect", "--from", `nix:none.json,store=${store}`, "-o", "no.json");
    expect(refused).toMatchObject({ status: 2, stderr: expect.stringContaining("E STORE_PATH_INVALID") });
  });
});
