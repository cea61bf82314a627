import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tarHost } from "../test/memory-source.ts";
import { encode, sha256, tarOf } from "../test/synthetic-image.ts";
import { scanTar } from "./tar-entries.ts";

type Entries = Parameters<typeof tarOf>[0];
const scan = (tar: Uint8Array, chunkSize?: number) => scanTar(tarHost(tar, chunkSize).openRead(""), "it", () => true);
const scanned = async (entries: Entries) => scan(await tarOf(entries));
const malformed = { code: "IMAGE_MALFORMED" };
const [one, two] = [encode("one"), encode("two")];

test("files, by their name without ./ and doubled slashes", async () => {
  const entries = await scanned([
    ["./", "", "directory"],
    ["./blobs//sha256/x", one],
    ["blobs/sha512/y", one],
    ["empty", new Uint8Array()],
  ]);
  expect([...entries.keys()]).toEqual(["blobs/sha256/x", "blobs/sha512/y", "empty"]);
  expect(entries.get("blobs/sha256/x")).toEqual({
    kind: "file",
    size: 3,
    digest: sha256(one),
    bytes: Buffer.from(one),
  });
  expect(entries.get("blobs/sha512/y")).toMatchObject({ digest: expect.stringMatching(/^sha512:[0-9a-f]{128}$/) });
  expect(entries.get("empty")).toEqual({ kind: "file", size: 0, digest: sha256(new Uint8Array()), bytes: null });
});

test("links and devices are known as what they are", async () => {
  const entries = await scanned([
    ["a", "/etc/passwd", "symlink"],
    ["b", "a", "link"],
    ["c", "", "fifo"],
  ]);
  expect([...entries.values()]).toEqual(["symlink", "link", "fifo"].map((type) => ({ kind: "other", type })));
});

/** A header of another kind than a file's, with its content: pax's `x` and `g`, GNU's `L`. */
async function special(kind: string, content: string): Promise<Buffer> {
  const tar = Buffer.from((await tarOf([["header", encode(content)]])).subarray(0, -1024));
  tar[156] = kind.charCodeAt(0);
  seal(tar);
  return tar;
}

const record = (text: string) => `${text.length + 4} ${text}\n`;
const mtime = record("mtime=1700000000");

describe("what other readers would take for another tar is refused:", () => {
  test("a header that gives all entries after it another name, which Go's reader passes over", async () => {
    const rename = [await special("g", record("path=junk.json")), await special("x", mtime)];
    const tar = Buffer.concat([...rename, await tarOf([["manifest.json", one]])]);
    await expect(scan(tar)).rejects.toMatchObject({ ...malformed, actual: 'an entry of the kind "g"' });
  });

  test("a long name of GNU's beside a path, of which Go's reader takes the former", async () => {
    const names = [await special("L", "manifest.json\0"), await special("x", record("path=junk.json"))];
    const tar = Buffer.concat([...names, await tarOf([["a", one]])]);
    await expect(scan(tar)).rejects.toMatchObject({ ...malformed, actual: "GNU's long one and a path" });
  });

  test("GNU's sparse files, whose name stands elsewhere", async () => {
    const pax = await special("x", record("GNU.sparse.name=manifest.json"));
    const tar = Buffer.concat([pax, await tarOf([["a", one]])]);
    await expect(scan(tar)).rejects.toMatchObject({ ...malformed, actual: "GNU.sparse.name" });
    const old = await tarOf([["a", one]]);
    old[156] = "S".charCodeAt(0);
    seal(old);
    await expect(scan(old)).rejects.toMatchObject({ ...malformed, actual: 'an entry of the kind "S"' });
  });

  test.each(["x", "L"])("two headers %s about one entry", async (kind) => {
    const content = kind === "x" ? mtime : "manifest.json\0";
    const tar = Buffer.concat([await special(kind, content), await special(kind, content), await tarOf([["a", one]])]);
    await expect(scan(tar)).rejects.toMatchObject({ ...malformed, actual: "two" });
  });

  test.each([
    ["a key twice", record("path=one.json.x") + record("path=two.json.x")],
    ["an empty path", "8 path=\n"],
    ["a length that is too short", "9 path=abc\n"],
    ["a length beyond the end", "99 path=abc\n"],
    ["no length", "path=abc\n"],
    ["no key", "6 =abc\n"],
  ])("records with %s", async (_what, records) => {
    const tar = Buffer.concat([await special("x", records), await tarOf([["a", one]])]);
    await expect(scan(tar)).rejects.toMatchObject(malformed);
  });

  test("a header about no entry", async () => {
    await expect(scan(Buffer.concat([await special("x", mtime), Buffer.alloc(1024)]))).rejects.toMatchObject(malformed);
    await expect(scan(await special("L", "a\0"))).rejects.toMatchObject(malformed);
  });

  test("a long header", async () => {
    const tar = Buffer.concat([await special("L", "a".repeat(1024 * 1024 + 1)), await tarOf([["a", one]])]);
    await expect(scan(tar)).rejects.toMatchObject({ ...malformed, actual: "1048577 bytes" });
  });

  test("a second tar behind the end of the first", async () => {
    const tar = Buffer.concat([await tarOf([["a", one]]), await tarOf([["b", two]])]);
    await expect(scan(tar)).rejects.toMatchObject({ ...malformed, actual: "something" });
  });

  test("star's own format, whose prefix is shorter", async () => {
    const tar = await tarOf([["a", one]]);
    tar.write("tar\0", 508, "latin1");
    seal(tar);
    await expect(scan(tar)).rejects.toMatchObject(malformed);
  });

  test("a prefix in GNU's format, which has none", async () => {
    const tar = await tarOf([["a", one]]);
    tar.write("ustar  \0", 257, "latin1");
    seal(tar);
    expect([...(await scan(tar)).keys()]).toEqual(["a"]);
    tar.write("folder", 345, "latin1");
    seal(tar);
    await expect(scan(tar)).rejects.toMatchObject(malformed);
  });

  test("a link with content", async () => {
    const tar = await tarOf([["a", one]]);
    tar[156] = "2".charCodeAt(0);
    seal(tar);
    await expect(scan(tar)).rejects.toMatchObject({ ...malformed, actual: "3 bytes" });
  });

  test("a file whose name ends in a slash", async () => {
    const tar = await tarOf([["a/", one]]);
    tar[156] = "0".charCodeAt(0);
    seal(tar);
    await expect(scan(tar)).rejects.toMatchObject(malformed);
  });

  test.each<[string, Entries]>([
    [
      "through a link, after it",
      [
        ["x", ".", "symlink"],
        ["x/manifest.json", one],
      ],
    ],
    [
      "through a link that takes its folder's place later",
      [
        ["blobs/sha256/a", one],
        ["blobs", "other", "symlink"],
      ],
    ],
    [
      "of a folder that is a link, too",
      [
        ["blobs", "", "directory"],
        ["blobs", "other", "symlink"],
      ],
    ],
    [
      "below a file",
      [
        ["a", one],
        ["a/b/c", two],
      ],
    ],
  ])("a name %s", async (_what, entries) => {
    await expect(scanned(entries)).rejects.toMatchObject({ ...malformed, expected: "each name once" });
  });
});

test("a mark at the beginning of a name belongs to it", async () => {
  expect([...(await scanned([["\uFEFFindex.json", one]])).keys()]).toEqual(["\uFEFFindex.json"]);
});

test("a size of more than eight gigabytes in GNU's way is read as one", async () => {
  const tar = await tarOf([["a", one]]);
  tar.fill(0, 124, 136);
  tar[124] = 0x80;
  tar[135] = 3;
  seal(tar);
  expect((await scan(tar)).get("a")).toMatchObject({ size: 3, digest: sha256(one) });
});

test.each([
  ["..", "../a"],
  [".. inside", "blobs/../../a"],
  ["an absolute path", "/a"],
  ["a Windows drive", "c:a"],
  ["a backslash", "blobs\\sha256\\a"],
  ["a line end", "a\nb"],
  ["256 characters", "a".repeat(256)],
])("a name with %s is refused, of a link too", async (_what, name) => {
  await expect(scanned([[name, one]])).rejects.toMatchObject(malformed);
  await expect(scanned([[name, "x", "symlink"]])).rejects.toMatchObject(malformed);
});

describe("a name that stands twice", () => {
  test("with the same content is one file", async () => {
    expect([
      ...(
        await scanned([
          ["a", one],
          ["./a", one],
        ])
      ).keys(),
    ]).toEqual(["a"]);
  });

  test.each<[string, Entries]>([
    [
      "with other content",
      [
        ["a", one],
        ["a", two],
      ],
    ],
    [
      "spelled in another way",
      [
        ["a", one],
        ["./a", two],
      ],
    ],
    [
      "as a link, after the file",
      [
        ["a", one],
        ["a", "b", "symlink"],
      ],
    ],
    [
      "as a link, before the file",
      [
        ["a", "b", "link"],
        ["a", one],
      ],
    ],
  ])("%s is refused", async (_what, entries) => {
    await expect(scanned(entries)).rejects.toMatchObject(malformed);
  });
});

test.each([
  ["text", encode("not a tar at all")],
  ["a block of text", encode("x".repeat(1024))],
  ["gzip", Buffer.from("1f8b0800000000000003", "hex")],
  ["zstd", Buffer.from("28b52ffd2400", "hex")],
])("%s is refused", async (_what, bytes) => {
  await expect(scan(bytes)).rejects.toMatchObject(malformed);
});

test("a tar that is cut off inside of an entry is refused", async () => {
  const tar = await tarOf([["a", new Uint8Array(5000)]]);
  for (const length of [100, 512, 700, 5511])
    await expect(scan(tar.subarray(0, length))).rejects.toMatchObject(malformed);
});

test.each([["-1"], ["1e9"], ["x"], ["99999999999999999999"], ["1"]])(
  "a pax header that says size=%s changes no content",
  async (size) => {
    const record = ` size=${size}\n`;
    const length = record.length + 2;
    const pax = await tarOf([["pax", encode(`${length}${record}`)]]);
    pax[156] = "x".charCodeAt(0);
    seal(pax);
    const tar = Buffer.concat([pax.subarray(0, 1024), await tarOf([["a", one]])]);
    const entries = await scan(tar).catch((error: unknown) => {
      expect(error).toMatchObject(malformed);
      return null;
    });
    expect(entries?.get("a")).not.toMatchObject({ digest: sha256(one) });
  },
);

test("an error of the file is passed on as it is", async () => {
  const tar = await tarOf([["a", new Uint8Array(3000)]]);
  const broken = async function* () {
    yield tar.subarray(0, 1000);
    throw Object.assign(new Error("changed"), { name: "TouchmarkError", code: "FILE_CHANGED" });
  };
  await expect(scanTar(broken(), "it", () => false)).rejects.toMatchObject({ code: "FILE_CHANGED" });
});

test("the file is closed when the tar is refused", async () => {
  const tar = await tarOf([
    ["../a", one],
    ["b", new Uint8Array(5 * 1024 * 1024)],
  ]);
  let closed = false;
  const chunks = async function* () {
    try {
      for (let at = 0; at < tar.length; at += 4096) yield tar.subarray(at, at + 4096);
    } finally {
      closed = true;
    }
  };
  await expect(scanTar(chunks(), "it", () => false)).rejects.toMatchObject(malformed);
  expect(closed).toBe(true);
});

test("100,000 entries are the most", async () => {
  const header = (await tarOf([["x", new Uint8Array()]])).subarray(0, 512);
  await expect(scan(Buffer.alloc(100_001 * 512, header))).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
}, 30_000);

test("a tar is the same in chunks of any size", async () => {
  const tar = await tarOf([
    ["a", encode('{"a":1}')],
    [`${"long/".repeat(30)}b`, encode("x".repeat(3000))],
    ["c", one],
  ]);
  const whole = await scan(tar);
  expect(whole.size).toBe(3);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 2000 }), async (size) => {
      expect(await scan(tar, size)).toEqual(whole);
    }),
    { numRuns: 50 },
  );
});

/** Writes the checksum of the first header after it was changed. */
function seal(tar: Buffer): void {
  const sum = tar.subarray(0, 512).reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  tar.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
}
