import { existsSync } from "node:fs";
import { mkdir, readFile, readlink, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { CANARY, locateFixture, withFixture, withTemporaryFolder } from "./fixture-copy.ts";

test("a copy has the files, links and places of the original, in a folder with the canary in its name, and is removed", async () => {
  const folder = await withTemporaryFolder(async (original) => {
    await mkdir(join(original, "sub"));
    await writeFile(join(original, "sub/a"), "a");
    await writeFile(join(original, "b"), "a");
    await symlink("sub/a", join(original, "link"));
    return withFixture({ fixture: original }, async (copy) => {
      expect(copy.folder).toContain(CANARY);
      expect(copy.folder).not.toBe(original);
      expect(copy.files).toEqual(["b", "sub/a"]);
      expect([...copy.byContent.values()]).toEqual([["b", "sub/a"]]);
      expect(await readlink(join(copy.folder, "link"))).toBe("sub/a");
      await writeFile(join(copy.folder, "b"), "spoilt");
      expect(await readFile(join(original, "b"), "utf8")).toBe("a");
      return copy.folder;
    });
  });
  expect(existsSync(folder)).toBe(false);
});

test("a fixture is looked for beside the test file and above it", () => {
  const here = fileURLToPath(import.meta.url);
  const package_ = fileURLToPath(new URL("../", import.meta.url));
  expect(locateFixture("fixtures/broken-adapter", here)).toBe(join(package_, "fixtures/broken-adapter"));
  expect(() => locateFixture("fixtures/nowhere", here)).toThrowError(/fixture fixtures\/nowhere is neither beside/);
});
