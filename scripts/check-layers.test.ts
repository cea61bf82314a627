import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const project = fileURLToPath(new URL("..", import.meta.url));
const script = join(project, "scripts/check-layers.mjs");
let root: string;

beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "touchmark layers ")));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Each file breaks one rule; the value is the line that must be reported for it, and no other line may appear. */
const planted: Record<string, { text: string; reports: string[] }> = {
  "packages/core/src/reads-disk.ts": {
    text: `import { readFileSync } from "node:fs";\nexport const read = readFileSync;\n`,
    reports: ["core-imports-zod-only: imports fs", "outside-world-in-hosts-and-apps: imports fs"],
  },
  "packages/core/src/looks-up.ts": {
    text: `import type { X } from "@touchmark/plugin";\nexport type Y = X;\n`,
    reports: [
      "core-imports-zod-only: imports packages/plugin/src/index.ts",
      "core-is-lowest: imports packages/plugin/src/index.ts",
    ],
  },
  "packages/core/src/looks-up.test.ts": {
    text: `import type { X } from "@touchmark/plugin";\nexport type Y = X;\n`,
    reports: ["core-is-lowest-tests: imports packages/plugin/src/index.ts"],
  },
  "packages/core/src/uses-globals.ts": {
    text: [
      `export const home = process.env["HOME"];`,
      `export const { env } = process;`,
      `export const now = Date.now();`,
      `export const today = new Date();`,
      `export const chance = Math.random();`,
      `export const get = () => fetch("https://example.org");`,
      `export const say = (text: string) => console.log(text);`,
      `export const hidden = globalThis;`,
      `export const fine = [new Date(0), { process: 1, console: 2 }.process];`,
      "",
    ].join("\n"),
    reports: [
      "outside-world-in-hosts-and-apps: uses process in line 1",
      "outside-world-in-hosts-and-apps: uses process in line 2",
      "outside-world-in-hosts-and-apps: uses Date.now in line 3",
      "outside-world-in-hosts-and-apps: uses Date in line 4",
      "outside-world-in-hosts-and-apps: uses Math.random in line 5",
      "outside-world-in-hosts-and-apps: uses fetch in line 6",
      "outside-world-in-hosts-and-apps: uses console in line 7",
      "outside-world-in-hosts-and-apps: uses globalThis in line 8",
    ],
  },
  "packages/core/src/imports-nothing.ts": {
    text: `import { X } from "./missing.ts";\nexport const y = X;\n`,
    reports: ["core-imports-zod-only: imports ./missing.ts", "not-to-unresolvable: imports ./missing.ts"],
  },
  "packages/package-identity/src/looks-up.ts": {
    text: `export type { X } from "@touchmark/verify";\n`,
    reports: ["contract-over-core: imports packages/verify/src/index.ts"],
  },
  "packages/oci/src/looks-aside.ts": {
    text: `export { X } from "@touchmark/plugin";\nexport { X as Y } from "@touchmark/package-identity";\n`,
    reports: ["oci-over-contract: imports packages/package-identity/src/index.ts"],
  },
  "packages/verify/src/uses-signer.ts": {
    text: `export { X } from "@touchmark/signer-key";\n`,
    reports: [
      "leaves-are-apart: imports packages/signer-key/src/index.ts",
      "verify-imports-no-signer: imports packages/signer-key/src/index.ts",
    ],
  },
  "packages/verify/src/uses-adapter.test.ts": {
    text: `export { X } from "@touchmark/adapter-files";\n`,
    reports: [
      "leaves-are-apart-tests: imports packages/adapter-files/src/index.ts",
      "verify-imports-no-signer: imports packages/adapter-files/src/index.ts",
    ],
  },
  "packages/signer-key/src/uses-verify.ts": {
    text: `export const later = () => import("@touchmark/verify");\n`,
    reports: [
      "leaves-are-apart: imports packages/verify/src/index.ts",
      "signers-import-no-verify: imports packages/verify/src/index.ts",
    ],
  },
  "packages/adapter-files/src/runs-tools.ts": {
    text: `import { spawn } from "node:child_process";\nimport { X } from "@touchmark/testkit";\nexport const y = [spawn, X];\n`,
    reports: [
      "leaves-are-apart: imports packages/testkit/src/index.ts",
      "outside-world-in-hosts-and-apps: imports child_process",
      "testkit-for-tests-only: imports packages/testkit/src/index.ts",
    ],
  },
  "packages/adapter-files/src/allowed.test.ts": {
    text: `import { readFileSync } from "node:fs";\nimport { X } from "@touchmark/testkit";\nexport const y = [readFileSync, X, process.env];\n`,
    reports: [],
  },
  "packages/adapter-files/test/allowed.ts": {
    text: `import { readFileSync } from "node:fs";\nexport { X } from "@touchmark/testkit";\nexport const y = [readFileSync, process.env];\n`,
    reports: [],
  },
  "packages/adapter-files/test/uses-sibling.ts": {
    text: `export { X } from "@touchmark/adapter-goreleaser";\n`,
    reports: ["leaves-are-apart-tests: imports packages/adapter-goreleaser/src/index.ts"],
  },
  "packages/adapter-files/src/uses-set-up.ts": {
    text: `export { y } from "../test/allowed.ts";\n`,
    reports: ["test-set-up-is-for-tests: imports packages/adapter-files/test/allowed.ts"],
  },
  "packages/adapter-goreleaser/src/uses-sibling.ts": {
    text: `export { X } from "@touchmark/adapter-files";\n`,
    reports: ["leaves-are-apart: imports packages/adapter-files/src/index.ts"],
  },
  "packages/engine/src/picks-host.ts": {
    text: `export { X } from "@touchmark/host-node";\nexport { X as Y } from "@touchmark/signer-key";\n`,
    reports: [
      "engine-takes-plugins-as-arguments: imports packages/signer-key/src/index.ts",
      "host-node-is-for-testkit-and-apps: imports packages/host-node/src/index.ts",
    ],
  },
  "packages/host-node/src/looks-aside.ts": {
    text: `export { X } from "@touchmark/engine";\n`,
    reports: ["engine-over-leaves: imports packages/engine/src/index.ts"],
  },
  "packages/host-node/src/allowed.ts": {
    text: `import { readFileSync } from "node:fs";\nexport const y = [readFileSync, process.env, console, Date.now()];\n`,
    reports: [],
  },
  "packages/store-files/src/circle-a.ts": {
    text: `import { b } from "./circle-b.ts";\nexport const a = () => b;\n`,
    reports: ["no-circular: imports packages/store-files/src/circle-b.ts"],
  },
  "packages/store-files/src/circle-b.ts": {
    text: `import { a } from "./circle-a.ts";\nexport const b = () => a;\n`,
    // A circle is reported once.
    reports: [],
  },
  "packages/platforms/src/uses-app.ts": {
    text: `export { X } from "../../../apps/cli/src/index.ts";\n`,
    reports: ["leaves-are-apart: imports apps/cli/src/index.ts", "nobody-imports-apps: imports apps/cli/src/index.ts"],
  },
  "apps/other/src/uses-app.ts": {
    text: `export { X } from "../../cli/src/index.ts";\n`,
    reports: ["apps-are-apart: imports apps/cli/src/index.ts"],
  },
  "apps/cli/src/lists-again.ts": {
    text: `export { X } from "@touchmark/adapter-files";\n`,
    reports: ["plugins-are-listed-once: imports packages/adapter-files/src/index.ts"],
  },
};

test("a clean tree has no violation", { timeout: 60_000 }, () => {
  const { status, lines } = check(tree("clean"));
  expect(lines).toEqual([expect.stringMatching(/^\d+ files, 0 violations$/)]);
  expect(status).toBe(0);
});

test("each planted violation is reported, and nothing else", { timeout: 60_000 }, () => {
  const directory = tree("planted");
  for (const [path, { text }] of Object.entries(planted)) {
    write(directory, path, text);
  }
  write(directory, "packages/adapter-zig/package.json", JSON.stringify({ name: "@touchmark/zig" }));
  write(directory, "packages/shared/package.json", JSON.stringify({ name: "@touchmark/shared" }));
  const { status, lines } = check(directory);
  const expected = [
    ...Object.entries(planted).flatMap(([path, { reports }]) => reports.map((report) => `${path}: ${report}`)),
    `packages/adapter-zig: folder-is-npm-name: package.json says "@touchmark/zig", expected "@touchmark/adapter-zig"`,
    "apps/cli/src/builtins.ts: lists-every-plugin: packages/adapter-zig is missing",
    "packages/shared: known-layer: scripts/layers.cjs gives it no layer",
  ];
  expect(lines.slice(0, -1).sort()).toEqual(expected.sort());
  expect(status).toBe(1);
});

/** The packages of this repository, with one empty source file each, linked as pnpm links them. */
function tree(name: string): string {
  const directory = join(root, name);
  cpSync(join(project, "tsconfig.base.json"), join(directory, "tsconfig.base.json"));
  cpSync(join(project, "tsconfig.json"), join(directory, "tsconfig.json"));
  mkdirSync(join(directory, "node_modules/@touchmark"), { recursive: true });
  const builtins: string[] = [];
  for (const folder of readdirSync(join(project, "packages"))) {
    cpSync(join(project, "packages", folder, "package.json"), join(directory, "packages", folder, "package.json"));
    write(directory, `packages/${folder}/src/index.ts`, "export const X = 1;\n");
    symlinkSync(join(directory, "packages", folder), join(directory, "node_modules/@touchmark", folder), "dir");
    if (/^(adapter|signer|store)-|^platforms$/.test(folder)) {
      builtins.push(`import "@touchmark/${folder}";\n`);
    }
  }
  write(directory, "apps/cli/package.json", JSON.stringify({ name: "touchmark" }));
  write(directory, "apps/cli/src/index.ts", "export const X = 1;\n");
  write(directory, "apps/cli/src/builtins.ts", builtins.join(""));
  write(directory, "apps/other/package.json", JSON.stringify({ name: "@touchmark/other" }));
  return directory;
}

function write(directory: string, path: string, text: string): void {
  mkdirSync(dirname(join(directory, path)), { recursive: true });
  writeFileSync(join(directory, path), text);
}

function check(directory: string): { status: number | null; lines: string[] } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, directory], { encoding: "utf8" });
  expect(stderr).toBe("");
  return { status, lines: stdout.trimEnd().split("\n") };
}
