import { mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStaging } from "./staging.ts";

let parent = "";
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "touchmark-staging-"));
});
afterEach(() => rm(parent, { recursive: true, force: true }));

const open = (signal = new AbortController().signal) => openStaging(parent, { shown: "out", flush: true, signal });
const plain = { algorithm: "sha256", executable: false } as const;

async function* bytes(...texts: readonly string[]): AsyncIterable<Uint8Array> {
  for (const text of texts) yield new TextEncoder().encode(text);
}

const HELLO = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

describe("a staging", () => {
  it("hashes what it writes, and shows all at once", async () => {
    const staging = await open();
    expect(await staging.write("bin/tool", bytes("hel", "lo"), { ...plain, executable: true })).toBe(HELLO);
    await staging.link("bin/link", "tool");
    await staging.folder("empty");
    const [own = ""] = await readdir(parent);
    expect((await stat(join(parent, own))).mode & 0o777).toBe(0o700);
    const place = join(parent, "out");
    staging.moveTo(place, "out");
    await staging.remove();
    expect(await readdir(parent)).toEqual(["out"]);
    expect(await readFile(join(place, "bin/tool"), "utf8")).toBe("hello");
    expect((await stat(join(place, "bin/tool"))).mode & 0o100).toBe(0o100);
    expect(await readlink(join(place, "bin/link"))).toBe("tool");
    expect((await stat(join(place, "empty"))).isDirectory()).toBe(true);
  });

  it("can be sealed, and is removed all the same", async () => {
    const staging = await open();
    await staging.write("a/tool", bytes("x"), plain);
    await staging.seal();
    expect((await stat(join(staging.content, "a"))).mode & 0o222).toBe(0);
    expect((await stat(join(staging.content, "a/tool"))).mode & 0o222).toBe(0);
    await staging.remove();
    await staging.remove();
    expect(await readdir(parent)).toEqual([]);
  });

  it.each(["", "..", "a/../b", "/a", "a//b", "./a", "a\0"])("refuses the name %j", async (name) => {
    const staging = await open();
    await expect(staging.write(name, bytes("x"), plain)).rejects.toMatchObject({ code: "NAME_REFUSED" });
    await staging.remove();
  });

  it("writes nothing twice, and no file below a file", async () => {
    const staging = await open();
    await staging.write("a", bytes("x"), plain);
    for (const name of ["a", "a/b"]) {
      await expect(staging.write(name, bytes("y"), plain), name).rejects.toMatchObject({ code: "OUTPUT_CONFLICT" });
    }
    expect(await readFile(join(staging.content, "a"), "utf8")).toBe("x");
    await staging.remove();
  });

  it.each([
    ["an empty folder", (place: string) => mkdir(place)],
    ["a file", (place: string) => writeFile(place, "")],
    ["a link to nothing", (place: string) => symlink("nowhere", place)],
  ])("is never put in the place of %s", async (_what, make) => {
    const staging = await open();
    await staging.write("a", bytes("x"), plain);
    const place = join(parent, "out");
    await make(place);
    expect(() => staging.moveTo(place, "out")).toThrow(expect.objectContaining({ code: "OUTPUT_CONFLICT" }));
    await staging.remove();
    expect(await readdir(parent)).toEqual(["out"]);
  });

  it("needs a parent, and ends when it is interrupted", async () => {
    const none = openStaging(join(parent, "none"), {
      shown: "out",
      flush: false,
      signal: new AbortController().signal,
    });
    await expect(none).rejects.toMatchObject({ code: "OUTPUT_UNWRITABLE" });
    const interrupt = new AbortController();
    const staging = await open(interrupt.signal);
    interrupt.abort();
    await expect(staging.write("a", bytes("x"), plain)).rejects.toMatchObject({ code: "ABORTED" });
    await staging.remove();
  });
});
