import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  appendFileSync,
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createBoundary } from "./boundary.ts";
import { createHost, type NodeHost } from "./create-host.ts";
import type { HashProgress } from "./digest-files.ts";
import { digestTree } from "./digest-tree.ts";
import { createHashPool } from "./hash-pool.ts";

const MIB = 2 ** 20;
const hasNix = spawnSync("nix", ["--version"]).status === 0;
const sha256 = (bytes: Uint8Array | string) => createHash("sha256").update(bytes).digest("hex");

let workspace: string;
let interrupt: AbortController;
let events: HashProgress[];
/** Called once, in the middle of the first tree of more than a chunk. */
let inTheMiddle: (() => void) | null;
let host: NodeHost;

beforeEach(() => {
  workspace = realpathSync(mkdtempSync(join(tmpdir(), "tree-")));
  interrupt = new AbortController();
  events = [];
  inTheMiddle = null;
  const onProgress = (event: HashProgress) => {
    events.push(event);
    if (event.bytes <= MIB || event.bytes >= event.bytesTotal) return;
    inTheMiddle?.();
    inTheMiddle = null;
  };
  host = createHost({ workspace, roots: [], signal: interrupt.signal, userCode: true, env: {}, onProgress });
});
afterEach(async () => {
  await host.close();
  rmSync(workspace, { recursive: true });
});

function put(name: string, bytes: Uint8Array | string = "", mode = 0o644): void {
  const path = join(workspace, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, bytes);
  chmodSync(path, mode);
}

const nar = async (path: string) => (await host.digestTree(path, { files: false })).narSha256;

/** The format once more, as short as can be: everything in memory, names as bytes. */
function reference(path: Buffer): Buffer {
  const str = (value: Buffer | string) => {
    const bytes = Buffer.from(value);
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(bytes.length));
    return Buffer.concat([length, bytes, Buffer.alloc(-bytes.length & 7)]);
  };
  const strs = (...values: (Buffer | string)[]) => Buffer.concat(values.map(str));
  const node = (place: Buffer): Buffer => {
    const stats = lstatSync(place);
    if (stats.isSymbolicLink()) {
      return strs("(", "type", "symlink", "target", readlinkSync(place, { encoding: "buffer" }), ")");
    }
    if (stats.isFile()) {
      const executable = stats.mode & 0o100 ? ["executable", ""] : [];
      return strs("(", "type", "regular", ...executable, "contents", readFileSync(place), ")");
    }
    const names = readdirSync(place, { encoding: "buffer" }).sort(Buffer.compare);
    const entries = names.map((name) =>
      Buffer.concat([
        strs("entry", "(", "name", name, "node"),
        node(Buffer.concat([place, Buffer.from("/"), name])),
        str(")"),
      ]),
    );
    return Buffer.concat([strs("(", "type", "directory"), ...entries, str(")")]);
  };
  return Buffer.concat([str("nix-archive-1"), node(path)]);
}

const referenceOf = (name: string) => reference(Buffer.from(join(workspace, name)));

describe("the NAR digest", () => {
  // nix path-info of these store paths, Nix 2.8.0: their bytes can be written down.
  it("is what Nix 2.8.0, 2.26.3 and 2.34.8 recorded", async () => {
    put("doc/share/doc.txt", "doc\n");
    put("dev/include/demo.h", "#define DEMO 1 // /nix/store/kcy7w3kkdkj9zkb2ik2mx0g7950xp6x9-demo-1.0.0\n");
    put("demo.txt", "hello /nix/store/kcy7w3kkdkj9zkb2ik2mx0g7950xp6x9-demo-1.0.0\n");
    put("ca-demo", "ca\n");
    const sri = async (name: string) => {
      const { narSha256, narSize } = await host.digestTree(name, { files: false });
      return [Buffer.from(narSha256, "hex").toString("base64"), narSize];
    };
    expect(await sri("doc")).toEqual(["mlbAUP/sgzSZj5UwYyL2r+gSo105mFYnA3/BdBpG4bI=", 456]);
    expect(await sri("dev")).toEqual(["A3ckxgEaht8ao2JRVqsos5ecnmOgsfY1ZaadpAwjp6U=", 528]);
    expect(await sri("demo.txt")).toEqual(["CmLXPnRzqMUHiOnvIw1zxpmXXKcx/mZhn7taeVrhP28=", 176]);
    expect(await sri("ca-demo")).toEqual(["RNMIpYzRgrhyf3vD6cmewDcqHg5wlGt09FuO+4mFKjM=", 120]);
  });

  it("is that of the reference at every size where the way of reading changes", async () => {
    for (const size of [0, 1, 7, 8, 9, MIB - 500, MIB - 1, MIB, MIB + 1, 3 * MIB + 5]) {
      put(`sizes/f${size}`, Buffer.alloc(size, size), size % 2 === 0 ? 0o755 : 0o600);
    }
    put("sizes/folder/below");
    mkdirSync(join(workspace, "sizes", "empty"));
    const expected = referenceOf("sizes");
    const digest = await host.digestTree("sizes", { files: true });
    expect([digest.narSha256, digest.narSize]).toEqual([sha256(expected), expected.length]);
    expect(digest.files).toHaveLength(11);
    for (const { name, size, executable, sha256: own } of digest.files ?? []) {
      const path = join(workspace, "sizes", name);
      const bytes = readFileSync(path);
      expect([size, executable, own]).toEqual([bytes.length, (statSync(path).mode & 0o111) !== 0, sha256(bytes)]);
    }
  });

  it.skipIf(process.platform !== "linux")("sorts names by their bytes, whatever they are", async () => {
    // U+10000 comes after U+FF5E in bytes and before it in UTF-16; 0xff is not UTF-8 at all.
    for (const name of [
      "a",
      "a.b",
      "a-b",
      "Z",
      "\uff5e",
      "\u{10000}",
      "é",
      "e\u0301",
      "x".repeat(255),
      "new\nline",
      "\ufffd",
    ]) {
      put(`names/${name}`, name);
    }
    put("names/a.d/inner", "x");
    for (const bytes of [[0xff], [0xfe, 0x61], [0xc3, 0x28]]) {
      writeFileSync(Buffer.concat([Buffer.from(join(workspace, "names/")), Buffer.from(bytes)]), Buffer.from(bytes));
    }
    expect(await nar("names")).toBe(sha256(referenceOf("names")));
    if (hasNix) expect(await nar("names")).toBe(nixHash("names"));
  });

  it("keeps the target of a link as it is, and follows none", async () => {
    put("links/file", "x");
    symlinkSync("file", join(workspace, "links", "inside"));
    symlinkSync("/etc", join(workspace, "links", "outside"));
    symlinkSync("nowhere/../é", join(workspace, "links", "dangling"));
    const digest = await host.digestTree("links", { files: true });
    expect(digest).toMatchObject({ kind: "folder", links: 3, narSha256: sha256(referenceOf("links")) });
    expect(digest.files?.map(({ name }) => name)).toEqual(["file"]);
    const link = await host.digestTree("links/outside", { files: true });
    expect(link).toMatchObject({ kind: "link", links: 1, files: [], narSha256: sha256(referenceOf("links/outside")) });
  });

  it("is that of the reference for any tree", { timeout: 60_000 }, async () => {
    const name = fc.string({
      minLength: 1,
      maxLength: 12,
      unit: fc.constantFrom("a", "b", "B", "-", ".", "é", "𐀀", "～"),
    });
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof({ maxDepth: 3 }, tie("file"), tie("link"), tie("folder")),
      file: fc.record({ bytes: fc.uint8Array({ maxLength: 40 }), executable: fc.boolean() }),
      link: fc.record({ target: name }),
      folder: fc.dictionary(
        name.filter((text) => text !== "." && text !== ".."),
        tie("tree"),
        { maxKeys: 5 },
      ),
    }));
    const make = (path: string, value: unknown): void => {
      if (value === null || typeof value !== "object") throw new Error("no node");
      if ("bytes" in value && value.bytes instanceof Uint8Array) {
        writeFileSync(path, value.bytes);
        chmodSync(path, "executable" in value && value.executable === true ? 0o755 : 0o644);
      } else if ("target" in value) {
        symlinkSync(String(value.target), path);
      } else {
        mkdirSync(path);
        for (const [child, node] of Object.entries(value)) make(join(path, child), node);
      }
    };
    await fc.assert(
      fc.asyncProperty(tree, async (value) => {
        rmSync(join(workspace, "any"), { recursive: true, force: true });
        make(join(workspace, "any"), value);
        const digest = await host.digestTree("any", { files: false });
        const expected = referenceOf("any");
        expect([digest.narSha256, digest.narSize]).toEqual([sha256(expected), expected.length]);
      }),
      { numRuns: 150 },
    );
  });

  it.skipIf(!hasNix)("is that of `nix hash path` (skipped: nix is not on PATH)", () => {
    put("nix/bin/tool", "#!/bin/sh\n", 0o755);
    put("nix/share/doc/readme", "r");
    symlinkSync("tool", join(workspace, "nix", "bin", "alias"));
    mkdirSync(join(workspace, "nix", "empty"));
    return expect(nar("nix")).resolves.toBe(nixHash("nix"));
  });
});

function nixHash(name: string): string {
  const features = ["--extra-experimental-features", "nix-command"];
  const args = [...features, "hash", "path", "--type", "sha256", "--base16", join(workspace, name)];
  // A state of its own: the command opens a store before it reads the path.
  const state = mkdtempSync(join(tmpdir(), "nix-state-"));
  const env = {
    ...process.env,
    NIX_STORE_DIR: `${state}/store`,
    NIX_STATE_DIR: `${state}/var`,
    NIX_LOG_DIR: `${state}/log`,
    NIX_CONF_DIR: state,
    HOME: state,
  };
  try {
    return execFileSync("nix", args, { env, encoding: "utf8" }).trim();
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
}

describe("digests of the files", () => {
  beforeEach(() => {
    put("tree/b/two", "2");
    put("tree/one", "1");
  });

  const digestsOf = async (files: boolean | "plain") =>
    (await host.digestTree("tree", { files })).files?.map((file) => [file.name, file.sha256]) ?? null;
  const all = [
    ["b/two", sha256("2")],
    ["one", sha256("1")],
  ];

  it("come when they are wanted", async () => {
    expect(await digestsOf(false)).toBe(null);
    expect(await digestsOf(true)).toEqual(all);
    expect(await digestsOf("plain")).toEqual(all);
  });

  it("come for a plain tree only: no link, no executable, no name that is not UTF-8", async () => {
    symlinkSync("one", join(workspace, "tree", "zlink"));
    expect(await digestsOf("plain")).toBe(null);
    rmSync(join(workspace, "tree", "zlink"));
    chmodSync(join(workspace, "tree", "one"), 0o744);
    expect(await digestsOf("plain")).toBe(null);
  });

  it.skipIf(process.platform !== "linux")("are refused for a name that nobody can state", async () => {
    writeFileSync(Buffer.concat([Buffer.from(join(workspace, "tree/c")), Buffer.from([0xff])]), "x");
    expect(await digestsOf("plain")).toBe(null);
    await expect(host.digestTree("tree", { files: true })).rejects.toMatchObject({ code: "NAME_REFUSED" });
  });

  it("has the base name for a single file, which is never plain", async () => {
    chmodSync(join(workspace, "tree", "one"), 0o755);
    const digest = await host.digestTree("tree/one", { files: true });
    expect(digest).toMatchObject({ kind: "file", links: 0 });
    expect(digest.files).toEqual([{ name: "one", size: 1, executable: true, sha256: sha256("1") }]);
    expect((await host.digestTree("tree/b/two", { files: "plain" })).files).toBe(null);
  });
});

describe("what is refused", () => {
  it.skipIf(process.platform === "win32")("a FIFO, wherever it is, before anything is read", async () => {
    put("tree/a/file");
    execFileSync("mkfifo", [join(workspace, "tree", "a", "pipe")]);
    const refused = { code: "FILE_REFUSED", message: "tree/a/pipe is not a regular file" };
    await expect(host.digestTree("tree", { files: false })).rejects.toMatchObject(refused);
    await expect(host.digestTree("tree/a/pipe", { files: false })).rejects.toMatchObject({ code: "FILE_REFUSED" });
  });

  it("what is not there, and what lies outside", async () => {
    symlinkSync("/etc", join(workspace, "out"));
    await expect(host.digestTree("none", { files: false })).rejects.toMatchObject({ code: "INPUT_MISSING" });
    await expect(host.digestTree("none/below", { files: false })).rejects.toMatchObject({ code: "INPUT_MISSING" });
    await expect(host.digestTree("/etc", { files: false })).rejects.toMatchObject({ code: "OUTSIDE_ROOTS" });
    await expect(host.digestTree("out/hostname", { files: false })).rejects.toMatchObject({ code: "OUTSIDE_ROOTS" });
  });

  it("more entries than the limit", async () => {
    for (const name of ["a/b/1", "a/b/2", "a/3"]) put(`tree/${name}`);
    const pool = createHashPool(1);
    const context = { boundary: createBoundary(workspace, []), pool, signal: interrupt.signal };
    await expect(digestTree("tree", { files: false, limit: 4 }, context)).rejects.toMatchObject({
      code: "LIMIT_EXCEEDED",
    });
    expect(await digestTree("tree", { files: false, limit: 5 }, context)).toMatchObject({ kind: "folder" });
    await pool.close();
  });

  it.skipIf(process.getuid?.() === 0)("a file that may not be read (skipped: root may read all)", async () => {
    put("tree/secret", "x", 0o000);
    await expect(host.digestTree("tree", { files: false })).rejects.toMatchObject({ code: "FILE_UNREADABLE" });
  });
});

describe("a tree that changes while it is read", { timeout: 30_000 }, () => {
  const big = () => join(workspace, "tree", "m-big");

  beforeEach(() => {
    for (const name of ["tree/a", "tree/sub/z"]) put(name, "x");
    put("tree/m-big");
    truncateSync(big(), 768 * MIB); // some seven looks at the progress
  });

  it.each([
    [
      "a file that was read is replaced",
      () => renameSync(join(workspace, "tree", "sub", "z"), join(workspace, "tree", "a")),
    ],
    ["a file is added", () => put("tree/b", "new")],
    ["a file below is removed", () => rmSync(join(workspace, "tree", "sub", "z"))],
    [
      "a folder becomes a link",
      () => {
        renameSync(join(workspace, "tree", "sub"), join(workspace, "moved"));
        symlinkSync(join(workspace, "moved"), join(workspace, "tree", "sub"));
      },
    ],
    ["the file that is read grows", () => appendFileSync(big(), "x")],
    ["the file that is read shrinks", () => truncateSync(big(), 3 * MIB)],
    ["the file that is read becomes executable", () => chmodSync(big(), 0o755)],
  ])("is refused when %s", async (_what, change) => {
    inTheMiddle = change;
    await expect(host.digestTree("tree", { files: false })).rejects.toMatchObject({ code: "FILE_CHANGED" });
    expect(inTheMiddle).toBe(null);
  });

  it("is not refused when it does not change, and says how far it is", async () => {
    await host.digestTree("tree", { files: false });
    const bytesTotal = 768 * MIB + 2;
    expect(events.at(-1)).toEqual({ kind: "hash", files: 3, filesTotal: 3, bytes: bytesTotal, bytesTotal });
    expect(events.length).toBeGreaterThan(1);
  });

  it("stops at once when the user interrupts", async () => {
    truncateSync(big(), 64 * 1024 * MIB);
    const hashed = host.digestTree("tree", { files: false });
    const begun = expect.poll(() => events.length, { interval: 5, timeout: 10_000 }).toBeGreaterThan(0);
    await begun;
    const asked = performance.now();
    interrupt.abort();
    await expect(hashed).rejects.toMatchObject({ code: "ABORTED" });
    expect(performance.now() - asked).toBeLessThan(1_000);
    await expect(host.digestTree("tree", { files: false })).rejects.toMatchObject({ code: "ABORTED" });
  });
});
