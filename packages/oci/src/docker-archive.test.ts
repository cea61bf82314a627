import { describe, expect, test } from "vitest";
import { folderHost, tarHost } from "../test/memory-source.ts";
import {
  encode,
  type Files,
  INDEX,
  layout,
  MANIFEST,
  putIndex,
  putPlatform,
  sha256,
  tarOf,
} from "../test/synthetic-image.ts";
import type { Descriptor } from "./descriptor.ts";
import type { ImageLayout } from "./layout.ts";
import { openLayout } from "./open-layout.ts";

type Form = "folder" | "tar";
const FORMS: readonly Form[] = ["folder", "tar"];
const malformed = { code: "IMAGE_MALFORMED" };
const DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json";

async function opened<T>(form: Form, files: Files, use: (layout: ImageLayout) => Promise<T>): Promise<T> {
  const host = form === "tar" ? tarHost(await tarOf(files)) : folderHost(files);
  return use(await openLayout("layout", host));
}

/** As docker before version 25 saved it: two layers by path, named by what docker called them. */
function saved(change: { diffIds?: readonly unknown[]; Layers?: readonly string[]; Config?: string } = {}) {
  const layers = ["first layer", "second layer"].map((text) => encode(text));
  const config = encode({ os: "linux", rootfs: { type: "layers", diff_ids: change.diffIds ?? layers.map(sha256) } });
  const digest = sha256(config);
  const Config = change.Config ?? `${digest.slice(7)}.json`;
  const Layers = change.Layers ?? ["1/layer.tar", "2/layer.tar"];
  const files: Files = new Map([
    [`${digest.slice(7)}.json`, config],
    ["1/layer.tar", layers[0] ?? encode("")],
    ["2/layer.tar", layers[1] ?? encode("")],
    ["repositories", encode({ demo: { 1: "2" } })],
    ["manifest.json", encode([{ Config, RepoTags: ["demo:1"], Layers }])],
  ]);
  return { files, root: { mediaType: DOCKER_CONFIG, digest, size: config.byteLength } };
}

describe.each(FORMS)("docker save before version 25, as a %s", (form) => {
  const check = (files: Files, root: Descriptor) => opened(form, files, (found) => found.checkContent(root));
  const opens = (files: Files) => opened(form, files, async ({ entries }) => entries);

  test("has images without a manifest, by their configuration", async () => {
    const { files, root } = saved();
    await opened(form, files, async (found) => {
      expect(found.entries).toEqual([{ descriptor: root, references: ["demo:1"], role: "image-without-manifest" }]);
      expect(await found.blob(root, { max: 1000 })).toEqual(expect.objectContaining({ byteLength: root.size }));
      await expect(found.manifest(root)).rejects.toMatchObject({ code: "IMAGE_MISSING" });
      expect(await found.checkContent(root)).toEqual([]);
    });
  });

  test("without tags", async () => {
    const { files, root } = saved();
    files.set("manifest.json", encode([{ Config: `${root.digest.slice(7)}.json`, RepoTags: null, Layers: [] }]));
    expect(await opens(files)).toMatchObject([{ references: [] }]);
  });

  test("with another layer, or none, is told", async () => {
    const { files, root } = saved();
    files.set("2/layer.tar", encode("SECOND LAYER"));
    const descriptor = { digest: sha256(encode("second layer")) };
    expect(await check(files, root)).toMatchObject([
      { descriptor, kind: "digest", actual: sha256(encode("SECOND LAYER")) },
    ]);
    files.delete("2/layer.tar");
    expect(await check(files, root)).toMatchObject([{ descriptor, kind: "missing" }]);
  });

  test("with layers in another order is told", async () => {
    const { files, root } = saved({ Layers: ["2/layer.tar", "1/layer.tar"] });
    expect((await check(files, root)).map(({ kind }) => kind)).toEqual(["digest", "digest"]);
  });

  test("lacks an image that was not saved", async () => {
    const other = { mediaType: DOCKER_CONFIG, digest: `sha256:${"0".repeat(64)}`, size: 1 };
    expect(await check(saved().files, other)).toEqual([{ descriptor: other, kind: "missing", actual: null }]);
  });

  test.each([
    ["fewer layers than its configuration says", saved({ Layers: ["1/layer.tar"] })],
    ["more layers than its configuration says", saved({ diffIds: [] })],
    ["a diff id that is none", saved({ diffIds: ["x", "y"] })],
    ["compressed layers", saved({ Layers: ["1.tar.gz", "2/layer.tar"] })],
  ])("with %s cannot be checked", async (_what, { files, root }) => {
    await expect(check(files, root)).rejects.toMatchObject(malformed);
  });

  test("is compared with the size that was asked for", async () => {
    const { files, root } = saved();
    await expect(check(files, { ...root, size: 1 })).rejects.toMatchObject({ code: "DIGEST_MISMATCH" });
  });

  test.each([
    ["a layer that climbs out of the layout", saved({ Layers: ["../../etc/passwd", "2/layer.tar"] })],
    ["an absolute layer", saved({ Layers: ["/etc/passwd", "2/layer.tar"] })],
    ["a configuration that climbs out of the layout", saved({ Config: "1/../../config.json" })],
    ["a configuration that is not there", saved({ Config: "config.json" })],
    ["an empty name", saved({ Config: "" })],
  ])("with %s is refused", async (_what, { files }) => {
    await expect(opens(files)).rejects.toMatchObject(malformed);
  });

  test.each(["config", "LAYERS", "repoTags", "layerſ"])(
    "with %s in manifest.json, which docker reads too, is refused",
    async (key) => {
      const { files, root } = saved();
      const image = {
        Config: `${root.digest.slice(7)}.json`,
        RepoTags: ["demo:1"],
        Layers: ["1/layer.tar", "2/layer.tar"],
      };
      files.set("manifest.json", encode([{ ...image, [key]: key === "config" ? image.Config : image.Layers }]));
      await expect(opens(files)).rejects.toMatchObject(malformed);
    },
  );

  test.each([["{}"], ["[]"], ["[{}]"], ["null"], ['[{"Config":"c","Layers":[1]}]'], ["["]])(
    "with the manifest.json %s is refused",
    async (text) => {
      await expect(opens(saved().files.set("manifest.json", encode(text)))).rejects.toMatchObject(malformed);
    },
  );
});

describe.each(FORMS)("docker save from version 25, which is an OCI layout too, as a %s", (form) => {
  const opens = (files: Files) => opened(form, files, async ({ entries }) => entries);

  /** What docker's own list has for a manifest in the layout. */
  function listed(files: Files, { digest }: Descriptor, change: (paths: string[]) => string[] = (paths) => paths) {
    const manifest = JSON.parse(Buffer.from(files.get(`blobs/${digest.replace(":", "/")}`) ?? "").toString());
    const paths = [manifest.config, ...manifest.layers].map(
      (blob: Descriptor) => `blobs/${blob.digest.replace(":", "/")}`,
    );
    const [Config, ...Layers] = change(paths);
    return { Config, RepoTags: ["demo:1"], Layers };
  }

  test("has the entries of its index", async () => {
    const files: Files = new Map();
    const root = putPlatform(files, "amd64");
    layout(files, [root]).set("manifest.json", encode([listed(files, root)]));
    files.set("repositories", encode({ demo: {} }));
    await opened(form, files, async (found) => {
      expect(found.entries).toMatchObject([{ descriptor: root, role: "image" }]);
      expect(await found.checkContent(root)).toEqual([]);
    });
  });

  test("lists one platform of an index of which containerd has no more", async () => {
    const files: Files = new Map();
    const here = putPlatform(files, "amd64");
    const absent = { mediaType: MANIFEST, digest: `sha256:${"0".repeat(64)}`, size: 1 };
    layout(files, [putIndex(files, [absent, here])]).set("manifest.json", encode([listed(files, here)]));
    expect(await opens(files)).toMatchObject([{ descriptor: { mediaType: INDEX } }]);
  });

  test.each<[string, (paths: string[]) => string[]]>([
    ["another configuration", ([, ...layers]) => ["other", ...layers]],
    ["another layer", ([config]) => [config ?? "", "other"]],
    ["one layer less", ([config]) => [config ?? ""]],
    ["one layer more", (paths) => [...paths, "other"]],
  ])("is refused where docker would load %s than all others see", async (_what, change) => {
    const files: Files = new Map([["other", encode("other")]]);
    const root = putPlatform(files, "amd64");
    layout(files, [root]).set("manifest.json", encode([listed(files, root), listed(files, root, change)]));
    await expect(opens(files)).rejects.toMatchObject(malformed);
  });

  test("is refused where the manifest behind the list is not the one that the index names", async () => {
    const files: Files = new Map();
    const root = putPlatform(files, "amd64");
    layout(files, [{ ...root, size: 1 }]).set("manifest.json", encode([listed(files, root)]));
    await expect(opens(files)).rejects.toMatchObject({ code: "DIGEST_MISMATCH" });
  });
});
