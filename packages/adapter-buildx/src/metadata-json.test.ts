import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseMetadata } from "./metadata-json.ts";

type JsonObject = Readonly<Record<string, unknown>>;

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../fixtures/${name}`, import.meta.url), "utf8")) as JsonObject;
const parse = (json: unknown, only: readonly string[] | null = null) => parseMetadata(json, "build.json", only);

const DIGEST = `sha256:${"a".repeat(64)}`;
const OTHER = `sha256:${"b".repeat(64)}`;
const TYPE = "application/vnd.oci.image.manifest.v1+json";
const BUILD = {
  "containerimage.config.digest": OTHER,
  "containerimage.descriptor": { mediaType: TYPE, digest: DIGEST, size: 479 },
  "containerimage.digest": DIGEST,
  "image.name": "ghcr.io/octo/app:1",
};

describe("what the tools write", () => {
  it("docker buildx build: two platforms under two tags", () => {
    const [image, another] = parse(read("two-platforms/metadata.json"));
    expect(another).toBeUndefined();
    expect(image).toMatchObject({
      digest: "sha256:22773817e4c3a99471e02a34393cb7639b3c8e0c2c780a87d5ad87da8df23a91",
      size: 1607,
      mediaType: "application/vnd.oci.image.index.v1+json",
      names: [
        { name: "ghcr.io/octo/greet", tag: "1.0" },
        { name: "ghcr.io/octo/greet", tag: "latest" },
      ],
    });
    expect(image?.configDigest).toBeUndefined();
    expect(image?.provenance).toHaveLength(2);
  });

  it("docker buildx build without attestations: one manifest, and the digest of its configuration", () => {
    expect(parse(read("single/metadata.json"))).toMatchObject([
      {
        digest: "sha256:532208d660b24e64496bab6c5c6b46e73ef1bdd2f66a577ac1cf992e5126a1eb",
        configDigest: "sha256:76d4ab46a9310f82c24b036e73a086d78c2e0f2bb3ab4501e59e7285f37b19b7",
        names: [{ name: "docker.io/library/greet", tag: "1.0" }],
      },
    ]);
  });

  it("docker buildx build with push-by-digest: a repository without a tag", () => {
    expect(parse(read("metadata/bydigest.json"))).toMatchObject([
      { names: [{ repository: "octo/bydigest", tag: null }] },
    ]);
  });

  it("docker buildx imagetools create: a descriptor only", () => {
    expect(parse(read("metadata/imagetools.json"))).toMatchObject([
      { digest: "sha256:9f962bb494803388ee4a40720094f13f6ee09d0c75a9057fbd5f05dd94c52713", size: 1607 },
    ]);
  });

  it("buildctl: no provenance", () => {
    expect(parse(read("metadata/buildctl.json"))).toMatchObject([{ names: [{ tag: "1.0" }], provenance: [] }]);
  });

  it("docker buildx bake: the targets that are chosen, each with its label", () => {
    const images = parse(read("bake/metadata.json"), ["docs", "app"]);
    expect(images.map(({ label, names }) => [label, names.length])).toEqual([
      ["build.json, target app", 3],
      ["build.json, target docs", 1],
    ]);
  });

  it("docker buildx bake with warnings, and another builder's note: no targets", () => {
    const { files: _files, ...targets } = read("bake/metadata.json");
    const notes = { "buildx.build.warnings": [{ vertex: "x" }], "depot.build": { buildID: "x" } };
    expect(parse({ ...notes, ...targets })).toHaveLength(2);
  });
});

describe("builds without an image", () => {
  it("type=local: says what to do", () => {
    expect(() => parse(read("metadata/local.json"))).toThrow(
      expect.objectContaining({
        code: "INPUT_INVALID",
        message: "build.json: this build made no image",
        expected: expect.stringContaining("files:"),
      }),
    );
  });

  it("a target of bake: is named", () => {
    expect(() => parse(read("bake/metadata.json"))).toThrow(
      expect.objectContaining({
        code: "INPUT_INVALID",
        message: "build.json, target files: this build made no image",
        expected: expect.stringContaining("`only`"),
      }),
    );
  });

  it("a target of bake that is empty: is named", () => {
    expect(() => parse({ app: BUILD, docs: {} })).toThrow(
      expect.objectContaining({ code: "INPUT_INVALID", message: expect.stringContaining("target docs") }),
    );
  });

  it("docker's own builder without --push: the engine's id is no digest", () => {
    const id = { "containerimage.digest": DIGEST, "containerimage.config.digest": DIGEST };
    expect(() => parse(id)).toThrow(
      expect.objectContaining({ code: "INPUT_INVALID", actual: expect.stringContaining("docker engine") }),
    );
  });
});

describe("one change to the metadata", () => {
  it.each<[string, JsonObject, string]>([
    ["another digest in the descriptor", { "containerimage.digest": OTHER }, "DIGEST_MISMATCH"],
    ["a digest of another algorithm", { "containerimage.digest": `sha384:${"a".repeat(96)}` }, "INPUT_INVALID"],
    ["a digest in upper case", { "containerimage.digest": DIGEST.toUpperCase() }, "INPUT_INVALID"],
    [
      "a size that is none",
      { "containerimage.descriptor": { ...BUILD["containerimage.descriptor"], size: -1 } },
      "INPUT_INVALID",
    ],
    ["a name in upper case", { "image.name": "ghcr.io/Octo/App" }, "INPUT_INVALID"],
    ["an empty name among others", { "image.name": "ghcr.io/octo/app:1," }, "INPUT_INVALID"],
    ["a config that is no digest", { "containerimage.config.digest": "x" }, "INPUT_INVALID"],
  ])("%s is %s", (_what, change, code) => {
    expect(parse([BUILD][0])).toHaveLength(1);
    expect(() => parse({ ...BUILD, ...change })).toThrow(expect.objectContaining({ code }));
  });

  it("no name at all is an image without a name", () => {
    expect(parse({ ...BUILD, "image.name": "" })).toMatchObject([{ names: [] }]);
  });

  it("10,001 names are too many", () => {
    const many = Array.from({ length: 10_001 }, () => "a.io/b").join(",");
    expect(() => parse({ ...BUILD, "image.name": many })).toThrow(expect.objectContaining({ code: "LIMIT_EXCEEDED" }));
  });
});

describe("choosing targets", () => {
  it.each([
    [{ app: BUILD }, ["docs"], "ARTIFACT_MISSING"],
    [BUILD, ["app"], "INPUT_INVALID"],
  ])("refuses %j", (json, only, code) => {
    expect(() => parse(json, only)).toThrow(expect.objectContaining({ code }));
  });
});

describe("other documents", () => {
  it.each([
    ["an array", []],
    ["a text", "sha256:x"],
    ["nothing", null],
    ["an empty object", {}],
    ["targets that are no objects", { app: 1 }],
    ["a name that no target has", { "app page": BUILD }],
    ["provenance.json of type=local", { _type: "https://in-toto.io/Statement/v1", subject: [], predicate: {} }],
    ["imagetools inspect", { name: "ghcr.io/octo/app:1", manifest: { digest: DIGEST } }],
    ["a manifest", { schemaVersion: 2, config: {}, layers: [] }],
  ])("%s", (_what, json) => {
    expect(() => parse(json)).toThrow(expect.objectContaining({ code: "INPUT_INVALID" }));
  });

  it("10,001 targets are too many", () => {
    const many = Object.fromEntries(Array.from({ length: 10_001 }, (_, index) => [`t${index}`, BUILD]));
    expect(() => parse(many)).toThrow(expect.objectContaining({ code: "LIMIT_EXCEEDED" }));
  });
});

describe("jib-image.json", () => {
  const jib = {
    image: "ghcr.io/octo/app",
    imageId: OTHER,
    imageDigest: DIGEST,
    tags: ["1.0", "latest"],
    imagePushed: true,
  };

  it("has a digest, an id, and tags beside the image", () => {
    expect(parse(jib)).toMatchObject([
      { digest: DIGEST, configDigest: OTHER, names: [{ name: "ghcr.io/octo/app", tag: "1.0" }, { tag: "latest" }] },
    ]);
  });

  it("has one name when the tag stands in the image only", () => {
    expect(parse({ ...jib, image: "ghcr.io/octo/app:2", tags: [] })).toMatchObject([{ names: [{ tag: "2" }] }]);
  });

  it("has no configuration's digest for a list of several platforms", () => {
    expect(parse({ ...jib, imageId: DIGEST })[0]?.configDigest).toBeUndefined();
  });

  it.each([
    ["imageDigest", "sha256:abc"],
    ["imageId", "abc"],
    ["image", "ghcr.io/Octo/app"],
    ["tags", ["a b"]],
    ["tags", "latest"],
  ])("refuses %s: %j", (key, value) => {
    expect(() => parse({ ...jib, [key]: value })).toThrow(expect.objectContaining({ code: "INPUT_INVALID" }));
  });
});
