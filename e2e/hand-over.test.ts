import { spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { race } from "../apps/cli/test/hand-over-race.ts";
import { newFolder, touchmark } from "./touchmark-process.ts";

const vectors = fileURLToPath(new URL("../packages/vectors/cases/", import.meta.url));
let folder: Awaited<ReturnType<typeof newFolder>>;
beforeEach(async () => {
  folder = await newFolder();
});
afterEach(() => folder.remove());

const TRIES = 10_000;

/** A process that swaps a file's content between what was signed and something else, until it is stopped. */
async function swapping(file: string, good: string): Promise<() => Promise<void>> {
  const script = fileURLToPath(new URL("swapping-process.mjs", import.meta.url));
  const child = spawn(process.execPath, [script, file, good, good.replaceAll(/./g, "!")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  return async () => {
    child.kill();
    await once(child, "exit");
  };
}

describe("verify --into, against a process that swaps files (A44)", () => {
  it(`hands over what was verified or nothing, in ${TRIES} tries`, { timeout: 600_000 }, async () => {
    await cp(join(vectors, "bundle"), folder.path, { recursive: true });
    // Apart from the release: the file that is about to be renamed would be one more artifact.
    await mkdir(join(folder.path, "swapped"));
    const file = join(folder.path, "swapped/tool");
    await cp(join(folder.path, "release/tool"), file);
    const good = await readFile(file, "utf8");
    const stop = await swapping(file, good);
    const { contents, ...counts } = await race(folder.path, "swapped/tool", good, TRIES).finally(stop);
    expect(contents).toEqual([good]);
    // It can win only where it swaps in the right moment: it did, often.
    for (const [what, times] of Object.entries(counts)) expect(times, what).toBeGreaterThan(TRIES / 1000);
  });
});

describe("verify … -- COMMAND", () => {
  beforeEach(() => cp(join(vectors, "complete"), folder.path, { recursive: true }));

  const run = (script: string, options: object = {}) =>
    touchmark(["verify", "release", "--key", "key.pub", "--", process.execPath, "-e", script, "--", "--key"], {
      cwd: folder.path,
      ...options,
    });

  it("gives the command its arguments, streams and variables, and its exit status to whoever asked", async () => {
    const script = `
      process.stdin.on("data", (data) => process.stdout.write(data));
      process.stdin.on("end", () => {
        process.stdout.write(JSON.stringify([process.argv.slice(1), process.env.SECRET, process.env.TOUCHMARK_VERIFIED_DIR !== undefined]));
        process.exitCode = 9;
      });`;
    const { status, stdout, stderr } = await run(script, { input: "in ", env: { SECRET: "s" } });
    expect({ status, stdout }).toEqual({ status: 9, stdout: 'in [["--key"],"s",true]' });
    expect(stderr).toContain("VERIFIED");
  });

  it("passes signals on, and removes the copies when the command has ended", async () => {
    const script = `
      process.on("SIGTERM", () => process.exit(42));
      process.stderr.write("at " + process.env.TOUCHMARK_VERIFIED_DIR + "\\n");
      setInterval(() => undefined, 1000);`; // no braces alone: the path stands for them
    let kill: (signal: NodeJS.Signals) => void = () => {};
    const said = (stderr: string) => {
      if (/^at .*\n/m.test(stderr)) kill("SIGTERM");
    };
    const started = (send: typeof kill) => {
      kill = send;
    };
    const { status, stderr } = await run(script, { said, started });
    expect(status).toBe(42);
    const [, copies = ""] = /^at (.+)$/m.exec(stderr) ?? [];
    await expect(readdir(copies)).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("does not start it where something does not hold", async () => {
    const stranger = generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "pem" });
    await writeFile(join(folder.path, "key.pub"), stranger);
    const { status, stdout, stderr } = await run('process.stdout.write("ran")');
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain("FAILED");
  });
});
