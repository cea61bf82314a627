import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { recordingTerminal } from "../test/recording-terminal.ts";
import { askPassphrase, readPassphrase } from "./passphrase.ts";

let cwd: string;
const context = () => ({
  terminal: recordingTerminal(),
  env: { PW: "from the environment", EMPTY: "" },
  cwd,
  signal: new AbortController().signal,
});

beforeAll(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), "touchmark-passphrase-"));
  await writeFile(path.join(cwd, "pass"), "first line\r\nsecond line\n");
  await writeFile(path.join(cwd, "empty"), "\nsecond line\n");
});

afterAll(() => rm(cwd, { recursive: true, force: true }));

it("is the first line of a file, or a variable, or not given", async () => {
  expect(await readPassphrase(context(), { passphraseFile: "pass" })).toBe("first line");
  expect(await readPassphrase(context(), { passphraseEnv: "PW" })).toBe("from the environment");
  expect(await readPassphrase(context(), {})).toBeNull();
});

it.each([
  [{ passphraseFile: "gone" }, "PASSPHRASE_MISSING"],
  [{ passphraseFile: "empty" }, "PASSPHRASE_MISSING"],
  [{ passphraseEnv: "GONE" }, "PASSPHRASE_MISSING"],
  [{ passphraseEnv: "EMPTY" }, "PASSPHRASE_MISSING"],
  [{ passphraseFile: "pass", passphraseEnv: "PW" }, "USAGE"],
])("%j is refused", async (options, code) => {
  await expect(readPassphrase(context(), options)).rejects.toMatchObject({ code });
});

it("is asked for only where a person sits", async () => {
  expect(await askPassphrase(context(), "Passphrase")).toBeNull();
});
