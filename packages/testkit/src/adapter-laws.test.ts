import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const VITEST = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
const PROJECT = fileURLToPath(new URL("../fixtures/broken-adapter/", import.meta.url));

test("a broken law fails the author's own test run, and says what to do", { timeout: 60_000 }, async () => {
  const run = promisify(execFile)(process.execPath, [VITEST, "run", "--config", join(PROJECT, "vitest.config.ts")], {
    cwd: PROJECT,
    env: { PATH: process.env["PATH"], NO_COLOR: "1" },
  });
  const { code, stdout, stderr } = await run.then(
    (ended) => ({ code: 0, ...ended }),
    (error) => error as { code: number; stdout: string; stderr: string },
  );
  expect(code).toBe(1);
  expect(stdout).toContain("1 failed | 7 passed | 1 skipped");
  expect(stdout + stderr).toContain("grabber keeps the laws > small > law 4: a removed artifact is noticed");
  expect(stdout + stderr).toContain(`LAW 4 a removed artifact is noticed
    did       removed bin/hello
    got       1 subject (other)
    expected  an error that names it (ARTIFACT_MISSING)
    why       a release that silently lost a file is what this project exists to prevent
    do        your tool writes no list of its outputs`);
});
