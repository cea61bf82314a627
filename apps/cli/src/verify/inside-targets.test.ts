import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { refuseInside } from "./inside-targets.ts";

let base = "";
const at = (...parts: readonly string[]) => path.join(base, ...parts);
beforeAll(async () => {
  base = await realpath(await mkdtemp(path.join(tmpdir(), "touchmark-inside-")));
  for (const folder of ["release/sub", "mine"]) await mkdir(at(folder), { recursive: true });
  for (const file of ["release/policy.yaml", "mine/policy.yaml", "mine/lax.yaml", "release-notes.yaml"])
    await writeFile(at(file), "");
  await symlink(at("mine/lax.yaml"), at("release/sub/chosen.yaml"));
  await symlink(at("mine"), at("release/folder"));
  await symlink(at("release/policy.yaml"), at("mine/linked.yaml"));
  await symlink(at("release"), at("alias"));
});
afterAll(() => rm(base, { recursive: true }));

const refused = (file: string, target: string) =>
  refuseInside(base, { file: at(file), label: "policy.yaml" }, [target]).then(
    () => null,
    ({ code }) => code,
  );

describe("rules from what is verified", () => {
  it.each([
    ["a file in it", "release/policy.yaml", "release"],
    ["a file that is verified", "release/policy.yaml", "release/policy.yaml"],
    ["what a link leads to", "mine/linked.yaml", "release"],
    ["a file in it by another name", "release/policy.yaml", "alias"],
    ["a link in it, whoever made what it leads to", "release/sub/chosen.yaml", "release"],
    ["a file behind a link in it", "release/folder/lax.yaml", "alias"],
    ["a file that is not there", "release/none.yaml", "release"],
  ])("are refused: %s", async (_what, file, target) => {
    expect(await refused(file, target)).toBe("POLICY_INSIDE_TARGET");
  });

  it.each([
    ["one of the user's own", "mine/policy.yaml", "release"],
    ["one beside it whose name begins alike", "release-notes.yaml", "release"],
    ["one beside a file", "release/policy.yaml", "release/sub"],
  ])("are no others: %s", async (_what, file, target) => {
    expect(await refused(file, target)).toBeNull();
  });
});
