import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { TouchmarkError } from "@touchmark/core";
import type { Host } from "@touchmark/plugin";
import { withTestHost } from "@touchmark/testkit";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { readCheckout, readTaggedCheckout } from "./read-checkout.ts";

const hasGit = spawnSync("git", ["version"]).status === 0;
const root = mkdtempSync(join(tmpdir(), "touchmark-git-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Git as it is for somebody who has configured nothing. */
const env = {
  PATH: process.env["PATH"],
  HOME: root,
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CEILING_DIRECTORIES: tmpdir(),
};

describe.skipIf(!hasGit)("with git (skipped: git is not on PATH)", () => {
  let folder = "";
  let count = 0;
  beforeEach(() => {
    count += 1;
    folder = join(root, `repo-${count}`);
    mkdirSync(folder);
    git("init", "--quiet", "--initial-branch=main");
    identify();
    commit("a.txt", "one");
  });

  it("reads repository, commit and tag", async () => {
    git("remote", "add", "origin", "https://user:secret@github.com/octo/widgets.git");
    git("tag", "v1.2.3");
    expect(await read()).toEqual({
      repository: "https://github.com/octo/widgets",
      commit: head(),
      dirty: false,
      ref: "refs/tags/v1.2.3",
    });
  });

  it("gives a subjects file what it may hold, and no tag", async () => {
    git("tag", "v1.2.3");
    const checkout = await withTestHost(folder, (host) => readCheckout(host, "."), { env });
    expect(checkout).toEqual({ repository: null, commit: head(), dirty: false });
  });

  it("reads a folder of the workspace", async () => {
    const checkout = await withTestHost(root, (host) => readCheckout(host, `repo-${count}`), { env });
    expect(checkout?.commit).toBe(head());
  });

  it("finds the repository above the folder", async () => {
    mkdirSync(join(folder, "deep", "dist"), { recursive: true });
    expect(await read(join(folder, "deep", "dist"))).toMatchObject({ commit: head(), dirty: false });
  });

  it("reads a repository of SHA-256", async () => {
    folder = join(root, "sha256");
    mkdirSync(folder);
    git("init", "--quiet", "--object-format=sha256");
    identify();
    commit("a.txt", "one");
    const checkout = await read();
    expect(checkout?.commit).toMatch(/^[0-9a-f]{64}$/);
    expect(checkout?.commit).toBe(head());
  });

  it("reads a linked work tree", async () => {
    git("worktree", "add", "--quiet", "--detach", join(folder, "..", "linked"));
    expect(await read(join(folder, "..", "linked"))).toMatchObject({ commit: head() });
  });

  describe("remotes", () => {
    it.each<[string, string[][], string | null]>([
      ["none", [], null],
      [
        "another name, when it is the only one",
        [["upstream", "git@github.com:octo/a.git"]],
        "https://github.com/octo/a",
      ],
      [
        "origin of several",
        [
          ["a", "https://github.com/octo/a"],
          ["origin", "https://github.com/octo/b"],
        ],
        "https://github.com/octo/b",
      ],
      [
        "several without origin",
        [
          ["a", "https://github.com/octo/a"],
          ["b", "https://github.com/octo/b"],
        ],
        null,
      ],
      ["a local path", [["origin", "/home/ci/app.git"]], null],
    ])("%s", async (_name, remotes, expected) => {
      for (const [name = "", url = ""] of remotes) git("remote", "add", name, url);
      expect((await read())?.repository).toBe(expected);
    });
  });

  describe("tags", () => {
    it("annotated ones count as the commit that they name", async () => {
      git("tag", "-a", "-m", "release", "v2.0.0");
      expect((await read())?.ref).toBe("refs/tags/v2.0.0");
    });

    it("the full version of several", async () => {
      for (const name of ["v1", "v1.2.3", "latest"]) git("tag", name);
      expect((await read())?.ref).toBe("refs/tags/v1.2.3");
    });

    it("not the one of an earlier commit", async () => {
      git("tag", "v1.0.0");
      commit("a.txt", "two");
      expect((await read())?.ref).toBeNull();
    });
  });

  describe("dirty", () => {
    it.each<[string, () => void, boolean]>([
      ["a changed file", () => writeFileSync(join(folder, "a.txt"), "two"), true],
      ["a removed file", () => rmSync(join(folder, "a.txt")), true],
      ["a staged file", () => stage("b.txt", "new"), true],
      ["a file made executable", () => chmodSync(join(folder, "a.txt"), 0o755), true],
      ["an untracked file", () => writeFileSync(join(folder, "b.txt"), "new"), false],
      ["a file touched and not changed", () => utimesSync(join(folder, "a.txt"), 1, 1), false],
    ])("%s", async (_name, change, dirty) => {
      change();
      expect((await read())?.dirty).toBe(dirty);
    });

    it("a replaced commit does not hide changes", async () => {
      const first = head();
      commit("a.txt", "two");
      // `git replace` makes every git command show the first commit's files in place of the second's.
      git("replace", head(), first);
      expect((await read())?.dirty).toBe(false);
      writeFileSync(join(folder, "a.txt"), "one");
      expect((await read())?.dirty).toBe(true);
    });

    it("a submodule at another commit", async () => {
      addSubmodule();
      expect((await read())?.dirty).toBe(false);
      inFolder("sub", () => commit("b.txt", "two"));
      expect((await read())?.dirty).toBe(true);
    });
  });

  describe("null", () => {
    it("where there is no repository", async () => {
      const empty = mkdtempSync(join(root, "plain-"));
      expect(await read(empty)).toBeNull();
    });

    it("before the first commit", async () => {
      folder = mkdtempSync(join(root, "unborn-"));
      git("init", "--quiet");
      expect(await read()).toBeNull();
    });

    it("inside .git and in a bare repository", async () => {
      expect(await read(join(folder, ".git"))).toBeNull();
      git("clone", "--quiet", "--bare", folder, join(root, `bare-${count}`));
      expect(await read(join(root, `bare-${count}`))).toBeNull();
    });
  });

  describe("a repository's configuration runs nothing", () => {
    const planted = () => join(folder, "..", "planted");
    const script = () => join(folder, "..", "plant.sh");

    beforeEach(() => {
      rmSync(planted(), { force: true });
      writeFileSync(script(), `#!/bin/sh\ntouch '${planted()}'\ncat\n`, { mode: 0o755 });
    });

    /** What a hostile archive would bring; `control` is the plain git command that falls for it. */
    const traps: Record<string, { plant: () => void; control: string[] }> = {
      "core.fsmonitor": {
        plant: () => git("config", "core.fsmonitor", script()),
        control: ["status", "--porcelain"],
      },
      "a clean filter": {
        plant: () => filter("evil", "clean"),
        control: ["status", "--porcelain"],
      },
      "a clean filter with an equals sign in its name": {
        plant: () => filter("ev=il", "clean"),
        control: ["status", "--porcelain"],
      },
      "a required clean filter in an included file": {
        plant: () => {
          filter("evil", "clean");
          git("config", "filter.evil.required", "true");
          const config = spawnSync("git", ["config", "--get", "filter.evil.clean"], { cwd: folder, env }).stdout;
          git("config", "--unset", "filter.evil.clean");
          writeFileSync(join(folder, ".git", "more"), `[filter "evil"]\n\tclean = "${config.toString().trim()}"\n`);
          git("config", "include.path", "more");
        },
        control: ["status", "--porcelain"],
      },
      "a process filter": {
        plant: () => filter("evil", "process"),
        control: ["status", "--porcelain"],
      },
      "a clean filter of a submodule": {
        plant: () => {
          addSubmodule();
          const config = join(folder, ".git", "modules", "sub", "config");
          appendFileSync(config, `[filter "evil"]\n\tclean = ${script()}\n`);
          writeFileSync(join(folder, "sub", ".gitattributes"), "* filter=evil\n");
          utimesSync(join(folder, "sub", "b.txt"), 1, 1);
        },
        control: ["status", "--porcelain"],
      },
      "a hook": {
        plant: () => {
          mkdirSync(join(folder, ".git", "hooks"), { recursive: true });
          writeFileSync(join(folder, ".git", "hooks", "post-index-change"), `#!/bin/sh\n${script()} </dev/null\n`, {
            mode: 0o755,
          });
          utimesSync(join(folder, "a.txt"), 1, 1);
        },
        control: ["status", "--porcelain"],
      },
      "a transport for a missing object": {
        plant: () => {
          // A transport that would wait for an answer of ours, which waits for its own, ends instead.
          writeFileSync(script(), `#!/bin/sh\ntouch '${planted()}'\n`);
          const tree = spawnSync("git", ["rev-parse", "HEAD^{tree}"], { cwd: folder, env }).stdout.toString().trim();
          rmSync(join(folder, ".git", "objects", tree.slice(0, 2), tree.slice(2)), { force: true });
          git("config", "core.repositoryFormatVersion", "1");
          git("config", "extensions.partialClone", "origin");
          git("config", "remote.origin.promisor", "true");
          git("config", "remote.origin.url", `ext::${script()}`);
          git("config", "protocol.ext.allow", "always");
          rmSync(join(folder, ".git", "index"));
        },
        control: ["status", "--porcelain"],
      },
    };

    it.each(Object.entries(traps))("%s", async (name, { plant, control }) => {
      plant();
      await read().catch((error: unknown) => {
        // Without the tree there is no answer; all that matters then is that nothing was run to get it.
        expect([name, error]).toMatchObject(["a transport for a missing object", { code: "RUN_FAILED" }]);
      });
      expect(existsSync(planted())).toBe(false);
      spawnSync("git", control, { cwd: folder, env, timeout: 10_000 });
      expect(existsSync(planted())).toBe(true); // else the trap is none, and the test above proves nothing
    });

    it("a filter of the user's own configuration is theirs to run", async () => {
      writeFileSync(join(root, ".gitconfig"), `[filter "mine"]\n\tclean = ${script()}\n`);
      writeFileSync(join(folder, ".gitattributes"), "* filter=mine\n");
      utimesSync(join(folder, "a.txt"), 1, 1);
      await read();
      rmSync(join(root, ".gitconfig"));
      expect(existsSync(planted())).toBe(true);
    });

    function filter(name: string, kind: "clean" | "process"): void {
      writeFileSync(join(folder, ".gitattributes"), `* filter=${name}\n`);
      appendFileSync(join(folder, ".git", "config"), `[filter "${name}"]\n\t${kind} = ${script()}\n`);
      utimesSync(join(folder, "a.txt"), 1, 1);
    }
  });

  it("writes nothing: the index stays as it was", async () => {
    utimesSync(join(folder, "a.txt"), 1, 1);
    const before = readFileSync(join(folder, ".git", "index"));
    await read();
    expect(readFileSync(join(folder, ".git", "index")).equals(before)).toBe(true);
  });

  it("does not take a broken repository for none", async () => {
    writeFileSync(join(folder, ".git", "config"), "[core\n");
    await expect(read()).rejects.toMatchObject({ code: "RUN_FAILED" });
  });

  function read(where = folder) {
    return withTestHost(where, (host) => readTaggedCheckout(host, "."), { env });
  }

  function git(...args: string[]): string {
    const done = spawnSync("git", args, { cwd: folder, env, encoding: "utf8" });
    if (done.status !== 0) throw new Error(`git ${args.join(" ")}: ${done.stderr}`);
    return done.stdout;
  }

  /** A repository inside of the repository, committed. */
  function addSubmodule(): void {
    const inner = join(root, `inner-${count}`);
    mkdirSync(inner);
    inFolder(inner, () => {
      git("init", "--quiet");
      identify();
      commit("b.txt", "one");
    });
    git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner, "sub");
    git("commit", "--quiet", "-m", "add a submodule");
    inFolder("sub", identify);
  }

  function inFolder(path: string, work: () => void): void {
    const outer = folder;
    folder = resolve(outer, path);
    work();
    folder = outer;
  }

  function identify(): void {
    git("config", "user.email", "nobody@example.com");
    git("config", "user.name", "nobody");
  }

  function head(): string {
    return git("rev-parse", "HEAD").trim();
  }

  function stage(name: string, content: string): void {
    writeFileSync(join(folder, name), content);
    git("add", name);
  }

  function commit(name: string, content: string): void {
    stage(name, content);
    git("commit", "--quiet", "-m", `${name}: ${content}`);
  }
});

describe("git that is missing, old or refuses", () => {
  /** Answers each git command by its first word that matches; an Error is thrown. */
  const scripted = (answers: Readonly<Record<string, string | TouchmarkError>>): Host =>
    ({
      async run(_command: string, args: readonly string[]) {
        const answer = Object.entries(answers).find(([word]) => args.includes(word))?.[1];
        if (answer instanceof TouchmarkError) throw answer;
        return { stdout: new TextEncoder().encode(answer ?? ""), stderr: new Uint8Array() };
      },
    }) as unknown as Host;
  const failed = (actual: string) => new TouchmarkError("RUN_FAILED", "git failed", { actual });

  const ours = "command\0core.fsmonitor\nfalse\0command\0core.hookspath\n/dev/null\0";
  const commit = "ab".repeat(20);
  const status = `# branch.oid ${commit}\n`;
  const unknown = failed("exit code 129: error: unknown option `show-scope'");

  it.each([
    ["missing", { version: failed("not found"), config: failed("not found") }],
    ["too old to say where a setting stands", { version: "git version 2.25.1\n", config: unknown }],
    ["too old to heed our settings", { version: "git version 2.30.9\n", config: "", status }],
    ["one that heeds only some", { config: ours.replace("hookspath", "other"), status }],
    ["one that takes the value of somebody else", { config: ours.replace("false", "true"), status }],
    ["one whose repository says the same", { config: ours.replaceAll("command", "local"), status }],
    ["something else", { version: "hello\n", config: failed("what?") }],
  ])("%s: null", async (_name, answers) => {
    expect(await readCheckout(scripted(answers), ".")).toBeNull();
  });

  it("one that heeds them", async () => {
    const host = scripted({ config: ours, status });
    expect(await readTaggedCheckout(host, ".")).toEqual({ repository: null, commit, dirty: false, ref: null });
  });

  it.each(["git version 2.31.0\n", "git version 3.0.1\n", "git version 2.39.5 (Apple Git-154)\n"])(
    "%s: an error of the configuration is one",
    async (said) => {
      const host = scripted({ version: said, config: failed("fatal: bad config line 1 in file .git/config") });
      await expect(readCheckout(host, ".")).rejects.toMatchObject({ code: "RUN_FAILED" });
    },
  );

  it("a checkout of another user is an error that says what to do, and not where it is", async () => {
    const said = "fatal: detected dubious ownership in repository at '/home/ci/secret-project'";
    const error = await readCheckout(scripted({ config: ours, status: failed(said) }), ".")
      .then(() => null)
      .catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: "RUN_FAILED", expected: expect.stringContaining("safe.directory") });
    const { message, expected, actual } = error as TouchmarkError;
    expect([message, expected, actual].join()).not.toContain("secret-project");
  });

  it("an interruption stays one", async () => {
    const aborted = new TouchmarkError("ABORTED", "interrupted");
    for (const host of [scripted({ config: aborted, version: aborted }), scripted({ config: ours, status: aborted })]) {
      await expect(readCheckout(host, ".")).rejects.toMatchObject({ code: "ABORTED" });
    }
  });
});
