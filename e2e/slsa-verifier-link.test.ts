import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { CLI, newFolder, runProgram, touchmark } from "./touchmark-process.ts";

let folder: Awaited<ReturnType<typeof newFolder>>;

beforeAll(async () => {
  folder = await newFolder();
});
afterAll(() => folder.remove());

it.each(["slsa-verifier", "slsa-verifier.cjs", "slsa-verifier.mjs"])(
  "a link called %s stands in for it",
  async (name) => {
    const link = join(folder.path, name);
    await symlink(CLI, link);
    const asTool = await runProgram(process.execPath, [link, "version"], { cwd: folder.path });
    expect(asTool).toEqual(await touchmark(["slsa-verifier", "version"], { cwd: folder.path }));
    expect(asTool).toMatchObject({ status: 0, stdout: expect.stringContaining("2.7.1") });
    expect(await runProgram(process.execPath, [link, "verify"], { cwd: folder.path })).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('unknown command "verify" for "slsa-verifier"'),
    });
  },
);

it("a link of another name is touchmark", async () => {
  const link = join(folder.path, "my-slsa-verifier");
  await symlink(CLI, link);
  expect(await runProgram(process.execPath, [link, "verify-vsa"], { cwd: folder.path })).toMatchObject({ status: 2 });
});
