import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { WritableHost } from "@touchmark/plugin";
import { withTestHost } from "@touchmark/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sha256 } from "../../verify/test/signed-bundles.ts";
import { type HeldOutput, holdOutput } from "./held-output.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "touchmark-held-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const bytesOf = (text: string) => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

function held<T>(run: (output: HeldOutput, disk: WritableHost) => Promise<T>, change: Partial<WritableHost> = {}) {
  return withTestHost(folder, (host) => {
    const disk = { ...(host as WritableHost), ...change };
    return run(holdOutput(disk), disk);
  });
}

describe("what is held", () => {
  it("is read as if it were there, by any way to write its place, and is not there", async () => {
    await held(async ({ host }) => {
      await host.writeFiles("out", [{ name: "a", bytes: bytesOf("held") }]);
      for (const path of ["out/a", "./out//a", "out/../out/a"]) {
        expect(await host.kind(path)).toBe("file");
        expect(await host.file(path)).toEqual({ path: "out/a", name: "a", size: 4 });
        expect(textOf(await host.readBytes(path, { max: 4 }))).toBe("held");
      }
      await expect(host.readBytes("out/a", { max: 3 })).rejects.toMatchObject({ code: "INPUT_TOO_LARGE" });
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it("hides what it is going to replace, and nothing else", async () => {
    mkdirSync(join(folder, "out"));
    for (const name of ["a", "b"]) writeFileSync(join(folder, "out", name), "disk");
    await held(async ({ host }) => {
      await host.writeFiles("out", [{ name: "a", bytes: bytesOf("held") }]);
      const files = [await host.file("out/a"), await host.file("out/b"), await host.file("out/a")];
      const digests = ["held", "disk", "held"].map((text) => ({ sha256: sha256(text) }));
      expect(await host.digest(files)).toEqual(digests);
      expect(textOf(await host.readBytes("out/b", { max: 4 }))).toBe("disk");
      expect([await host.kind("out"), await host.kind("out/c")]).toEqual(["folder", null]);
    });
    expect(readFileSync(join(folder, "out", "a"), "utf8")).toBe("disk");
  });

  it("is hashed as evidence alone", async () => {
    await held(async ({ host }) => {
      await host.writeFiles(".", [{ name: "a", bytes: bytesOf("held") }]);
      await expect(host.digest([await host.file("a")], ["sha256", "md5"])).rejects.toMatchObject({ code: "INTERNAL" });
    });
  });
});

describe("written", () => {
  it("it is there, what came last of a name, all of a folder at once", async () => {
    const written: (readonly [string, readonly string[]])[] = [];
    await held(async ({ write, host }, disk) => {
      const noting: WritableHost = {
        ...disk,
        writeFiles: async (place, files) => {
          written.push([place, files.map(({ name }) => name)]);
          await disk.writeFiles(place, files);
        },
      };
      const output = holdOutput(noting);
      await output.host.writeFiles("out", [{ name: "a", bytes: bytesOf("first") }]);
      await output.host.writeFiles("out", [
        { name: "b", bytes: bytesOf("b") },
        { name: "a", bytes: bytesOf("second") },
      ]);
      await output.write();
      await write(); // nothing is held there
      expect(await host.kind("out/a")).toBe("file");
    });
    expect(written).toEqual([["out", ["a", "b"]]]);
    expect(readFileSync(join(folder, "out", "a"), "utf8")).toBe("second");
  });

  it("it is an error where a name is taken, and then nothing is there", async () => {
    mkdirSync(join(folder, "b"));
    await held(async ({ host, write }) => {
      await host.writeFiles(
        ".",
        ["a", "b"].map((name) => ({ name, bytes: bytesOf(name) })),
      );
      await expect(write()).rejects.toMatchObject({ code: "OUTPUT_CONFLICT" });
    });
    expect(readdirSync(folder)).toEqual(["b"]);
  });

  it.each(["longer than it was", "other"])("it is an error where %s comes out", async (text) => {
    const writeFiles = async () => writeFileSync(join(folder, "a"), text);
    await held(
      async ({ host, write }) => {
        await host.writeFiles(".", [{ name: "a", bytes: bytesOf("whole") }]);
        await expect(write()).rejects.toMatchObject({ code: "SELF_CHECK_FAILED" });
      },
      { writeFiles },
    );
  });
});
