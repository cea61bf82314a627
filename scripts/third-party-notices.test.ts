import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { thirdPartyNotices } from "./third-party-notices.mjs";

let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "touchmark notices "));
  plant("b@2.0.0/node_modules/b", { version: "2.0.0", license: "MIT" }, { LICENSE: "Text of b\r\nLine 2\r\n" });
  plant("a@1.0.0/node_modules/@s/a", { version: "1.0.0", license: "ISC" }, { "license.md": "A", "NOTICE.txt": "N" });
  plant("dropped/node_modules/dropped", { version: "1.0.0", license: "MIT" }, {});
  plant("bare/node_modules/bare", { version: "3.0.0", license: "MIT" }, { "licenses.mjs": "code" });
  plant("unknown/node_modules/unknown", { version: "1.0.0" }, { LICENSE: "?" });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

test("names every package that left code in a bundle, once, sorted, with its licence texts", () => {
  const first = bundle({
    "b@2.0.0/node_modules/b/dist/x.js": 5,
    "b@2.0.0/node_modules/b/y.js": 1,
    "dropped/node_modules/dropped/x.js": 0,
  });
  const second = bundle({ "bare/node_modules/bare/x.js": 1, "a@1.0.0/node_modules/@s/a/x.js": 1 });
  const line = `\n${"-".repeat(80)}\n\n`;
  const text = thirdPartyNotices([first, second], join(root, "apps/cli"));
  expect(text.split(line)).toEqual([
    "The files in this folder contain code of the following packages.\n",
    "@s/a 1.0.0\nLicence: ISC\n\nN\n\nA\n",
    "b 2.0.0\nLicence: MIT\n\nText of b\nLine 2\n",
    "bare 3.0.0\nLicence: MIT\n\nThe package has no licence file.\n",
  ]);
  expect(thirdPartyNotices([second, first], join(root, "apps/cli"))).toBe(text);
});

test("a package that does not say its licence is refused", () => {
  expect(() => thirdPartyNotices([bundle({ "unknown/node_modules/unknown/x.js": 1 })], join(root, "apps/cli"))).toThrow(
    "unknown 1.0.0: package.json has no license field",
  );
});

function plant(folder: string, manifest: object, files: Record<string, string>) {
  const path = join(root, "node_modules/.pnpm", folder);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, "package.json"), JSON.stringify(manifest));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
}

/** As esbuild writes it for a build in apps/cli. */
function bundle(files: Record<string, number>) {
  const inputs = Object.fromEntries(
    Object.entries(files).map(([path, bytesInOutput]) => [`../../node_modules/.pnpm/${path}`, { bytesInOutput }]),
  );
  return { outputs: { "dist/x.mjs": { inputs: { "src/own.ts": { bytesInOutput: 9 }, ...inputs } } } };
}
