import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { withTestHost } from "@touchmark/testkit";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { folderHost, tarHost } from "../test/memory-source.ts";
import {
  CONFIG,
  encode,
  type Files,
  INDEX,
  LAYER,
  layout,
  MANIFEST,
  put,
  putIndex,
  putPlatform,
  sha256,
  tarOf,
  twoPlatforms,
} from "../test/synthetic-image.ts";
import type { ImageLayout } from "./layout.ts";
import { openLayout } from "./open-layout.ts";
import { readImage } from "./read-image.ts";

type Form = "folder" | "tar";
const FORMS: readonly Form[] = ["folder", "tar"];
const malformed = { code: "IMAGE_MALFORMED" };
const opens = (form: Form, files: Files) => opened(form, files, async ({ entries }) => entries);
const pathOf = (content: string) => `blobs/sha256/${sha256(encode(content)).slice(7)}`;

describe.each(FORMS)("an OCI layout as a %s", (form) => {
  test("has entries, an image and all of its content", async () => {
    const { files, root } = twoPlatforms();
    await opened(form, files, async (found) => {
      expect(found.label).toBe(form === "tar" ? "layout.tar" : "layout");
      expect(found.entries).toMatchObject([
        { descriptor: root, references: ["ghcr.io/octo/app:1", "1"], role: "image" },
      ]);
      const image = await readImage(found, root);
      expect([image.platforms.length, image.attestations.length]).toEqual([2, 2]);
      expect(await found.checkContent(root)).toEqual([]);
    });
  });

  test("gives blobs with the digest and size that were asked for", async () => {
    const { files } = twoPlatforms();
    const content = "the layer for amd64";
    const [digest, size] = [sha256(encode(content)), content.length];
    await opened(form, files, async (found) => {
      expect(Buffer.from(await found.blob({ digest, size }, { max: size })).toString()).toBe(content);
      await expect(found.blob({ digest, size }, { max: size - 1 })).rejects.toMatchObject({ code: "INPUT_TOO_LARGE" });
      await expect(found.blob({ digest, size: size - 1 }, { max: size - 1 })).rejects.toMatchObject({
        code: "INPUT_TOO_LARGE",
      });
      await expect(found.blob({ digest, size: size + 1 }, { max: 100 })).rejects.toMatchObject({
        code: "DIGEST_MISMATCH",
      });
      const missing = { digest: `sha256:${"0".repeat(64)}`, size: 1 };
      await expect(found.blob(missing, { max: 10 })).rejects.toMatchObject({ code: "IMAGE_MISSING" });
      await expect(found.manifest(missing)).rejects.toMatchObject({ code: "IMAGE_MISSING" });
      await expect(found.manifest({ digest: "sha256:../../index.json" })).rejects.toMatchObject({
        code: "INPUT_INVALID",
      });
    });
  });

  test("with another content of the same length under a digest is not believed", async () => {
    const { files } = twoPlatforms();
    files.set(pathOf("the layer for amd64"), encode("THE LAYER FOR AMD64"));
    const wanted = { digest: sha256(encode("the layer for amd64")), size: 19 };
    await opened(form, files, async (found) => {
      await expect(found.blob(wanted, { max: 100 })).rejects.toMatchObject({ code: "DIGEST_MISMATCH" });
    });
  });

  test("with a sha512 digest", async () => {
    const files: Files = new Map();
    const layer = put(files, "layer", LAYER, {
      digest: `sha512:${createHash("sha512").update("layer").digest("hex")}`,
    });
    const root = put(files, { schemaVersion: 2, config: put(files, "{}", CONFIG), layers: [layer] }, MANIFEST);
    await opened(form, layout(files, [root]), async (found) => expect(await found.checkContent(root)).toEqual([]));
    files.set(`blobs/${layer.digest.replace(":", "/")}`, encode("other"));
    await opened(form, files, async (found) => {
      expect(await found.checkContent(root)).toMatchObject([{ kind: "digest", descriptor: { digest: layer.digest } }]);
    });
  });

  test("finds what refers to its content and is in no index, and nothing else", async () => {
    const files: Files = new Map();
    const root = putPlatform(files, "amd64");
    const subject = { mediaType: root.mediaType, digest: root.digest, size: root.size };
    const referrer = (members: object) => ({
      ...{ schemaVersion: 2, mediaType: MANIFEST, config: root, layers: [], subject },
      ...members,
    });
    const some = [referrer({}), referrer({ at: 1 })].map((one) => put(files, one, MANIFEST));
    put(files, referrer({ mediaType: INDEX }), INDEX);
    put(files, referrer({ subject: undefined }), MANIFEST);
    put(files, referrer({ long: "x".repeat(65_536) }), MANIFEST);
    put(files, "no JSON", LAYER);
    put(files, "{", LAYER);
    const more = encode(JSON.stringify(referrer({ at: 2 })));
    for (const path of [`blobs/sha256/${"0".repeat(64)}`, "blobs/sha256/short", "other/sha256"]) files.set(path, more);
    await opened(form, layout(files, [root]), async (found) => {
      const digests = (await found.referrers()).map(({ digest }) => digest);
      expect(digests).toEqual(some.map(({ digest }) => digest).sort());
    });
    await opened(form, layout(files, [root, ...some]), async (found) => expect(await found.referrers()).toEqual([]));
  });

  test.runIf(form === "tar")("looks for them among 10,000 small files, and among no more", async () => {
    const { files, root } = twoPlatforms();
    const subject = { mediaType: root.mediaType, digest: root.digest, size: root.size };
    put(files, { schemaVersion: 2, mediaType: MANIFEST, config: root, layers: [], subject }, MANIFEST);
    for (let at = 0; at < 10_000; at += 1) put(files, `{"at":${at}}`, LAYER);
    await opened(form, files, async (found) => expect(await found.referrers()).toEqual([]));
    for (let at = 0; at < 100; at += 1) files.delete(pathOf(`{"at":${at}}`));
    await opened(form, files, async (found) => expect(await found.referrers()).not.toEqual([]));
  });

  test("of cosign save says which entry is what", async () => {
    const files: Files = new Map();
    const of = (architecture: string, kind: string) => ({
      ...putPlatform(files, architecture),
      annotations: { kind: `dev.cosignproject.cosign/${kind}` },
    });
    const index = { ...putIndex(files, []), annotations: { kind: "dev.cosignproject.cosign/imageIndex" } };
    layout(files, [index, of("a", "image"), of("b", "sigs"), of("c", "atts")]);
    expect((await opens(form, files)).map(({ role }) => role)).toEqual([
      "image",
      "image",
      "signatures",
      "attestations",
    ]);
  });

  test("names one content once, with all of its names", async () => {
    const files: Files = new Map();
    const root = putPlatform(files, "amd64");
    const named = (name: string) => ({ ...root, annotations: { "org.opencontainers.image.ref.name": name } });
    layout(files, [named("1"), named("latest"), named("1"), root]);
    expect(await opens(form, files)).toMatchObject([
      { descriptor: { digest: root.digest }, references: ["1", "latest"] },
    ]);
  });

  test("names one content for two platforms twice", async () => {
    const files: Files = new Map();
    const root = putPlatform(files, "amd64");
    const platform = { os: "linux", architecture: "arm64" };
    layout(files, [root, { ...root, platform }, root]);
    expect((await opens(form, files)).map(({ descriptor }) => descriptor.platform)).toEqual([root.platform, platform]);
  });

  test.each<[string, (files: Files) => void]>([
    ["without index.json", (files) => files.delete("index.json")],
    ["without oci-layout", (files) => files.delete("oci-layout")],
    ["of another version", (files) => files.set("oci-layout", encode({ imageLayoutVersion: "2.0.0" }))],
    ["whose oci-layout is no JSON", (files) => files.set("oci-layout", encode("1.0.0"))],
    [
      "whose index.json is a manifest",
      (files) => files.set("index.json", encode({ schemaVersion: 2, config: {}, layers: [] })),
    ],
    [
      "whose index.json is cut off",
      (files) => files.set("index.json", (files.get("index.json") ?? encode("")).subarray(1)),
    ],
    [
      "whose index.json climbs out",
      (files) =>
        files.set(
          "index.json",
          encode({
            schemaVersion: 2,
            manifests: [{ mediaType: INDEX, digest: "sha256:../../../etc/passwd", size: 1 }],
          }),
        ),
    ],
    ["that docker before 1.10 would load otherwise", (files) => files.set("repositories", encode({ app: {} }))],
  ])("%s is refused", async (_what, change) => {
    const { files } = twoPlatforms();
    change(files);
    await expect(opens(form, files)).rejects.toMatchObject(malformed);
  });

  test("whose index.json is larger than 4 MiB is refused", async () => {
    const { files } = twoPlatforms();
    files.set("index.json", new Uint8Array(4 * 1024 * 1024 + 1).fill(0x20));
    await expect(opens(form, files)).rejects.toMatchObject({ code: "INPUT_TOO_LARGE" });
  });

  describe("its content", () => {
    const problems = (files: Files, root: Parameters<typeof readImage>[1] & { mediaType: string; size: number }) =>
      opened(form, files, (found) => found.checkContent(root));

    test.each([
      ["a layer", "the layer for arm64"],
      ["a statement", "about sha256:"],
      ["the empty configuration", "{}"],
      ["a manifest", '{"schemaVersion":2'],
    ])("lacks %s, or has another one", async (_what, start) => {
      const { files, root } = twoPlatforms();
      const [path, bytes] = [...files].find(([, content]) => Buffer.from(content).toString().startsWith(start)) ?? [
        "",
        encode(""),
      ];
      const other = bytes.map((byte) => byte ^ 1);
      const descriptor = { digest: `sha256:${path.slice(13)}`, size: bytes.byteLength };
      files.set(path, other);
      expect((await problems(files, root))[0]).toMatchObject({ descriptor, kind: "digest", actual: sha256(other) });
      files.delete(path);
      expect((await problems(files, root))[0]).toMatchObject({ descriptor, kind: "missing", actual: null });
    });

    test("of which every file is missed", async () => {
      const { files, root } = twoPlatforms();
      for (const path of [...files.keys()].filter((name) => name.startsWith("blobs/"))) {
        const without = new Map(files);
        without.delete(path);
        expect(await problems(without, root)).toContainEqual(
          expect.objectContaining({
            descriptor: expect.objectContaining({ digest: `sha256:${path.slice(13)}` }),
            kind: "missing",
          }),
        );
      }
    });

    test("has another size than was said", async () => {
      const files: Files = new Map();
      const layer = { ...put(files, "layer", LAYER), size: 6 };
      const root = put(files, { schemaVersion: 2, config: put(files, "{}", CONFIG), layers: [layer] }, MANIFEST);
      expect(await problems(layout(files, [root]), root)).toMatchObject([{ kind: "size", actual: "5 bytes" }]);
    });

    test("may lack a foreign layer with URLs, and no other", async () => {
      const files: Files = new Map();
      const foreign = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";
      const of = (mediaType: string, fill: string, urls: readonly string[]) => ({
        mediaType,
        digest: `sha256:${fill.repeat(64)}`,
        size: 1,
        urls,
      });
      const layers = [of(foreign, "a", ["https://example.org"]), of(foreign, "b", []), of(LAYER, "c", ["https://x"])];
      const root = put(files, { schemaVersion: 2, config: put(files, "{}", CONFIG), layers }, MANIFEST);
      expect(await problems(layout(files, [root]), root)).toMatchObject([
        { descriptor: { digest: `sha256:${"b".repeat(64)}` }, kind: "missing" },
        { descriptor: { digest: `sha256:${"c".repeat(64)}` }, kind: "missing" },
      ]);
    });

    test("is not followed too deep", async () => {
      const files: Files = new Map();
      let root = putPlatform(files, "amd64");
      for (let level = 0; level < 5; level += 1) root = putIndex(files, [root]);
      await expect(problems(layout(files, [root]), root)).rejects.toMatchObject(malformed);
    });
  });
});

test("a layout that BuildKit wrote", async () => {
  const fixtures = fileURLToPath(new URL("../fixtures", import.meta.url));
  await withTestHost(fixtures, async (host) => {
    const found = await openLayout("buildkit-multi.tar", host);
    expect(found.entries).toMatchObject([{ references: ["127.0.0.1:15000/demo:multi", "multi"], role: "image" }]);
    const root = found.entries[0]?.descriptor;
    if (root === undefined) throw new Error("no entry");
    expect(root.digest).toBe("sha256:91821e22ac45eb8aa02895f3a2afd3f86827610c047c5b7920c550344cc3084a");
    const image = await readImage(found, root);
    expect(image.platforms.map(({ platform }) => platform?.architecture)).toEqual(["amd64", "arm64"]);
    expect(image.attestations.map(({ about }) => about)).toEqual(
      image.platforms.map(({ descriptor }) => descriptor.digest),
    );
    expect(await found.checkContent(root)).toEqual([]);
  });
});

test("a layer that manifests name many times is hashed once", async () => {
  const files: Files = new Map();
  const layer = put(files, "a layer", LAYER);
  const config = put(files, "{}", CONFIG);
  const of = (more: object) => put(files, { schemaVersion: 2, mediaType: MANIFEST, config, ...more }, MANIFEST);
  const manifests = [of({ layers: Array(100).fill(layer) }), of({ layers: [layer, layer] })];
  const host = folderHost(layout(files, manifests));
  const hashed: string[] = [];
  const counting = Object.assign(Object.create(host) as typeof host, {
    digest: async (...args: Parameters<typeof host.digest>) => {
      hashed.push(...args[0].map(({ path }) => path));
      return host.digest(...args);
    },
  });
  const found = await openLayout("layout", counting);
  const checks = await Promise.all(manifests.map((manifest) => found.checkContent(manifest)));
  expect(checks).toEqual([[], []]);
  expect(hashed.filter((path) => path.endsWith(layer.digest.slice(7)))).toHaveLength(1);
});

test("many images that name the same manifests are read up to a limit", async () => {
  const files: Files = new Map();
  const manifests = Array.from({ length: 900 }, (_, at) => putPlatform(files, `a${at}`));
  const roots = Array.from({ length: 23 }, (_, at) => putIndex(files, manifests, { annotations: { at: `${at}` } }));
  const found = await openLayout("layout", folderHost(layout(files, roots)));
  for (const root of roots.slice(0, 22)) expect(await found.checkContent(root)).toEqual([]);
  await expect(found.checkContent(roots[22] as never)).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
}, 60_000);

describe("a folder with links", () => {
  const { files, root } = twoPlatforms();

  test.each<[string, (workspace: string) => void]>([
    [
      "index.json",
      (workspace) => {
        renameSync(join(workspace, "layout/index.json"), join(workspace, "elsewhere"));
        symlinkSync("../elsewhere", join(workspace, "layout/index.json"));
      },
    ],
    [
      "index.json, out of all roots",
      (workspace) => {
        renameSync(join(workspace, "layout/index.json"), join(workspace, "layout/x"));
        symlinkSync("/etc/hostname", join(workspace, "layout/index.json"));
      },
    ],
  ])("is refused: %s", async (_what, change) => {
    await expect(opened("folder", files, async () => null, change)).rejects.toMatchObject(malformed);
  });

  test.each<[string, (workspace: string) => void]>([
    [
      "blobs",
      (workspace) => {
        renameSync(join(workspace, "layout/blobs"), join(workspace, "blobs"));
        symlinkSync("../blobs", join(workspace, "layout/blobs"));
      },
    ],
    [
      "a blob",
      (workspace) => {
        const blob = join(workspace, "layout/blobs/sha256", root.digest.slice(7));
        renameSync(blob, `${blob}x`);
        symlinkSync(`${blob}x`, blob);
      },
    ],
  ])("has no content where it leads: %s", async (_what, change) => {
    await expect(opened("folder", files, (found) => readImage(found, root), change)).rejects.toMatchObject(malformed);
    await expect(opened("folder", files, (found) => found.checkContent(root), change)).rejects.toMatchObject(malformed);
  });

  test("and a folder where a blob should be", async () => {
    const change = (workspace: string) => {
      const blob = join(workspace, "layout/blobs/sha256", root.digest.slice(7));
      renameSync(blob, `${blob}x`);
      mkdirSync(blob);
    };
    await expect(opened("folder", files, (found) => readImage(found, root), change)).rejects.toMatchObject({
      code: "FILE_REFUSED",
    });
  });
});

test("nothing at the path", async () => {
  const { files } = twoPlatforms();
  const moved = (workspace: string) => renameSync(join(workspace, "layout.tar"), join(workspace, "other.tar"));
  await expect(opened("tar", files, async () => null, moved)).rejects.toMatchObject({ code: "INPUT_MISSING" });
});

test("a file that is no tar", async () => {
  const replaced = (workspace: string) => writeFileSync(join(workspace, "layout.tar"), "{}");
  await expect(opened("tar", new Map(), async () => null, replaced)).rejects.toMatchObject(malformed);
});

describe("a tar", () => {
  test("is the same whatever the order of its entries", async () => {
    const { files, root } = twoPlatforms();
    const read = async (entries: readonly (readonly [string, Uint8Array])[]) => {
      const found = await openLayout("layout.tar", tarHost(await tarOf(entries), 700));
      return [found.entries, await readImage(found, root), await found.checkContent(root)];
    };
    const expected = await read([...files]);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...files], { minLength: files.size }), async (entries) => {
        expect(await read(entries)).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  test("of which any byte of content is changed is noticed", async () => {
    const { files, root } = twoPlatforms();
    const blobs = [...files].filter(([path]) => path.startsWith("blobs/"));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...blobs),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async ([path, bytes], at, flip) => {
          const changed = Uint8Array.from(bytes);
          changed[at % changed.length] = (changed[at % changed.length] ?? 0) ^ flip;
          const tar = await tarOf(new Map(files).set(path, changed));
          const problems = await (await openLayout("layout.tar", tarHost(tar))).checkContent(root);
          expect(problems).toContainEqual(expect.objectContaining({ kind: "digest" }));
        },
      ),
      { numRuns: 50 },
    );
  });

  test.each(["index.json", "oci-layout"])("whose %s is a link is refused", async (path) => {
    const { files } = twoPlatforms();
    const entries = [...files].map(([name, bytes]) => [name, name === path ? "elsewhere" : bytes] as const);
    await expect(openLayout("layout.tar", tarHost(await tarOf(entries)))).rejects.toMatchObject(malformed);
  });

  test("in which a blob is a link has none", async () => {
    const { files, root } = twoPlatforms();
    const entries = [...files].map(
      ([name, bytes]) => [name, name.endsWith(root.digest.slice(7)) ? "x" : bytes] as const,
    );
    const found = await openLayout("layout.tar", tarHost(await tarOf(entries)));
    await expect(readImage(found, root)).rejects.toMatchObject(malformed);
    await expect(found.checkContent(root)).rejects.toMatchObject(malformed);
  });

  test("is read once, and again only for what was not kept", async () => {
    const { files, root } = twoPlatforms();
    const large = { digest: "", size: 5 * 1024 * 1024 };
    const bytes = new Uint8Array(large.size).fill(0x7b);
    large.digest = sha256(bytes);
    files.set(`blobs/sha256/${large.digest.slice(7)}`, bytes);
    const host = tarHost(await tarOf(files));
    const found = await openLayout("layout.tar", host);
    await readImage(found, root);
    await found.checkContent(root);
    expect(host.passes()).toBe(1);
    expect((await found.blob(large, { max: large.size })).byteLength).toBe(large.size);
    expect(host.passes()).toBe(2);
  });
});

/**
 * Opens a layout over the real host, as a folder or a tar.
 *
 * @param change - what else is done to the workspace before; the folder is called `layout`.
 */
async function opened<T>(
  form: Form,
  files: Files,
  use: (layout: ImageLayout) => Promise<T>,
  change: (workspace: string) => void = () => {},
): Promise<T> {
  const workspace = mkdtempSync(join(tmpdir(), "layout-"));
  try {
    if (form === "tar") {
      writeFileSync(join(workspace, "layout.tar"), await tarOf(files));
    } else {
      for (const [path, bytes] of files) {
        mkdirSync(dirname(join(workspace, "layout", path)), { recursive: true });
        writeFileSync(join(workspace, "layout", path), bytes);
      }
    }
    change(workspace);
    const path = form === "tar" ? "layout.tar" : "layout";
    return await withTestHost(workspace, async (host) => use(await openLayout(path, host)));
  } finally {
    rmSync(workspace, { recursive: true });
  }
}
