// Images that are not what they should be: stated by nobody, verified by nobody, each with its code.
import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Descriptor, descriptorOf, OCI_INDEX, OCI_MANIFEST, pushRawImage } from "./raw-registry.ts";
import { startEavesdropper } from "./servers/eavesdropper.ts";
import { hasRegistry, type Registry, startRegistry } from "./servers/registry.ts";
import { newFolder, runProgram, touchmark } from "./touchmark-process.ts";
import { reportOf, verdictsOf } from "./verify-report.ts";

const CONFIG = "application/vnd.oci.image.config.v1+json";
const LAYER = "application/vnd.oci.image.layer.v1.tar";

/** A layout in the making. */
class Layout {
  readonly files = new Map<string, string>([["oci-layout", '{"imageLayoutVersion":"1.0.0"}']]);

  blob(content: string | object, mediaType: string): Descriptor {
    const text = typeof content === "string" ? content : JSON.stringify(content);
    const descriptor = descriptorOf(Buffer.from(text), mediaType);
    this.files.set(`blobs/${descriptor.digest.replace(":", "/")}`, text);
    return descriptor;
  }

  manifest(more: object = {}): Descriptor {
    const layer = this.blob("a layer", LAYER);
    const config = this.blob({ os: "linux", architecture: "amd64", rootfs: { diff_ids: [layer.digest] } }, CONFIG);
    return this.blob({ schemaVersion: 2, mediaType: OCI_MANIFEST, config, layers: [layer], ...more }, OCI_MANIFEST);
  }

  index(manifests: readonly object[], more: object = {}): Descriptor {
    return this.blob({ schemaVersion: 2, mediaType: OCI_INDEX, manifests, ...more }, OCI_INDEX);
  }

  entries(...manifests: readonly object[]): this {
    this.files.set("index.json", JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests }));
    return this;
  }

  file(path: string, content: string): this {
    this.files.set(path, content);
    return this;
  }
}

const PLATFORM = { os: "linux", architecture: "amd64" };
const inIndexes = (layout: Layout, depth: number): Descriptor =>
  depth === 0 ? { ...layout.manifest(), platform: PLATFORM } : layout.index([inIndexes(layout, depth - 1)]);
const otherDigest = (digest: string) => (layout: Layout) => layout.entries({ ...layout.manifest(), digest });

let folder: Awaited<ReturnType<typeof newFolder>>;
const at = (...parts: string[]) => join(folder.path, ...parts);
const run = (...args: string[]) => touchmark(args, { cwd: folder.path });

beforeAll(async () => {
  folder = await newFolder();
  expect(await run("keys", "generate")).toMatchObject({ status: 0 });
});

afterAll(() => folder.remove());

/** Status and code of `collect`, and what `verify` says of each image. */
async function judged(path: string) {
  const [collected, verified] = await Promise.all([
    run("collect", "--from", `buildx:${path},repository=ghcr.io/octo/app`, "-o", "never.json"),
    run("verify", `oci-layout:${path}`, "--key", "touchmark.pub", "--recursive", "--json"),
  ]);
  const report = reportOf(verified);
  expect(report.status).toBe(1);
  return { collected: [collected.status, /^E (\w+)/.exec(collected.stderr)?.[1]], verdict: verdictsOf(report)[0] };
}

describe.each(["folder", "tar"] as const)("a layout in a %s", (form) => {
  let layouts = 0;

  async function write({ files }: Layout): Promise<string> {
    layouts += 1;
    const name = `${form}-${layouts}`;
    for (const [path, content] of files) {
      await mkdir(dirname(at(name, path)), { recursive: true });
      await writeFile(at(name, path), content);
    }
    if (form === "folder") return name;
    const packed = ["--create", "--file", `${name}.tar`, "--directory", name, "."];
    expect(await runProgram("tar", packed, { cwd: folder.path })).toMatchObject({ status: 0 });
    return `${name}.tar`;
  }

  it("that is as it should be is stated, four indexes deep", async () => {
    for (const depth of [0, 3]) {
      const layout = new Layout();
      const path = await write(layout.entries(inIndexes(layout, depth)));
      expect(await judged(path)).toEqual({ collected: [0, undefined], verdict: "not-covered NOT_COVERED" });
    }
  });

  it.concurrent.each<[string, (layout: Layout) => Layout, string, string]>([
    [
      "an index too deep",
      (layout) => layout.entries(inIndexes(layout, 5)),
      "IMAGE_MALFORMED",
      "not-covered IMAGE_MALFORMED",
    ],
    [
      "a manifest of another size",
      (layout) => layout.entries({ ...layout.manifest(), size: 7 }),
      "DIGEST_MISMATCH",
      "tampered DIGEST_MISMATCH",
    ],
    [
      "a platform's manifest of another size",
      (layout) => layout.entries(layout.index([{ ...layout.manifest(), size: 7, platform: PLATFORM }])),
      "DIGEST_MISMATCH",
      "tampered DIGEST_MISMATCH",
    ],
    [
      "a layer of another size",
      (layout) => layout.entries(layout.manifest({ layers: [{ ...layout.blob("a layer", LAYER), size: 8 }] })),
      "DIGEST_MISMATCH",
      "tampered DIGEST_MISMATCH",
    ],
    [
      "other bytes under the manifest's digest",
      (layout) => {
        const one = layout.manifest();
        return layout.entries(one).file(`blobs/${one.digest.replace(":", "/")}`, "x".repeat(one.size));
      },
      "DIGEST_MISMATCH",
      "tampered DIGEST_MISMATCH",
    ],
    [
      "a manifest above 4 MiB",
      (layout) => layout.entries(layout.manifest({ annotations: { long: "x".repeat(4 * 1024 * 1024) } })),
      "INPUT_TOO_LARGE",
      "not-covered INPUT_TOO_LARGE",
    ],
    [
      "an index.json above 4 MiB",
      (layout) => layout.entries({ ...layout.manifest(), annotations: { long: "x".repeat(4 * 1024 * 1024) } }),
      "INPUT_TOO_LARGE",
      "not-covered INPUT_TOO_LARGE",
    ],
    [
      "a digest of another algorithm",
      otherDigest(`sha384:${createHash("sha384").digest("hex")}`),
      "IMAGE_MALFORMED",
      "not-covered IMAGE_MALFORMED",
    ],
    [
      "a layer with MD5",
      (layout) =>
        layout.entries(layout.manifest({ layers: [{ mediaType: LAYER, digest: `md5:${"0".repeat(32)}`, size: 1 }] })),
      "IMAGE_MALFORMED",
      "not-covered IMAGE_MALFORMED",
    ],
    [
      "a digest that leads out",
      otherDigest("sha256:../../../touchmark.pub"),
      "IMAGE_MALFORMED",
      "not-covered IMAGE_MALFORMED",
    ],
    [
      "a layer of docker save that leads out",
      (layout) =>
        layout.file(
          "manifest.json",
          JSON.stringify([{ Config: "c.json", RepoTags: [], Layers: ["../touchmark.pub"] }]),
        ),
      "IMAGE_MALFORMED",
      "not-covered IMAGE_MALFORMED",
    ],
    [
      "a document that is an index and a manifest",
      (layout) => layout.entries(layout.manifest({ manifests: [] })),
      "IMAGE_MALFORMED",
      "not-covered IMAGE_MALFORMED",
    ],
    [
      "a manifest that is called an index",
      (layout) => layout.entries({ ...layout.manifest(), mediaType: OCI_INDEX }),
      "IMAGE_MALFORMED",
      "not-covered IMAGE_MALFORMED",
    ],
    [
      "another image for docker than for everybody else",
      (layout) =>
        layout
          .entries(layout.manifest())
          .file("evil.json", JSON.stringify({ ...PLATFORM, rootfs: { diff_ids: [] } }))
          .file("manifest.json", JSON.stringify([{ Config: "evil.json", RepoTags: ["octo/app:1"], Layers: [] }])),
      "IMAGE_MALFORMED",
      "not-covered IMAGE_MALFORMED",
    ],
    [
      "no manifest where the index has one",
      (layout) => layout.entries({ mediaType: OCI_MANIFEST, digest: `sha256:${"0".repeat(64)}`, size: 1 }),
      "IMAGE_MISSING",
      "not-covered IMAGE_MISSING",
    ],
  ])("%s", async (_what, made, code, verdict) => {
    expect(await judged(await write(made(new Layout())))).toEqual({ collected: [2, code], verdict });
  });
});

it.each([
  ["an entry that leads out", "s,^\\./extra$,../extra,"],
  ["an absolute entry", "s,^\\./extra$,/extra,"],
])("a tar with %s is refused whole", async (what, renamed) => {
  const name = what.replaceAll(" ", "-");
  const layout = new Layout();
  layout.entries(layout.manifest()).file("extra", "x");
  for (const [path, content] of layout.files) {
    await mkdir(dirname(at(name, path)), { recursive: true });
    await writeFile(at(name, path), content);
  }
  const packed = [
    "--create",
    "--file",
    `${name}.tar`,
    "--absolute-names",
    `--transform=${renamed}`,
    "--directory",
    name,
    ".",
  ];
  expect(await runProgram("tar", packed, { cwd: folder.path })).toMatchObject({ status: 0 });
  expect(await judged(`${name}.tar`)).toEqual({
    collected: [2, "IMAGE_MALFORMED"],
    verdict: "not-covered IMAGE_MALFORMED",
  });
});

describe.skipIf(!hasRegistry("distribution"))("in a registry", () => {
  let registry: Registry;

  beforeAll(async () => {
    registry = await startRegistry("distribution", at("registry"));
  });

  afterAll(() => registry.stop());

  it("an index too deep, and one with a manifest of another size", async () => {
    const image = await pushRawImage(registry.host, "octo/app");
    let deep = image.index;
    for (let depth = 0; depth < 4; depth += 1) {
      deep = await image.raw.putManifest({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [deep] });
    }
    const [manifest] = image.manifests;
    const sized = { schemaVersion: 2, mediaType: OCI_INDEX, manifests: [{ ...manifest, size: 7 }] };
    const wrong = await image.raw.putManifest(sized);
    for (const [{ digest }, code, verdict] of [
      [deep, "IMAGE_MALFORMED", "not-covered IMAGE_MALFORMED"],
      [wrong, "DIGEST_MISMATCH", "tampered DIGEST_MISMATCH"],
    ] as const) {
      const stated = await run("collect", "--from", `buildx:${image.name}@${digest}`, "-o", "never.json");
      expect(stated).toMatchObject({ status: 2, stderr: expect.stringContaining(`E ${code}`) });
      const verified = await run("verify", image.target(digest), "--recursive", "--key", "touchmark.pub", "--json");
      expect(verdictsOf(reportOf(verified))[0]).toBe(verdict);
    }
  });

  it("a manifest without end is not read to its end", async () => {
    const between = await startEavesdropper(registry.host);
    const body = JSON.stringify({ schemaVersion: 2, mediaType: OCI_MANIFEST, annotations: { x: "x".repeat(2 ** 23) } });
    between.answer(() => ({ status: 200, headers: { "content-type": OCI_MANIFEST }, body }));
    const { digest } = descriptorOf(Buffer.from(body), OCI_MANIFEST);
    const name = `${between.host}/octo/app@${digest}`;
    const stated = await run("collect", "--from", `buildx:${name}`, "-o", "never.json");
    expect(stated).toMatchObject({ status: 2, stderr: expect.stringContaining("E INPUT_TOO_LARGE") });
    const verified = await run("verify", `oci://${name}`, "--key", "touchmark.pub", "--json");
    expect(verdictsOf(reportOf(verified))).toEqual(["not-covered INPUT_TOO_LARGE"]);
    await between.stop();
  });
});
