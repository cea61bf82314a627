import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadConfig } from "./load.ts";

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "touchmark-config-"));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const GOOD = "version: 1\nrelease: {name: demo}\nartifacts:\n  cli: {use: files, include: dist/*}\n";
const load = (named: string | null = null, userCode = true) => loadConfig({ cwd, named, userCode });
const write = (name: string, text: string) => writeFile(join(cwd, name), text);

describe("loadConfig", () => {
  it("gives null where none is named and none is there", async () => {
    expect(await load()).toBeNull();
  });

  it("finds touchmark.yaml and keeps the adapter's own keys", async () => {
    await write("touchmark.yaml", GOOD);
    expect(await load()).toMatchObject({
      path: "touchmark.yaml",
      folder: cwd,
      config: { release: { name: "demo" }, artifacts: { cli: { use: "files", include: "dist/*" } } },
    });
  });

  it("names the line and the near miss of an unknown key", async () => {
    await write("touchmark.yaml", `${GOOD}publish:\n  files:\n    foldr: x\n`);
    await expect(load()).rejects.toMatchObject({
      code: "HINT_UNKNOWN",
      message: expect.stringMatching(/^touchmark\.yaml:7 .*publish\.files; did you mean `folder`/),
    });
  });

  it("names the line of a wrong value", async () => {
    await write("touchmark.yaml", GOOD.replace("version: 1", "version: 2"));
    await expect(load()).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining("touchmark.yaml:1"),
    });
  });

  it("says of what is not there that it is missing", async () => {
    await write("touchmark.yaml", "version: 1\n");
    await expect(load()).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: "touchmark.yaml  artifacts is missing",
      actual: "nothing",
    });
  });

  it.each([
    ["a: [", "CONFIG_INVALID"],
    ["version: 1\nversion: 1\n", "CONFIG_INVALID"],
    ["- 1\n", "CONFIG_INVALID"],
    ["", "CONFIG_INVALID"],
    [`x: ${"y".repeat(1024 * 1024)}`, "INPUT_TOO_LARGE"],
    [
      "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c]\n",
      "CONFIG_INVALID",
    ],
  ])("refuses %#", async (text, code) => {
    await write("touchmark.yaml", text);
    await expect(load()).rejects.toMatchObject({ code });
  });

  it("refuses a file that is named and missing", async () => {
    await expect(load("other.yaml")).rejects.toMatchObject({ code: "INPUT_MISSING" });
  });

  it("runs a configuration in TypeScript only where no key is", async () => {
    await write(
      "touchmark.config.ts",
      'const name: string = "demo";\nexport default { version: 1, release: { name }, artifacts: { cli: { use: "files", include: "x" } } };\n',
    );
    expect(await load()).toMatchObject({ config: { release: { name: "demo" } } });
    await expect(load(null, false)).rejects.toMatchObject({ code: "USER_CODE_REFUSED" });
  });

  it("keeps adapters that a configuration in TypeScript imported", async () => {
    await write(
      "touchmark.config.ts",
      'export default { version: 1, artifacts: { cli: { use: "zig" } }, adapters: { zig: { name: "zig" }, other: "pkg" } };\n',
    );
    const loaded = await load();
    expect(loaded?.imported).toEqual({ zig: { name: "zig" } });
    expect(loaded?.config.adapters).toEqual({ zig: "(imported)", other: "pkg" });
  });
});
