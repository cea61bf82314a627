import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { access, chmod, mkdir, readFile, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { publishedSchemaOf } from "./published-schema.ts";
import { CLI, newFolder, runProgram, touchmark } from "./touchmark-process.ts";

let folder: Awaited<ReturnType<typeof newFolder>>;
const at = (...parts: string[]) => join(folder.path, ...parts);
const run = (...args: string[]) => touchmark(args, { cwd: folder.path });
const SIGN = ["attest", "--from", "files:rel/*", "--key", "touchmark.key", "--name", "r"];
const VERIFY = ["verify", "rel", "--key", "touchmark.pub", "--bundle", "touchmark-out/r.sigstore.json"];

beforeAll(async () => {
  folder = await newFolder();
  await mkdir(at("rel"));
  await writeFile(at("rel", "tool"), "tool");
  await writeFile(at("rel", "lib"), "lib");
  await writeFile(at("package.json"), '{"name":"@o/greet","version":"1.0.0"}');
  expect(await run("keys", "generate")).toMatchObject({ status: 0 });
  expect(await run(...SIGN)).toMatchObject({ status: 0 });
  expect(await run("collect", "--from", "files:rel/*", "-o", "s.json")).toMatchObject({ status: 0 });
});

afterAll(() => folder.remove());

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

/** A program that this machine may lack. */
function installed(program: string): boolean {
  try {
    execFileSync(program, [program === "openssl" ? "version" : "--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Every command in a form that succeeds; those that write do so into places of their own. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  init: ["init", "--force"],
  check: ["check"],
  collect: ["collect", "--from", "files:rel/*", "-o", "c.json"],
  "attest --dry-run": ["attest", "--from", "files:rel/*", "--dry-run"],
  attest: [...SIGN, "--out", "json-out"],
  publish: ["publish", "touchmark-out/r.sigstore.json", "--out", "published", "--name", "r"],
  verify: VERIFY,
  inspect: ["inspect", "touchmark-out/r.intoto.jsonl", "s.json"],
  "keys generate": ["keys", "generate", "--out", "more-keys"],
  "keys public": ["keys", "public", "touchmark.key"],
  "roots show": ["roots", "show"],
  combine: ["combine", "s.json", "s.json", "-o", "combined.json"],
  convert: ["convert", "touchmark-out/r.intoto.jsonl", "--to", "dsse"],
  explain: ["explain", "PART_MISSING"],
  "explain (all)": ["explain"],
  doctor: ["doctor"],
  completion: ["completion", "bash"],
};

describe.each(Object.entries(COMMANDS))("%s", (name, args) => {
  it("--json prints one document to stdout and nothing else", async () => {
    const out = name === "keys generate" ? ["keys", "generate", "--out", "json-keys"] : args;
    const { status, stdout, stderr } = await run(...out, "--json");
    expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
    expect(JSON.parse(stdout)).toBeTypeOf("object");
    expect(stdout.endsWith("\n")).toBe(true);
  });

  it("--quiet says nothing on stderr, and the same result on stdout", async () => {
    const out = name === "keys generate" ? ["keys", "generate", "--out", "quiet-keys"] : args;
    const { status, stdout, stderr } = await run(...out, "--quiet");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).not.toBe("");
  });

  it("--verbose adds to stderr only", async () => {
    const out = name === "keys generate" ? ["keys", "generate", "--out", "verbose-keys"] : args;
    const { status, stdout, stderr } = await run(...out, "--verbose", "--json");
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toBeTypeOf("object");
    expect(stderr).not.toMatch(/PRIVATE KEY/);
    if (["attest", "collect", "verify"].includes(name)) expect(stderr).toMatch(/^(configuration|target): /m);
  });

  it("shows its help", async () => {
    const words = ["keys", "roots"].includes(args[0] ?? "") ? args.slice(0, 2) : args.slice(0, 1);
    const { status, stdout, stderr } = await run(...words, "--help");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    for (const flag of ["--json", "--quiet", "--verbose", "--help"]) expect(stdout).toContain(flag);
  });

  it("refuses a flag that it does not have, in JSON too", async () => {
    const words = ["keys", "roots"].includes(args[0] ?? "") ? args.slice(0, 2) : args.slice(0, 1);
    const { status, stdout } = await run(...words, "--no-such-flag", "--json");
    expect(status).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: "USAGE", actual: null } });
  });
});

it("an error in JSON is one document, and stderr says the same to a person", async () => {
  const { status, stdout, stderr } = await run("attest", "--from", "files:gone", "--dry-run", "--json");
  expect(status).toBe(2);
  expect(JSON.parse(stdout)).toEqual({
    error: {
      code: "PATTERN_UNMATCHED",
      message: expect.any(String),
      expected: expect.toSatisfy((value: unknown) => value === null || typeof value === "string"),
      actual: expect.toSatisfy((value: unknown) => value === null || typeof value === "string"),
    },
  });
  expect(stderr).toContain("E PATTERN_UNMATCHED");
});

describe("completion", () => {
  const source = async (shell: string, check: string) => {
    const { stdout } = await run("completion", shell);
    await writeFile(at(`completion.${shell}`), stdout);
    return runProgram(shell, ["-c", check], { cwd: folder.path });
  };

  it.skipIf(!installed("bash"))("bash offers commands and their flags", async () => {
    const { status, stdout, stderr } = await source(
      "bash",
      `source completion.bash; complete -p touchmark
COMP_WORDS=(touchmark ver); COMP_CWORD=1; _touchmark; echo "\${COMPREPLY[@]}"
COMP_WORDS=(touchmark attest --pass); COMP_CWORD=2; _touchmark; echo "\${COMPREPLY[@]}"
COMP_WORDS=(touchmark keys g); COMP_CWORD=2; _touchmark; echo "\${COMPREPLY[@]}"`,
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const [complete, ...offered] = stdout.trimEnd().split("\n");
    expect(complete).toContain("touchmark");
    expect(offered).toEqual(["verify verify-guide", "--passphrase-file --passphrase-env", "generate"]);
  });

  it.skipIf(!installed("zsh"))("zsh reads it", async () => {
    const ended = await source("zsh", "autoload -U compinit; compinit -D; source completion.zsh; whence -w _touchmark");
    expect(ended).toMatchObject({ status: 0, stdout: expect.stringContaining("function") });
  });

  it.skipIf(!installed("fish"))("fish offers commands", async () => {
    const ended = await source("fish", "source completion.fish; complete -C 'touchmark ver'");
    expect(ended).toMatchObject({ status: 0, stdout: expect.stringContaining("verify") });
  });

  it("refuses another shell", async () => {
    expect(await run("completion", "tcsh")).toMatchObject({ status: 2, stderr: expect.stringContaining("bash, fish") });
  });
});

describe("documents are as their published schemas say", () => {
  it.each([
    ["attest --dry-run", "attest-v1"],
    ["attest", "attest-v1"],
    ["verify", "verify-v1"],
    ["inspect", "inspect-v1"],
    ["roots show", "roots-v1"],
    ["convert", "convert-v1"],
  ])("%s: %s", async (name, schema) => {
    const { stdout } = await run(...(COMMANDS[name] ?? []), "--json");
    expect(publishedSchemaOf(JSON.parse(stdout))).toBe(schema);
  });
});

describe("inspect", () => {
  it("shows the tree, and says that nothing is verified", async () => {
    const { stdout } = await run("inspect", "touchmark-out/r.sigstore.json");
    expect(stdout).toMatch(/nothing here is verified/);
    expect(stdout).toMatch(/builder +https:\/\/touchmark\.dev\/builders\/local/);
    expect(stdout).toMatch(/subjects +2\n +lib +sha256:[0-9a-f]{64}\n +tool +sha256:[0-9a-f]{64}/);
  });

  it("--payload gives the bytes that were signed", async () => {
    const bundle = JSON.parse(await readFile(at("touchmark-out", "r.sigstore.json"), "utf8"));
    const { stdout } = await run("inspect", "--payload", "touchmark-out/r.sigstore.json");
    expect(Buffer.from(stdout)).toEqual(Buffer.from(bundle.dsseEnvelope.payload, "base64"));
    const both = await run("inspect", "--payload", "touchmark-out/r.sigstore.json", "touchmark-out/r.intoto.jsonl");
    expect(both).toMatchObject({ status: 2, stdout: "", stderr: expect.stringContaining("E USAGE") });
  });

  it("says what is broken", async () => {
    await writeFile(at("broken.jsonl"), '{"mediaType":');
    expect(await run("inspect", "broken.jsonl")).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^E BUNDLE_MALFORMED {2}broken\.jsonl: /),
    });
    expect(await run("inspect", "gone")).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^E INPUT_MISSING/),
    });
  });
});

describe("publish", () => {
  it("puts the same bundle elsewhere, signs nothing, and can run again", async () => {
    const again = ["publish", "touchmark-out/r.intoto.jsonl", "--out", "copy", "--name", "r"];
    expect(await run(...again)).toMatchObject({ status: 0, stdout: expect.stringContaining("nothing was signed") });
    expect(await readFile(at("copy", "r.sigstore.json"))).toEqual(
      await readFile(at("touchmark-out", "r.sigstore.json")),
    );
    const { stdout } = await run(...again, "--json");
    expect(JSON.parse(stdout).receipts).toMatchObject([{ existed: true }, { existed: true }]);
  });

  it("refuses what is no bundle", async () => {
    expect(await run("publish", "s.json", "--out", "never")).toMatchObject({ status: 2 });
    expect(await exists(at("never"))).toBe(false);
  });
});

describe("attest", () => {
  it("splits a statement, and verifies all of its parts again", async () => {
    expect(await run(...SIGN, "--max-subjects", "1", "--out", "split")).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("2 subjects in 2 statements"),
    });
    const complete = ["verify", "rel", "--key", "touchmark.pub", "--complete"];
    expect(await run(...complete, "--bundle", "split/r.intoto.jsonl")).toMatchObject({ status: 0 });
    expect(
      await run(...complete, "--bundle", "split/r-1.sigstore.json", "--bundle", "split/r-2.sigstore.json"),
    ).toMatchObject({ status: 0 });
    expect(await run(...complete, "--bundle", "split/r-1.sigstore.json")).toMatchObject({ status: 1 });
    for (const wrong of ["0", "x", "1000000", "1.5"]) {
      expect(await run(...SIGN, "--max-subjects", wrong)).toMatchObject({ status: 2 });
    }
  });

  it("takes several subjects files and sources at once", async () => {
    await mkdir(at("more"), { recursive: true });
    await writeFile(at("more", "man.1"), "man");
    const ended = await run(...SIGN, "--from", "files:more/*", "--subjects", "s.json", "--out", "both", "--json");
    expect(JSON.parse(ended.stdout)).toMatchObject({ subjects: 3 });
  });

  it("--expect is compared with something, or refused", async () => {
    expect(await run(...SIGN, "--expect", "3")).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^E ARTIFACT_MISSING/),
    });
    expect(await run("attest", "--subjects", "s.json", "--expect", "2", "--dry-run")).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^E USAGE/),
    });
    const declared = Buffer.from(`${createHash("sha256").update("x").digest("hex")}  x\n`).toString("base64");
    await writeFile(at("declared"), declared);
    const from = ["attest", "--from", "base64-subjects:declared", "--dry-run"];
    expect(await run(...from, "--expect", "2")).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^E ARTIFACT_/),
    });
    expect(await run(...from, "--expect", "x")).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("1 only declared"),
    });
  });

  it("a passphrase from the environment is used and never shown", async () => {
    const env = { PW: "correct horse battery" };
    const made = await touchmark(["keys", "generate", "--out", "locked", "--passphrase-env", "PW"], {
      cwd: folder.path,
      env,
    });
    expect(made).toMatchObject({ status: 0, stdout: expect.stringContaining("encrypted") });
    expect(await readFile(at("locked", "touchmark.key"), "utf8")).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY-----/);
    const sign = [
      "attest",
      "--from",
      "files:rel/*",
      "--key",
      "locked/touchmark.key",
      "--out",
      "locked-out",
      "--verbose",
    ];
    const signed = await touchmark([...sign, "--passphrase-env", "PW"], { cwd: folder.path, env });
    expect(signed.status).toBe(0);
    expect(signed.stdout + signed.stderr).not.toContain("battery");
    expect(await run(...sign, "--passphrase-env", "PW")).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^E PASSPHRASE_MISSING/m),
    });
  });

  it.skipIf(!installed("python3"))("asks a person for the passphrase; Ctrl-C at the prompt signs nothing", async () => {
    await writeFile(at("pass"), "correct horse\n");
    await run("keys", "generate", "--out", "asked", "--passphrase-file", "pass");
    await writeFile(at("terminal.py"), TERMINAL);
    const ask = (answer: string, out: string) =>
      runProgram(
        "python3",
        [
          "terminal.py",
          "Passphrase",
          answer,
          process.execPath,
          CLI,
          "attest",
          "--from",
          "files:rel/*",
          "--key",
          "asked/touchmark.key",
          "--out",
          out,
        ],
        { cwd: folder.path, env: { TERM: "xterm" } },
      );
    const answered = await ask("correct horse\r", "asked-out");
    expect(answered).toMatchObject({ status: 0, stdout: expect.stringContaining("SIGNED") });
    expect(answered.stdout).not.toContain("horse");
    expect(await ask("wrong\r", "asked-never")).toMatchObject({
      status: 2,
      stdout: expect.stringContaining("E PASSPHRASE_WRONG"),
    });
    expect(await ask("\u0003", "asked-never")).toMatchObject({
      status: 3,
      stdout: expect.stringContaining("E ABORTED"),
    });
    expect(await exists(at("asked-never"))).toBe(false);
  });

  it.skipIf(!installed("python3"))("shows a bar on a terminal, and Ctrl-C leaves nothing", async () => {
    await writeFile(at("sparse"), "");
    await truncate(at("sparse"), 32 * 1024 ** 3);
    await writeFile(at("terminal.py"), TERMINAL);
    const ended = await runProgram(
      "python3",
      [
        "terminal.py",
        "hashing",
        "\u0003",
        process.execPath,
        CLI,
        "collect",
        "--from",
        "files:sparse",
        "-o",
        "sparse.json",
      ],
      { cwd: folder.path, env: { TERM: "xterm" } },
    );
    expect(ended).toMatchObject({ status: 3, stdout: expect.stringContaining("E ABORTED") });
    expect(ended.stdout).toMatch(/hashing {2}\[[#-]+\] {2}[\d.]+ \S+ of 32\.0 GiB/);
    expect(await exists(at("sparse.json"))).toBe(false);
  });

  it.skipIf(!installed("openssl"))("signs with a command, which gets the credentials of its user", async () => {
    const script = `#!/bin/sh
[ "$KMS_TOKEN" = "let me in" ] || { echo "no credentials" >&2; exit 4; }
cat > "$1/digest"
exec openssl pkeyutl -sign -inkey touchmark.key -in "$1/digest"
`;
    await mkdir(at("a folder"), { recursive: true });
    await writeFile(at("sign.sh"), script);
    await chmod(at("sign.sh"), 0o755);
    const sign = [
      "attest",
      "--from",
      "files:rel/*",
      "--key",
      "touchmark.pub",
      "--name",
      "r",
      "--signer-exec",
      "./sign.sh 'a folder'",
    ];
    const env = { KMS_TOKEN: "let me in" };
    expect(await touchmark([...sign, "--out", "exec"], { cwd: folder.path, env })).toMatchObject({ status: 0 });
    expect((await stat(at("a folder", "digest"))).size).toBe(32);
    expect(await run("verify", "rel", "--key", "touchmark.pub", "--bundle", "exec/r.sigstore.json")).toMatchObject({
      status: 0,
    });
    expect(await run(...sign, "--out", "exec-never")).toMatchObject({
      status: 3,
      stderr: expect.stringMatching(/^E SIGNER_FAILED/),
    });
    expect(await exists(at("exec-never"))).toBe(false);
  });
});

it("an interruption at any moment ends with a word about it, never in silence", async () => {
  await writeFile(at("endless"), "");
  await truncate(at("endless"), 64 * 1024 ** 3);
  for (let delay = 200; delay <= 800; delay += 50) {
    const ended = await touchmark(["collect", "--from", "files:endless", "-o", "endless.json"], {
      cwd: folder.path,
      started: (kill) => setTimeout(() => kill("SIGINT"), delay),
    });
    // Before the program listens, the system ends it.
    if (ended.status === null) continue;
    expect({ delay, status: ended.status, stderr: ended.stderr.slice(0, 9) }).toEqual({
      delay,
      status: 3,
      stderr: "E ABORTED",
    });
  }
  expect(await exists(at("endless.json"))).toBe(false);
});

describe("keys", () => {
  it("the private half is for its owner only; the public half is the one that was written", async () => {
    expect((await stat(at("touchmark.key"))).mode & 0o777).toBe(0o600);
    expect((await run("keys", "public", "touchmark.key")).stdout).toBe(await readFile(at("touchmark.pub"), "utf8"));
    expect(await run("keys", "public", "touchmark.pub")).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^E KEY_IS_PUBLIC/),
    });
    expect(await run("keys", "generate", "--algorithm", "rsa")).toMatchObject({ status: 2 });
  });
});

describe("doctor", () => {
  it("says what is wrong with the configuration and the key, and ends with 2", async () => {
    await mkdir(at("ill"));
    await writeFile(
      at("ill", "touchmark.yaml"),
      "version: 1\nartifacts: {a: {use: files, include: [x]}}\nsign: {key: gone.key}\n",
    );
    const ended = await touchmark(["doctor"], { cwd: at("ill") });
    expect(ended).toMatchObject({ status: 2, stdout: expect.stringMatching(/bad +key +gone\.key cannot be read/) });
    await writeFile(at("ill", "touchmark.yaml"), "version: 3\n");
    expect((await touchmark(["doctor"], { cwd: at("ill") })).stdout).toMatch(/bad +configuration +CONFIG_INVALID/);
  });
});

describe.skipIf(!installed("git"))("in a git repository", () => {
  const git = (cwd: string, ...args: string[]) =>
    execFileSync("git", ["-c", "user.name=N", "-c", "user.email=n@example.com", ...args], { cwd, stdio: "ignore" });

  it("states the commit and what is dirty, never a password, and runs nothing that the repository names", async () => {
    const repo = at("repo");
    await mkdir(repo);
    await writeFile(join(repo, "file"), "one");
    git(repo, "init", "-q");
    git(repo, "add", "file");
    git(repo, "commit", "-qm", "one");
    git(repo, "tag", "v1.2.3");
    git(repo, "remote", "add", "origin", "https://robot:t0ken@github.com/o/r.git");
    const evil = join(repo, "evil.sh");
    await writeFile(evil, `#!/bin/sh\ntouch ${JSON.stringify(join(repo, "owned"))}\n`);
    await chmod(evil, 0o755);
    for (const key of [
      "core.fsmonitor",
      "core.sshCommand",
      "diff.external",
      "filter.x.clean",
      "filter.x.process",
      "core.pager",
    ]) {
      git(repo, "config", key, evil);
    }
    git(repo, "config", "core.hooksPath", repo);
    await writeFile(join(repo, "post-index-change"), await readFile(evil), { mode: 0o755 });
    await writeFile(join(repo, ".gitattributes"), "file filter=x\n");
    await writeFile(join(repo, "file"), "changed");
    const key = at("touchmark.key");
    const signed = await touchmark(["attest", "--from", "files:file", "--key", key, "--name", "r", "--verbose"], {
      cwd: repo,
    });
    expect(signed).toMatchObject({ status: 0, stderr: expect.stringContaining("not committed") });
    expect((await touchmark(["doctor"], { cwd: repo })).status).toBe(0);
    expect((await touchmark(["collect", "--from", "files:file", "-o", "s.json"], { cwd: repo })).status).toBe(0);
    const payload = (await touchmark(["inspect", "--payload", "touchmark-out/r.sigstore.json"], { cwd: repo })).stdout;
    const subjects = await readFile(join(repo, "s.json"), "utf8");
    for (const text of [payload, subjects, signed.stdout, signed.stderr]) expect(text).not.toMatch(/t0ken|robot/);
    const { buildDefinition } = JSON.parse(payload).predicate;
    expect(buildDefinition.resolvedDependencies[0]).toMatchObject({
      uri: "git+https://github.com/o/r@refs/tags/v1.2.3",
      annotations: { "https://touchmark.dev/dirty": true },
    });
    expect(JSON.parse(subjects).parts[0].checkouts).toEqual([
      { repository: "https://github.com/o/r", commit: expect.stringMatching(/^[0-9a-f]{40}$/), dirty: true },
    ]);
    expect(await exists(join(repo, "owned"))).toBe(false);
  });
});

/** Runs a program on a terminal of its own, types the second argument once the first was shown, prints what it saw. */
const TERMINAL = `
import fcntl, os, pty, select, struct, sys, termios, time
shown, answer, program = sys.argv[1].encode(), sys.argv[2].encode(), sys.argv[3:]
child, terminal = pty.fork()
if child == 0:
    time.sleep(0.2)
    os.execvp(program[0], program)
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
seen, typed, began = b"", False, time.time()
while time.time() - began < 60:
    if not select.select([terminal], [], [], 0.2)[0]:
        continue
    try:
        read = os.read(terminal, 65536)
    except OSError:
        break
    if not read:
        break
    seen += read
    if not typed and shown in seen:
        typed = True
        time.sleep(0.5)
        os.write(terminal, answer)
else:
    os.kill(child, 9)
sys.stdout.buffer.write(seen)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
`;
