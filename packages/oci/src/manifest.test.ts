import { describe, expect, test } from "vitest";
import { CONFIG, encode, INDEX, LAYER, MANIFEST } from "../test/synthetic-image.ts";
import { parseAnyManifest, parseIndex, parseManifest, statedMediaType } from "./manifest.ts";
import { isForeignLayerType } from "./media-types.ts";

const DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
const DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
const digest = `sha256:${"a".repeat(64)}`;
const of = (mediaType: string, more: object = {}) => ({ mediaType, digest, size: 3, ...more });

const index = { schemaVersion: 2, mediaType: INDEX, manifests: [of(MANIFEST)] };
const manifest = { schemaVersion: 2, mediaType: MANIFEST, config: of(CONFIG), layers: [of(LAYER)] };
const malformed = expect.objectContaining({ code: "IMAGE_MALFORMED" });

/** As a registry serves it: the type in the descriptor. */
const served = (document: unknown, mediaType: string) => ({ bytes: encode(document), mediaType, digest });

describe("documents", () => {
  test("an index", () => {
    const platform = { os: "windows", architecture: "amd64", "os.version": "10.0.1", "os.features": ["x"] };
    const document = { ...index, manifests: [of(MANIFEST, { platform, data: "aGk=" })], annotations: { a: "b" } };
    expect(parseIndex(encode(document), "it")).toEqual({
      kind: "index",
      mediaType: INDEX,
      artifactType: null,
      subject: null,
      annotations: { a: "b" },
      manifests: [of(MANIFEST, { platform: { os: "windows", architecture: "amd64", "os.version": "10.0.1" } })],
    });
  });

  test("a manifest", () => {
    const annotations = { Size: "annotations may be called anything" };
    const document = { ...manifest, artifactType: "a/b", subject: of(MANIFEST), more: 1, annotations };
    expect(parseManifest(encode(document), "it")).toEqual({
      kind: "manifest",
      mediaType: MANIFEST,
      artifactType: "a/b",
      config: of(CONFIG),
      layers: [of(LAYER)],
      subject: of(MANIFEST),
      annotations,
    });
  });

  test.each([
    [index, INDEX, "index"],
    [{ ...index, mediaType: DOCKER_LIST }, DOCKER_LIST, "index"],
    [{ ...index, mediaType: undefined }, INDEX, "index"],
    [manifest, MANIFEST, "manifest"],
    [{ ...manifest, mediaType: DOCKER_MANIFEST }, DOCKER_MANIFEST, "manifest"],
    [{ ...manifest, mediaType: undefined }, MANIFEST, "manifest"],
  ])("%j as %s", (document, mediaType, kind) => {
    expect(parseAnyManifest(served(document, mediaType))).toMatchObject({ kind, mediaType });
    expect(statedMediaType(encode(document), "it")).toBe(mediaType);
  });
});

describe("confusion of types is refused", () => {
  test.each([
    ["an index served as a manifest", index, MANIFEST],
    ["a manifest served as an index", manifest, INDEX],
    ["an index that says nothing, served as a manifest", { ...index, mediaType: undefined }, MANIFEST],
    ["a manifest that says nothing, served as an index", { ...manifest, mediaType: undefined }, INDEX],
    ["Docker's type in the document, OCI's outside", { ...manifest, mediaType: DOCKER_MANIFEST }, MANIFEST],
    ["OCI's type in the document, Docker's outside", index, DOCKER_LIST],
    ["an index that calls itself a manifest", { ...index, mediaType: MANIFEST }, INDEX],
    ["a manifest that calls itself an index", { ...manifest, mediaType: INDEX }, MANIFEST],
    ["an index with layers too", { ...index, layers: [] }, INDEX],
    ["an index with a configuration too", { ...index, config: of(CONFIG) }, INDEX],
    ["a manifest with manifests too", { ...manifest, manifests: [] }, MANIFEST],
    ["a manifest with manifests that are null", { ...manifest, manifests: null }, MANIFEST],
    ["a manifest with fsLayers of schema 1", { ...manifest, fsLayers: [] }, MANIFEST],
    ["a manifest with blobs", { ...manifest, blobs: [] }, MANIFEST],
    ["neither", { schemaVersion: 2 }, MANIFEST],
    ["a type that no manifest has", manifest, "application/json"],
    ["schema 1", { schemaVersion: 1, fsLayers: [] }, "application/vnd.docker.distribution.manifest.v1+json"],
  ])("%s", (_what, document, mediaType) => {
    expect(() => parseAnyManifest(served(document, mediaType))).toThrow(malformed);
  });

  test.each([
    ["that states the type of something else", { ...index, mediaType: MANIFEST }],
    ["that states no type of ours", { ...manifest, mediaType: "text/plain" }],
    ["that states a number", { ...manifest, mediaType: 1 }],
    ["that is both", { ...index, ...manifest }],
  ])("a document without an outer type %s", (_what, document) => {
    expect(() => statedMediaType(encode(document), "it")).toThrow(malformed);
  });

  test.each([
    ["manifests, after it", INDEX, { ...index, Manifests: [] }],
    ["manifests, with a long s", INDEX, { ...index, manifeſts: [] }],
    ["digest", INDEX, { ...index, manifests: [of(MANIFEST, { Digest: digest })] }],
    ["layers", MANIFEST, { ...manifest, LAYERS: [] }],
    ["mediaType, without it", MANIFEST, { ...manifest, mediaType: undefined, MediaType: INDEX }],
    ["platform", INDEX, { ...index, manifests: [of(MANIFEST, { Platform: { os: "linux", architecture: "arm64" } })] }],
    [
      "a platform's os",
      INDEX,
      { ...index, manifests: [of(MANIFEST, { platform: { oS: "a", os: "b", architecture: "c" } })] },
    ],
  ])("another spelling of %s, which Go's reader takes for it", (_what, mediaType, document) => {
    expect(() => parseAnyManifest(served(document, mediaType))).toThrow(malformed);
    expect(() => statedMediaType(encode(document), "it")).toThrow(malformed);
  });

  test("one kind asked for, the other there", () => {
    expect(() => parseIndex(encode(manifest), "it")).toThrow(malformed);
    expect(() => parseManifest(encode(index), "it")).toThrow(malformed);
  });
});

describe("a manifest is refused", () => {
  test.each([
    ["with schemaVersion 1", { ...manifest, schemaVersion: 1 }],
    ["without layers", { ...manifest, layers: undefined }],
    ["without a configuration", { ...manifest, config: undefined }],
    ["with layers that are null", { ...manifest, layers: null }],
    ["with another algorithm", { ...manifest, config: of(CONFIG, { digest: `sha384:${"a".repeat(96)}` }) }],
    ["with a digest that is a path", { ...manifest, layers: [of(LAYER, { digest: "sha256:../../etc/passwd" })] }],
    ["with a digest in upper case", { ...manifest, config: of(CONFIG, { digest: digest.toUpperCase() }) }],
    ["with a negative size", { ...manifest, config: of(CONFIG, { size: -1 }) }],
    ["with half a byte", { ...manifest, config: of(CONFIG, { size: 1.5 }) }],
    ["with a size beyond what a number holds", { ...manifest, config: of(CONFIG, { size: 2 ** 60 }) }],
    ["with a size that is text", { ...manifest, config: of(CONFIG, { size: "3" }) }],
    ["with a layer without a type", { ...manifest, layers: [{ digest, size: 3 }] }],
    ["with a type that is none", { ...manifest, layers: [of("x")] }],
    ["with an annotation that is no text", { ...manifest, annotations: { a: 1 } }],
    ["with a subject that is none", { ...manifest, subject: {} }],
  ])("%s", (_what, document) => {
    expect(() => parseManifest(encode(document), "it")).toThrow(malformed);
  });

  test.each([
    ["that is a list", "[]"],
    ["that is null", "null"],
    ["that is cut off", JSON.stringify(manifest).slice(0, -1)],
    ["that is empty", ""],
    ["with a key twice", JSON.stringify(manifest).replace("{", '{"mediaType":"x/y",')],
    ["after a byte order mark", `\ufeff${JSON.stringify(manifest)}`],
    ["nested too deep", "[".repeat(100)],
  ])("%s", (_what, text) => {
    expect(() => parseManifest(encode(text), "it")).toThrow(malformed);
  });

  test.each([
    ["a control character", { os: "linux\n", architecture: "amd64" }],
    ["a slash", { os: "linux/x", architecture: "amd64" }],
    ["no architecture", { os: "linux" }],
  ])("when a platform in an index has %s", (_what, platform) => {
    expect(() => parseIndex(encode({ ...index, manifests: [of(MANIFEST, { platform })] }), "it")).toThrow(malformed);
  });

  test("of more than 4 MiB, by its size alone", () => {
    const bytes = new Uint8Array(4 * 1024 * 1024 + 1);
    expect(() => parseManifest(bytes, "it")).toThrow(expect.objectContaining({ code: "INPUT_TOO_LARGE" }));
    expect(() => parseManifest(bytes.subarray(1), "it")).toThrow(malformed);
  });

  test("with more than the limits allow", () => {
    const exceeded = expect.objectContaining({ code: "LIMIT_EXCEEDED" });
    const many = (count: number, mediaType: string) => Array.from({ length: count }, () => of(mediaType));
    expect(parseIndex(encode({ ...index, manifests: many(1000, MANIFEST) }), "it").manifests).toHaveLength(1000);
    expect(() => parseIndex(encode({ ...index, manifests: many(1001, MANIFEST) }), "it")).toThrow(exceeded);
    expect(() => parseManifest(encode({ ...manifest, layers: many(10_001, LAYER) }), "it")).toThrow(exceeded);
  });
});

test.each([
  ["application/vnd.oci.image.layer.nondistributable.v1.tar", true],
  ["application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", true],
  ["application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", true],
  ["application/vnd.oci.image.layer.v1.tar+gzip", false],
  ["application/vnd.oci.image.layer.nondistributable.v1.tar+other", false],
])("%s is foreign: %s", (mediaType, foreign) => {
  expect(isForeignLayerType(mediaType)).toBe(foreign);
});
