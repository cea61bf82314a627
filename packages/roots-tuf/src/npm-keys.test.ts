import { describe, expect, it } from "vitest";
import {
  type Content,
  content,
  type Delegate,
  npmDelegate,
  publish,
  targetPath,
  tufKey,
} from "../test/tuf-repository.ts";
import { mirrorHost, update, updatedByTufJs, updateOptions } from "../test/update.ts";
import { updateRoots } from "./update-roots.ts";

const KEYS = "registry.npmjs.org/keys.json";
const ROLE_FILE = "registry.npmjs.org.json";
const first = content();
const text = (bytes: Uint8Array | undefined) => (bytes === undefined ? null : new TextDecoder().decode(bytes));
const npm = npmDelegate("npm's keys");
const withRole = (changes: Partial<Delegate> = {}, state: Partial<Content> = {}) =>
  publish({ ...first, delegates: [{ ...npm, ...changes }], ...state });
const keysOf = async (files: ReadonlyMap<string, Uint8Array>, kept?: ReadonlyMap<string, Uint8Array>) =>
  (await update(files, kept === undefined ? {} : { kept })).npmKeys();

describe("npm's keys", () => {
  it.each<[string, Partial<Content>, readonly string[]]>([
    ["the repository's own", { others: { [KEYS]: "npm's keys" } }, ["npm_keys.json"]],
    ["npm's role says", { delegates: [npm] }, ["registry.npmjs.org.json", "npm_keys.json"]],
    [
      "without consistent snapshots",
      { delegates: [npm], consistent: false },
      ["registry.npmjs.org.json", "npm_keys.json"],
    ],
    [
      "beside a role for other paths",
      { delegates: [{ ...npm, name: "rekor", paths: ["rekor/*"] }, npm] },
      ["registry.npmjs.org.json", "npm_keys.json"],
    ],
  ])("are read that are %s", async (_, state, names) => {
    const files = publish({ ...first, ...state });
    const found = await keysOf(files);
    expect(text(found?.bytes)).toBe("npm's keys");
    expect([...(found?.files.keys() ?? [])]).toEqual(names);
    expect(await updatedByTufJs(files, { target: KEYS })).toBe(true);
  });

  it("are read again from what was kept, and nobody is asked for them", async () => {
    const files = withRole();
    const updated = await update(files);
    const kept = new Map([...updated.files, ...((await updated.npmKeys())?.files ?? [])]);
    const { host, asked } = mirrorHost(files);
    const again = await (await updateRoots(updateOptions(files, kept), host)).npmKeys();
    expect(text(again?.bytes)).toBe("npm's keys");
    expect(asked).toEqual(["2.root.json", "timestamp.json"]);
  });

  it.each(["registry.npmjs.org.json", "npm_keys.json"])("are not believed as they were kept: %s", async (name) => {
    for (const bad of ["", "{}", "npm's keyz"]) {
      expect(text((await keysOf(withRole(), new Map([[name, Buffer.from(bad)]])))?.bytes)).toBe("npm's keys");
    }
  });

  it("are asked for only where somebody wants them", async () => {
    const { host, asked } = mirrorHost(withRole());
    await updateRoots(updateOptions(withRole()), host);
    expect(asked.filter((path) => path.includes("npmjs"))).toEqual([]);
  });

  it.each<[string, Partial<Content>]>([
    ["in no metadata", {}],
    ["in a role that does not list them", { delegates: [{ ...npm, targets: {} }] }],
    ["in a role for other paths", { delegates: [{ ...npm, paths: ["registry.npmjs.org/*/*"] }] }],
    ["in a role of another name", { delegates: [{ ...npm, name: "registry.example" }] }],
    ["in a role behind another one for this path", { delegates: [{ ...npm, name: "all", paths: ["*/*"] }, npm] }],
  ])("are not there: %s", async (_, state) => {
    expect(await keysOf(publish({ ...first, ...state }))).toBeNull();
  });
});

describe("npm's keys are refused", () => {
  type Meta = Record<string, object>;
  const inSnapshot = (change: (meta: Meta) => void): Partial<Content> => ({
    edit: (role, signed) => {
      if (role === "snapshot") change(signed["meta"] as Meta);
    },
  });
  const replaced = (path: string, bytes: Uint8Array | null) => {
    const files = withRole();
    if (!files.delete(path)) throw new Error(`no ${path}`);
    if (bytes !== null) files.set(path, bytes);
    return files;
  };
  const keysPath = targetPath(KEYS, "npm's keys", true);

  it.each<[string, string, Map<string, Uint8Array>]>([
    ["by a role that another key signed", "SERVICE_INVALID", withRole({ signers: [tufKey()] })],
    ["by a role below its threshold", "SERVICE_INVALID", withRole({ threshold: 2, keys: [...npm.keys, tufKey()] })],
    ["by a role that has expired", "ROOTS_STALE", withRole({ expires: "2026-05-31T23:59:59Z" })],
    [
      "by a role of another version than the snapshot's",
      "SERVICE_INVALID",
      withRole(
        {},
        { ...inSnapshot((meta) => Object.assign(meta[ROLE_FILE] ?? {}, { version: 2 })), consistent: false },
      ),
    ],
    [
      "by a role of another digest than the snapshot's",
      "SERVICE_INVALID",
      withRole(
        {},
        inSnapshot((meta) => Object.assign(meta[ROLE_FILE] ?? {}, { hashes: { sha256: "0".repeat(64) } })),
      ),
    ],
    [
      "by a role that no snapshot has",
      "SERVICE_INVALID",
      withRole(
        {},
        inSnapshot((meta) => Reflect.deleteProperty(meta, ROLE_FILE)),
      ),
    ],
    ["by a role that the mirror has lost", "SERVICE_INVALID", replaced("3.registry.npmjs.org.json", null)],
    ["as other bytes", "SERVICE_INVALID", replaced(keysPath, Buffer.from("npm's keyz"))],
    ["that the mirror has lost", "SERVICE_INVALID", replaced(keysPath, null)],
    ["of more than 1 MiB", "SERVICE_INVALID", withRole({ targets: { [KEYS]: "x".repeat(1024 * 1024 + 1) } })],
  ])("%s", async (_, code, files) => {
    const updated = await update(files);
    expect(text(updated.bytes)).toBe("roots, first");
    await expect(updated.npmKeys()).rejects.toMatchObject({ code });
  });

  it("in an older version than before", async () => {
    const versions = { timestamp: 2, snapshot: 2, targets: 1 };
    const { files: kept } = await update(withRole());
    const older = withRole({ version: 2 }, { versions });
    await expect(update(older, { kept })).rejects.toMatchObject({ code: "ROOTS_ROLLBACK" });
  });

  it("where the library of others refuses them too", async () => {
    for (const changes of [{ signers: [tufKey()] }, { expires: "2026-05-31T23:59:59Z" }]) {
      expect(await updatedByTufJs(withRole(changes), { target: KEYS })).toBe(false);
    }
  });
});
