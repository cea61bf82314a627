import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { testsThatPatch } from "./tests-that-patch.ts";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "touchmark-patching-"));
  for (const name of ["packages/data/README.md", "apps/one/src/a.test.ts", "scripts/b.test.ts", "fuzz/c.test.ts"]) {
    write(name, 'import { it } from "vitest";\n');
  }
});
afterEach(() => rmSync(root, { recursive: true }));

function write(name: string, text: string): void {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), text);
}

it("names none where none patches", () => {
  expect(testsThatPatch(root)).toEqual([]);
});

it.each([
  "mock('x')",
  "doMock('x')",
  "hoisted(f)",
  "spyOn(a, 'b')",
  "useFakeTimers()",
  "setSystemTime(0)",
  "stubEnv('A', '')",
  "stubGlobal('a', 1)",
  "resetModules()",
])("names a test with vi.%s, and no other file", (call) => {
  const patch = ["vi", call].join(".");
  write("packages/some/src/deep/d.test.ts", `  ${patch};\n`);
  write("packages/some/src/deep/d.ts", `${patch};\n`);
  write("packages/some/test/e.test.ts", `${patch};\n`);
  expect(testsThatPatch(root)).toEqual(["packages/some/src/deep/d.test.ts"]);
});
