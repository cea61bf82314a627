import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { content, npmDelegate, publish } from "../../../../packages/roots-tuf/test/tuf-repository.ts";
import { recordingTerminal } from "../../test/recording-terminal.ts";
import { chosenNpmKeys } from "../npm-keys.ts";

const VECTOR = fileURLToPath(new URL("../../../../packages/vectors/cases/npm-document", import.meta.url));
const KEYS = await readFile(path.join(VECTOR, "npm_keys.json"), "utf8");
const THE_KITS = ["SHA256:registry"];
const LATER = "2999-01-01T00:00:00Z";
const PAST = "2026-01-01T00:00:00Z";

const first = content();
const expires = { root: LATER, timestamp: LATER, snapshot: LATER, targets: LATER };
const state = { ...first, expires, delegates: [npmDelegate(KEYS, { expires: LATER })] };

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), "touchmark-kit-keys-"));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

/** Writes what a kit keeps of a repository, and its first root for --root. */
async function keep(repository: ReadonlyMap<string, Uint8Array>): Promise<void> {
  for (const [name, bytes] of repository) await writeFile(path.join(cwd, keptName(name)), bytes);
}

function keptName(name: string): string {
  if (name.startsWith("targets/")) return name.endsWith(".keys.json") ? "npm_keys.json" : "trusted_root.json";
  return name.replace(/^\d+\./, "");
}

async function chosen(flags: object) {
  const terminal = recordingTerminal();
  const context = { terminal, env: {}, cwd, signal: new AbortController().signal };
  const keys = await chosenNpmKeys(context, { kitRoots: cwd, ...flags });
  return { ids: [...keys.keys()], noted: terminal.noted() };
}

it("are the kit's where the chain from the named root vouches for them", async () => {
  await keep(publish(state));
  expect(await chosen({ root: "root.json" })).toEqual({ ids: THE_KITS, noted: "npm's keys: the kit's" });
  expect((await chosen({ root: "root.json", trustedRoot: "trusted_root.json" })).ids).toEqual(THE_KITS);
});

it("are the user's where a file is named", async () => {
  await keep(publish(state));
  const mine = JSON.parse(KEYS);
  mine.keys[0].keyId = "SHA256:mine";
  await writeFile(path.join(cwd, "mine.json"), JSON.stringify(mine));
  const { ids, noted } = await chosen({ root: "root.json", npmKeys: "mine.json" });
  expect(ids).toContain("SHA256:mine");
  expect(noted).toBe("npm's keys: mine.json");
});

it.each<[string, object, Parameters<typeof publish>[0]]>([
  ["the kit has none", { root: "root.json" }, { ...state, delegates: [] }],
  ["roots are brought by another way", { trustedRoot: "trusted_root.json" }, state],
])("are those that came with the program where %s", async (_, flags, published) => {
  await keep(publish(published));
  const { ids, noted } = await chosen(flags);
  expect(ids).not.toContain("SHA256:registry");
  expect(noted).toBe("npm's keys: those that came with Touchmark");
});

it.each<[string, object, string, () => Promise<unknown>]>([
  ["from a root that the user did not name", {}, "ROOTS_INVALID", () => keep(publish(state))],
  [
    "as other bytes",
    { root: "root.json" },
    "ROOTS_INVALID",
    async () => {
      await keep(publish(state));
      await writeFile(path.join(cwd, "npm_keys.json"), KEYS.replace("SHA256:registry", "SHA256:registrz"));
    },
  ],
  [
    "in a role that is not there",
    { root: "root.json" },
    "ROOTS_INVALID",
    async () => {
      await keep(publish(state));
      await rm(path.join(cwd, "registry.npmjs.org.json"));
    },
  ],
  [
    "that no metadata names",
    { root: "root.json" },
    "ROOTS_INVALID",
    async () => {
      await keep(publish({ ...state, delegates: [] }));
      await writeFile(path.join(cwd, "npm_keys.json"), KEYS);
    },
  ],
  ["without any metadata", {}, "ROOTS_INVALID", () => writeFile(path.join(cwd, "npm_keys.json"), KEYS)],
  [
    "that have expired",
    { root: "root.json" },
    "ROOTS_STALE",
    () => keep(publish({ ...state, delegates: [npmDelegate(KEYS, { expires: PAST })] })),
  ],
  [
    "that are none",
    { root: "root.json" },
    "KEY_INVALID",
    () => keep(publish({ ...state, delegates: [npmDelegate("{}", { expires: LATER })] })),
  ],
])("are refused %s", async (_, flags, code, prepare) => {
  await prepare();
  await expect(chosen(flags)).rejects.toMatchObject({ code });
});
