import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TouchmarkError } from "@touchmark/core";
import { afterEach, beforeEach, expect, it } from "vitest";
import { writeNewFiles } from "./write-new-files.ts";

let top: string;

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), "new-"));
});
afterEach(() => rmSync(top, { recursive: true }));

const pair = [
  { name: "key", bytes: new TextEncoder().encode("secret"), mode: 0o600 },
  { name: "pub", bytes: new TextEncoder().encode("public") },
];

const taken = (name: string): never => {
  throw new TouchmarkError("KEY_EXISTS", name);
};

it("writes into a new folder, the secret for its owner alone", async () => {
  const umask = process.umask(0);
  await writeNewFiles(join(top, "keys"), pair, taken).finally(() => process.umask(umask));
  expect(readFileSync(join(top, "keys", "key"), "utf8")).toBe("secret");
  expect(statSync(join(top, "keys", "key")).mode & 0o777).toBe(0o600);
  expect(statSync(join(top, "keys", "pub")).mode & 0o777).toBe(0o644);
});

it("never replaces either of them, and writes neither then", async () => {
  for (const name of ["key", "pub"]) {
    writeFileSync(join(top, name), "old");
    await expect(writeNewFiles(top, pair, taken)).rejects.toMatchObject({ code: "KEY_EXISTS", message: name });
    expect(readdirSync(top)).toEqual([name]);
    expect(readFileSync(join(top, name), "utf8")).toBe("old");
    rmSync(join(top, name));
  }
});

it("does not write through a link that leads nowhere", async () => {
  symlinkSync("elsewhere", join(top, "pub"));
  await expect(writeNewFiles(top, pair, taken)).rejects.toMatchObject({ code: "KEY_EXISTS" });
  expect(existsSync(join(top, "elsewhere"))).toBe(false);
});

it("takes the first back when the second is taken meanwhile", async () => {
  const written = writeNewFiles(top, pair, taken);
  mkdirSync(join(top, "pub"));
  await expect(written).rejects.toMatchObject({ code: "KEY_EXISTS", message: "pub" });
  expect(readdirSync(top)).toEqual(["pub"]);
  expect(lstatSync(join(top, "pub")).isDirectory()).toBe(true);
});

it("says so when the folder cannot be made", async () => {
  writeFileSync(join(top, "file"), "");
  await expect(writeNewFiles(join(top, "file", "keys"), pair, taken)).rejects.toMatchObject({
    code: "OUTPUT_UNWRITABLE",
  });
});
