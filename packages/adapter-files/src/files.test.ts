import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { adapterLaws, withTestHost } from "@touchmark/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type FilesOptions, files } from "./files.ts";

const TREE = {
  "dist/tool": "tool\n",
  "dist/.hidden": "hidden\n",
  "dist/linux/tool": "linux tool\n",
  "dist/linux/arm64/tool": "arm64 tool\n",
};

let folder: string;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "files-")));
  await write(TREE);
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function write(tree: Readonly<Record<string, string>>): Promise<void> {
  await writeTree(folder, tree);
}

async function writeTree(root: string, tree: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(tree)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

async function collect(options: FilesOptions, roots: readonly string[] = []) {
  const output = await withTestHost(folder, (host) => files.collect(host, options), { roots });
  return output?.subjects ?? [];
}

async function names(options: FilesOptions, roots: readonly string[] = []): Promise<readonly string[]> {
  return (await collect(options, roots)).map((subject) => subject.name).sort();
}

adapterLaws(files, [
  {
    name: "a folder",
    fixture: (place) => writeTree(place, TREE),
    options: { include: "dist", expect: ["tool", ".hidden", "linux/tool", "linux/arm64/tool"] },
    absent: "PATTERN_UNMATCHED",
  },
  {
    name: "a pattern and a path, by their number",
    fixture: (place) => writeTree(place, TREE),
    options: { include: ["dist/linux/**", "dist/.hidden"], expect: 3, algorithms: ["sha512"] },
    absent: "PATTERN_UNMATCHED",
    subjects: {
      tool: `sha256:${sha256("linux tool\n")}`,
      "arm64/tool": `sha256:${sha256("arm64 tool\n")}`,
      ".hidden": `sha256:${sha256("hidden\n")}`,
    },
  },
]);

describe("names", () => {
  test.each([
    ["dist/*", [".hidden", "tool"]],
    ["dist/**", [".hidden", "linux/arm64/tool", "linux/tool", "tool"]],
    ["dist/**/tool", ["linux/arm64/tool", "linux/tool", "tool"]],
    ["dist/*/tool", ["linux/tool"]],
    ["dist/linux/**", ["arm64/tool", "tool"]],
    ["**/.hidden", ["dist/.hidden"]],
    ["dist/linux/tool", ["tool"]],
    ["dist", [".hidden", "linux/arm64/tool", "linux/tool", "tool"]],
    ["dist/", [".hidden", "linux/arm64/tool", "linux/tool", "tool"]],
    [".", ["dist/.hidden", "dist/linux/arm64/tool", "dist/linux/tool", "dist/tool"]],
    ["./dist/*", [".hidden", "tool"]],
    ["dist/../dist/*", [".hidden", "tool"]],
    ["dist//linux/*", ["tool"]],
  ])("%s", async (include, expected) => {
    expect(await names({ include })).toEqual(expected);
  });

  test("an absolute path inside the workspace names the same files the same way", async () => {
    expect(await names({ include: join(folder, "dist/*") })).toEqual([".hidden", "tool"]);
    expect(await names({ include: join(folder, "dist") })).toEqual(await names({ include: "dist" }));
    expect(await names({ include: `${folder}/**` })).toEqual(await names({ include: "." }));
  });

  test("a root beside the workspace", async () => {
    const beside = join(folder, "dist");
    const inner = join(folder, "dist/linux");
    const run = (include: string) =>
      withTestHost(inner, (host) => files.collect(host, { include }), { roots: [beside] });
    const found = async (include: string) => (await run(include))?.subjects.map((subject) => subject.name).sort();
    expect(await found(`${beside}/*`)).toEqual([".hidden", "tool"]);
    expect(await found("../*")).toEqual([".hidden", "tool"]);
    expect(await found("..")).toEqual([".hidden", "linux/arm64/tool", "linux/tool", "tool"]);
    expect(await found("**")).toEqual(["arm64/tool", "tool"]);
    await expect(run("../../*")).rejects.toMatchObject({ code: "OUTSIDE_ROOTS" });
  });

  test.each(["../**", "../*/tool"])("a pattern through the workspace from above is refused: %s", async (include) => {
    const collected = withTestHost(join(folder, "dist/linux"), (host) => files.collect(host, { include }), {
      roots: [join(folder, "dist")],
    });
    await expect(collected).rejects.toMatchObject({ code: "INPUT_INVALID" });
  });

  test("a folder of the workspace's own name does not confuse them", async () => {
    const name = folder.slice(folder.lastIndexOf("/") + 1);
    await write({ [`${name}/${name}/x`]: "x" });
    expect(await names({ include: `${folder}/${name}/**` })).toEqual([`${name}/x`]);
    expect(await names({ include: `${folder}/**/x` })).toEqual([`${name}/${name}/x`]);
  });

  test("brackets that stand there literally are no pattern", async () => {
    await write({ "pages/[id]/a.js": "a", "pages/[id]/b.js": "b", "pages/i/c.js": "c", "lib(1).js": "l" });
    expect(await names({ include: "pages/[id]/a.js" })).toEqual(["a.js"]);
    expect(await names({ include: "pages/[id]/*" })).toEqual(["a.js", "b.js"]);
    expect(await names({ include: "pages/[id]" })).toEqual(["a.js", "b.js"]);
    expect(await names({ include: "lib(1).js" })).toEqual(["lib(1).js"]);
  });

  test.each([
    ["a line end", "dist/a\nb"],
    ["a backslash", "dist/a\\b"],
    ["a package's name", "dist/pkg:npm/left-pad@1.3.0"],
  ])("%s in a name is refused, and shown escaped", async (_what, path) => {
    await write({ [path]: "x" });
    const escaped = JSON.stringify(path.slice("dist/".length)).slice(1, -1);
    for (const include of ["dist", "dist/**", path.split("/").length > 2 ? "dist/*/*" : "dist/*"]) {
      await expect(collect({ include })).rejects.toMatchObject({
        code: "NAME_REFUSED",
        message: expect.stringContaining(`${escaped}"`),
      });
    }
  });
});

describe("a pattern that matches nothing", () => {
  test.each([
    ["a pattern", ["dist/*.exe"]],
    ["a path", ["dist/nothing"]],
    ["a folder that is not there", ["nowhere/**"]],
    ["beside one that matches", ["dist/tool", "dist/*.exe"]],
  ])("%s", async (_what, include) => {
    await expect(collect({ include })).rejects.toMatchObject({
      code: "PATTERN_UNMATCHED",
      message: `${include.at(-1)} names no file`,
    });
  });

  test("an empty folder", async () => {
    await mkdir(join(folder, "empty"));
    await expect(collect({ include: "empty" })).rejects.toMatchObject({ code: "PATTERN_UNMATCHED" });
  });

  test("one whose matches are all excluded", async () => {
    await expect(collect({ include: ["dist/tool", "dist/linux/*"], exclude: "dist/linux" })).rejects.toMatchObject({
      code: "PATTERN_UNMATCHED",
      message: "dist/linux/* names no file",
      actual: "1, all of them excluded",
    });
  });
});

describe("what is not a regular file", () => {
  test.each([
    ["a link in a folder", "dist"],
    ["a link that a pattern names", "dist/*"],
    ["a link by its name", "dist/link"],
  ])("%s", async (_what, include) => {
    await symlink("tool", join(folder, "dist/link"));
    await expect(collect({ include })).rejects.toMatchObject({ code: "FILE_REFUSED" });
  });

  test.each(["dist", "dist/*", "dist/fifo"])("a FIFO: %s", async (include) => {
    execFileSync("mkfifo", [join(folder, "dist/fifo")]);
    await expect(collect({ include })).rejects.toMatchObject({ code: "FILE_REFUSED" });
  });

  const onLinux = test.skipIf(process.platform !== "linux");
  onLinux.each(["dist", "dist/*", "dist/**"])("a name that is not UTF-8: %s", async (include) => {
    await writeFile(Buffer.concat([Buffer.from(join(folder, "dist/b")), Buffer.from([0xff])]), "");
    await expect(collect({ include })).rejects.toMatchObject({ code: "NAME_REFUSED" });
  });

  test("a link that the pattern does not name does no harm", async () => {
    await symlink("tool", join(folder, "dist/link"));
    expect(await names({ include: "dist/t*" })).toEqual(["tool"]);
  });
});

describe("several patterns", () => {
  test("a file that two of them name in one way is there once", async () => {
    expect(await names({ include: ["dist/*", "dist/tool"] })).toEqual([".hidden", "tool"]);
  });

  test("two files with different bytes under one name are a conflict that says which", async () => {
    await expect(collect({ include: ["dist/linux/tool", "dist/tool"] })).rejects.toMatchObject({
      code: "SUBJECT_CONFLICT",
      actual: "dist/linux/tool and dist/tool",
    });
  });

  test("two files with the same bytes under one name are one", async () => {
    await write({ "docs/LICENSE": "free\n", "dist/LICENSE": "free\n" });
    expect(await names({ include: ["docs/LICENSE", "dist/LICENSE"] })).toEqual(["LICENSE"]);
  });

  test("exclude takes paths, folders and patterns, and one that names nothing is no error", async () => {
    const left = await names({ include: "dist", exclude: ["dist/.hidden", "dist/linux/arm64", "**/*.map"] });
    expect(left).toEqual(["linux/tool", "tool"]);
  });
});

describe("options", () => {
  test("sha256 is always there; others when asked for", async () => {
    const [plain] = await collect({ include: "dist/tool" });
    expect(plain?.digest).toEqual({ sha256: sha256("tool\n") });
    const [more] = await collect({ include: "dist/tool", algorithms: ["sha3_256"] });
    expect(more?.digest).toEqual({
      sha256: sha256("tool\n"),
      sha3_256: createHash("sha3-256").update("tool\n").digest("hex"),
    });
  });

  test.each([
    ["a name that is missing", ["tool", "other"], "ARTIFACT_MISSING"],
    ["a name that nobody expects", ["tool"], "ARTIFACT_UNEXPECTED"],
    ["fewer than expected", 3, "ARTIFACT_MISSING"],
    ["more than expected", 1, "ARTIFACT_UNEXPECTED"],
  ])("expect: %s", async (_what, expected, code) => {
    await expect(collect({ include: "dist/*", expect: expected })).rejects.toMatchObject({ code });
  });

  test("--from files:GLOB", () => {
    expect(files.fromArgument("dist/*")).toEqual({ include: "dist/*" });
    expect(() => files.fromArgument(null)).toThrowError(expect.objectContaining({ code: "USAGE" }));
    expect(() => files.fromArgument("")).toThrowError(expect.objectContaining({ code: "USAGE" }));
  });

  test.each([
    ["a misspelled key", { includes: "dist/*" }],
    ["nothing to include", { include: [] }],
    ["an empty pattern", { include: "" }],
    ["a weak algorithm", { include: "dist/*", algorithms: ["sha1"] }],
    ["an expectation of nothing", { include: "dist/*", expect: 0 }],
  ])("%s is refused", (_what, options) => {
    expect(files.options.safeParse(options).success).toBe(false);
  });

  test("what init suggests and fromArgument makes is accepted", () => {
    expect(files.options.safeParse(files.suggest).success).toBe(true);
    expect(files.options.safeParse(files.fromArgument("dist")).success).toBe(true);
  });
});
