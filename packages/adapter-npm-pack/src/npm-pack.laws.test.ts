import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { adapterLaws, shuffleArray } from "@touchmark/testkit";
import { npmPack } from "./npm-pack.ts";

const fixtures = fileURLToPath(new URL("../fixtures/", import.meta.url));
const CLI = "demo-cli-2.0.0.tgz";
const CORE = "demo-core-2.0.0-rc.1+build.5.tgz";
const SUBJECTS = {
  "pkg:npm/demo-cli@2.0.0": "sha256:83daed3989e559b215d439ab90582432627801b172d5a2782fedca02210979e1",
  "pkg:npm/%40demo/core@2.0.0-rc.1": "sha256:0a89d2defacf5f267462b5ebcd95531712ad5eac05322720b307543e805e0659",
};

async function lay(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [to, from] of Object.entries(files)) await copyFile(join(fixtures, from), join(folder, to));
}

const list = (name: string) => (folder: string) =>
  lay(folder, { "pack.json": `lists/${name}`, [CLI]: `tarballs/${CLI}`, [CORE]: `tarballs/${CORE}` });

adapterLaws(npmPack, [
  {
    name: "npm 11, two workspaces",
    fixture: list("npm11-workspaces.json"),
    options: { path: "pack.json" },
    subjects: SUBJECTS,
    metadata: ["pack.json"],
    absent: "INPUT_MISSING",
  },
  {
    name: "npm 12, keyed by name, with a lock file",
    fixture: async (folder) => {
      await list("npm12-workspaces.json")(folder);
      await lay(folder, { "package-lock.json": "locks/npm11.package-lock.json" });
    },
    options: { path: "pack.json" },
    subjects: SUBJECTS,
    metadata: ["pack.json", "package-lock.json"],
    absent: "INPUT_MISSING",
  },
  {
    name: "npm 9, entries in any order",
    fixture: list("npm9-workspaces.json"),
    options: { path: "pack.json" },
    subjects: SUBJECTS,
    metadata: ["pack.json"],
    shuffle: shuffleArray("pack.json"),
    absent: "INPUT_MISSING",
  },
  {
    name: "pnpm 10, without digests",
    fixture: (folder) => lay(folder, { "pack.json": "lists/pnpm10-scoped.json", [CORE]: `tarballs/${CORE}` }),
    options: { path: "pack.json" },
    metadata: ["pack.json"],
    absent: "INPUT_MISSING",
  },
  {
    name: "yarn 4, lines, with what is expected",
    fixture: async (folder) => {
      const text = await readFile(join(fixtures, "lists/yarn4-foreach.txt"), "utf8");
      const lines = text.split("\n").slice(0, 8); // without the private root, whose tarball is not here
      await writeFile(join(folder, "pack.ndjson"), `${lines.join("\n")}\nDone in 0s 648ms\n`);
      await lay(folder, { [`ypk-@${CORE}`]: `tarballs/${CORE}`, [`ypk-${CLI}`]: `tarballs/${CLI}` });
    },
    options: { path: "pack.ndjson", expect: 2 },
    subjects: SUBJECTS,
    metadata: ["pack.ndjson"],
    absent: "INPUT_MISSING",
  },
  {
    name: "a folder with the tarballs of its workspaces",
    fixture: async (folder) => {
      await mkdir(join(folder, "packages/cli"), { recursive: true });
      await mkdir(join(folder, "packages/core"), { recursive: true });
      const write = (path: string, value: object) => writeFile(join(folder, path), JSON.stringify(value));
      await write("package.json", { private: true, workspaces: ["packages/*"] });
      await write("packages/cli/package.json", { name: "demo-cli", version: "2.0.0" });
      await write("packages/core/package.json", { name: "@demo/core", version: "2.0.0-rc.1+build.5" });
      await lay(folder, { [CLI]: `tarballs/${CLI}`, [CORE]: `tarballs/${CORE}` });
    },
    options: {},
    subjects: SUBJECTS,
    metadata: ["package.json", "packages/cli/package.json", "packages/core/package.json"],
  },
]);
