import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isTouchmarkError } from "@touchmark/core";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { MIRROR, mirrorHost } from "../test/update.ts";
import { updateRoots } from "./update-roots.ts";

const SERVICES = fileURLToPath(new URL("../../vectors/services/", import.meta.url));
const Args = z.strictObject({ mode: z.literal("roots-update"), root: z.string(), now: z.iso.datetime() });

const names = (await readdir(SERVICES)).filter((name) => name.startsWith("roots-")).sort();

/** `updated`, or the code of the refusal. */
async function outcome(folder: string): Promise<string> {
  const args = Args.parse(JSON.parse(await readFile(join(folder, "args.json"), "utf8")));
  const server = join(folder, "server");
  const files = new Map<string, Uint8Array>();
  for (const entry of await readdir(server, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) files.set(path.slice(server.length + 1).replaceAll("\\", "/"), await readFile(path));
  }
  const root = await readFile(join(folder, args.root));
  try {
    const options = { mirror: MIRROR, root, rootLabel: args.root, kept: async () => null, now: new Date(args.now) };
    await updateRoots(options, mirrorHost(files).host);
    return "updated";
  } catch (error) {
    if (isTouchmarkError(error)) return error.code;
    throw error;
  }
}

describe("vectors of roots' repositories", () => {
  it.each(names)("%s", async (name) => {
    const folder = join(SERVICES, name);
    const expected = name.endsWith("_fail") ? (await readFile(join(folder, "error"), "utf8")).trim() : "updated";
    expect(await outcome(folder)).toBe(expected);
  });

  it("are refused for what they differ in from their twins", async () => {
    expect(names.filter((name) => name.endsWith("_fail"))).toHaveLength(3);
    for (const name of names.filter((one) => one.endsWith("_fail"))) {
      const [, twin = ""] =
        /Its twin `([^`]+)` verifies/.exec(await readFile(join(SERVICES, name, "README.md"), "utf8")) ?? [];
      expect(names, name).toContain(twin);
    }
  });
});
