import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createHost, type NodeHost } from "./create-host.ts";

let top: string;
let host: NodeHost;

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), "glob-"));
  put("dist/linux/tool", "dist/linux-tool", "dist/tool.tar.gz", "dist/.hidden", "other/x");
  host = hostOver([]);
});
afterEach(() => rmSync(top, { recursive: true }));

function hostOver(roots: readonly string[]): NodeHost {
  const { signal } = new AbortController();
  return createHost({ workspace: join(top, "ws"), roots, signal, userCode: true, env: {} });
}

function put(...paths: readonly string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(top, "ws", path)), { recursive: true });
    writeFileSync(join(top, "ws", path), path);
  }
}

function link(target: string, path: string): void {
  symlinkSync(target, join(top, "ws", path));
}

async function paths(pattern: string): Promise<readonly string[]> {
  return (await host.glob(pattern)).map((file) => file.path);
}

describe("what a pattern names", () => {
  it("finds regular files with their sizes, hidden ones too, in code unit order", async () => {
    expect(await paths("dist/*")).toEqual(["dist/.hidden", "dist/linux-tool", "dist/tool.tar.gz"]);
    expect(await paths("dist/**")).toEqual(["dist/.hidden", "dist/linux-tool", "dist/linux/tool", "dist/tool.tar.gz"]);
    expect(await paths("dist/**/*")).toEqual(await paths("dist/**"));
    expect(await paths("dist/**/{*,*}")).toEqual(await paths("dist/**"));
    expect(await paths("{dist,other}/**/{x,tool}")).toEqual(["dist/linux/tool", "other/x"]);
    expect(await host.glob("./dist//*.gz")).toMatchObject([
      { path: "dist/tool.tar.gz", name: "tool.tar.gz", size: 16 },
    ]);
  });

  it("takes absolute patterns, and finds nothing where nothing is", async () => {
    expect(await paths(`${top}/ws/dist/linux/*`)).toEqual(["dist/linux/tool"]);
    expect(await paths("dist/*.zip")).toEqual([]);
    expect(await paths("none/*")).toEqual([]);
    expect(await paths("dist/linux-tool/*")).toEqual([]);
    expect(await paths("dist/linux-tool/**")).toEqual([]);
    expect(await paths("none/**")).toEqual([]);
    expect(await paths("+none/*")).toEqual([]);
    expect(await paths("dist")).toEqual([]);
    expect(await paths("none")).toEqual([]);
  });

  it("looks into granted roots, and refuses patterns over anything else", async () => {
    mkdirSync(join(top, "out"));
    writeFileSync(join(top, "out", "file"), "");
    await expect(host.glob("../out/*")).rejects.toMatchObject({ code: "OUTSIDE_ROOTS" });
    await expect(host.glob("../*/file")).rejects.toMatchObject({ code: "OUTSIDE_ROOTS" });
    await expect(host.glob("../out/file")).rejects.toMatchObject({ code: "OUTSIDE_ROOTS" });
    await expect(host.glob("dist/*/../../../out/*")).rejects.toMatchObject({ code: "INPUT_INVALID" });
    expect(await hostOver(["../out"]).glob("../out/*")).toMatchObject([{ name: "file" }]);
  });
});

describe("names with special characters", () => {
  it("takes a name that stands there literally", async () => {
    put("dist/a[1].txt", "dist/a1.txt", "dist/(x).txt", "dist/{a,b}", "dist/!not");
    expect(await paths("dist/a[1].txt")).toEqual(["dist/a[1].txt"]);
    expect(await paths("dist/(x).txt")).toEqual(["dist/(x).txt"]);
    expect(await paths("dist/{a,b}")).toEqual(["dist/{a,b}"]);
    expect(await paths("dist/!not")).toEqual(["dist/!not"]);
  });

  it("takes a folder that stands there literally, and the workspace's own name is never a pattern", async () => {
    put("app/[id]/page", "app/i/page");
    expect(await paths("app/[id]/*")).toEqual(["app/[id]/page"]);
    mkdirSync(join(top, "[a]{b}"));
    writeFileSync(join(top, "[a]{b}", "file"), "");
    const { signal } = new AbortController();
    const odd = createHost({ workspace: join(top, "[a]{b}"), roots: [], signal, userCode: true, env: {} });
    expect(await odd.glob("*")).toMatchObject([{ path: "file" }]);
  });

  it("does not let a file called * hide its neighbours", async () => {
    put("dist/*", "dist/?", "app/*/hidden", "app/b/seen");
    expect(await paths("dist/*")).toContain("dist/linux-tool");
    expect(await paths("dist/?")).toEqual(["dist/*", "dist/?"]);
    expect(await paths("app/*/*")).toEqual(["app/*/hidden", "app/b/seen"]);
  });
});

describe("a name with a line end", () => {
  const refused = (name: string) => ({ code: "NAME_REFUSED", actual: JSON.stringify(name) });

  it("is found where everything is", async () => {
    put("d/a\nb", "d/ok", "d/n\nl/c1");
    expect(await paths("d/**")).toEqual(["d/a\nb", "d/n\nl/c1", "d/ok"]);
    expect(await paths("d/**/*")).toEqual(["d/a\nb", "d/n\nl/c1", "d/ok"]);
    expect(await paths("d/a\nb")).toEqual(["d/a\nb"]);
  });

  it.each([
    ["a\nb", "d/*"],
    ["a\nb", "d/**/{*,*}"],
    ["\nc", "d/*"],
    ["c\n", "d/*"],
    ["c\r\n", "d/**/c*"],
    ["c\u2028", "d/c?"],
    ["\u2029c", "d/*c"],
    ["n\nl/c1", "d/**/c*"],
    ["n\nl/c1", "d/*/*"],
    ["n\nl/sub/c1", "d/n*/**/c*"],
    ["sub/\nc", "d/*/*"],
    ["a\nb", "d/a\n*"],
    ["n\nl/c1", "d/[n]\nl/c1"],
  ])("%j is refused where %j names it", async (name, pattern) => {
    put("d/ok", `d/${name}`);
    await expect(host.glob(pattern)).rejects.toMatchObject(refused(`d/${name}`));
  });

  it("is no matter beside the matches, and a folder above the pattern may have one", async () => {
    put("d/a\nb", "d/n\nl/c1", "d/n\nl/sub/c2", "d/🐊");
    expect(await paths("d/?")).toEqual([]);
    expect(await paths("d/*1")).toEqual([]);
    expect(await paths("d/🐊*")).toEqual(["d/🐊"]);
    expect(await paths("d/n\nl/**/c*")).toEqual(["d/n\nl/c1", "d/n\nl/sub/c2"]);
  });
});

it.skipIf(process.platform !== "linux")("refuses a name that is not UTF-8", async () => {
  put("d/ok");
  writeFileSync(Buffer.concat([Buffer.from(join(top, "ws", "d", "b")), Buffer.from([0xff])]), "");
  for (const pattern of ["d/**", "d/*", "d/**/b*"]) {
    await expect(host.glob(pattern)).rejects.toMatchObject({ code: "NAME_REFUSED" });
  }
  expect(await paths("d/o*")).toEqual(["d/ok"]);
});

describe("what is never skipped", () => {
  it("refuses a link that matches: to a file, to a folder, out, to nothing", async () => {
    for (const [target, name] of [
      ["tool.tar.gz", "to-file"],
      ["linux", "to-folder"],
      ["/etc/passwd", "out"],
      ["nowhere", "to-nothing"],
    ] as const) {
      link(target, `dist/${name}`);
      await expect(host.glob("dist/*")).rejects.toMatchObject({ code: "FILE_REFUSED" });
      await expect(host.glob("dist/**")).rejects.toMatchObject({ code: "FILE_REFUSED" });
      await expect(host.glob("dist/**/{*,*}")).rejects.toMatchObject({ code: "FILE_REFUSED" });
      await expect(host.glob(`dist/${name}`)).rejects.toMatchObject({ code: "FILE_REFUSED" });
      rmSync(join(top, "ws", "dist", name));
    }
  });

  it("refuses a FIFO that matches", async () => {
    execFileSync("mkfifo", [join(top, "ws", "dist", "fifo")]);
    await expect(host.glob("dist/*")).rejects.toMatchObject({ code: "FILE_REFUSED" });
    await expect(host.glob("dist/**")).rejects.toMatchObject({ code: "FILE_REFUSED" });
    await expect(host.glob("dist/**/f*")).rejects.toMatchObject({ code: "FILE_REFUSED" });
    await expect(host.glob("dist/fifo")).rejects.toMatchObject({ code: "FILE_REFUSED" });
    expect(await paths("dist/*.gz")).toEqual(["dist/tool.tar.gz"]);
  });

  it("refuses a file behind a link that a star goes through, but does not mind links beside the matches", async () => {
    link("dist", "latest");
    await expect(host.glob("*/*.gz")).rejects.toMatchObject({ code: "FILE_REFUSED" });
    await expect(host.glob("*/linux/**")).rejects.toMatchObject({ code: "FILE_REFUSED" });
    expect(await paths("*/x")).toEqual(["other/x"]);
    expect(await paths("**/*.gz")).toEqual(["dist/tool.tar.gz"]);
  });

  it("ends where links go in circles", async () => {
    link(".", "dist/again");
    expect(await paths("dist/**/*.gz")).toEqual(["dist/tool.tar.gz"]);
  });

  it("never takes an unreadable folder for an empty one", async () => {
    chmodSync(top, 0o755);
    chmodSync(join(top, "ws", "dist", "linux"), 0o000);
    const root = process.geteuid?.() === 0;
    if (root) process.seteuid?.(65534);
    try {
      await expect(host.glob("dist/**")).rejects.toMatchObject({ code: "FILE_UNREADABLE" });
      await expect(host.glob("dist/*/t*")).rejects.toMatchObject({ code: "FILE_UNREADABLE" });
    } finally {
      if (root) process.seteuid?.(0);
      chmodSync(join(top, "ws", "dist", "linux"), 0o755);
    }
  });
});
