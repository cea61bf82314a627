import { readFileSync } from "node:fs";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { BuildOutput } from "@touchmark/core";
import type { Descriptor } from "@touchmark/oci";
import { collectIn as collectFrom, type TestHostOptions } from "@touchmark/testkit";
import { describe, expect, it } from "vitest";
import {
  ImageContent,
  INDEX_TYPE,
  LINUX_AMD64,
  LINUX_ARM64,
  MANIFEST_TYPE,
  metadataOf,
  statement,
} from "../test/image-content.ts";
import { buildx } from "./buildx.ts";

const GREET = "22773817e4c3a99471e02a34393cb7639b3c8e0c2c780a87d5ad87da8df23a91";
const AMD64 = "71aa18d4b2a6daac7c78eb9d8c220652ca17882cf42cb6549b4e70d68e24ecbb";
const ARM64 = "2516c063f9484235084eb8abfe70be5bda24fda888e591027998b6b08abc02a0";
const COMMIT = "2688a48e0cb0351c57d3a95da0e9d2a68344358a";
const V1 = "https://slsa.dev/provenance/v1";
const V02 = "https://slsa.dev/provenance/v0.2";
const BUILDKIT = "https://mobyproject.org/buildkit@v1";
const STATED = { "buildx.stated-by": "buildkit" };

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));

async function collectIn(
  from: string | ((folder: string) => Promise<unknown>),
  options: Readonly<Record<string, unknown>>,
  host: TestHostOptions = {},
): Promise<BuildOutput> {
  const fill = async (folder: string) => {
    if (typeof from === "string") await cp(fixture(from), folder, { recursive: true });
    else await from(folder);
  };
  const output = await collectFrom(buildx, fill, options, host);
  if (output === null) throw new Error("collected nothing");
  return output;
}

const beside = { metadata: "metadata.json", layout: "layout" };

describe("an image for two platforms", () => {
  it("has the index and each platform's manifest as subjects, and nothing of what BuildKit attached", async () => {
    const { subjects } = await collectIn("two-platforms", beside);
    expect(subjects).toEqual([
      {
        name: "ghcr.io/octo/greet",
        digest: { sha256: GREET },
        uri: `pkg:oci/greet@sha256%3A${GREET}?repository_url=ghcr.io%2Focto%2Fgreet`,
        mediaType: INDEX_TYPE,
        annotations: { "buildx.tags": ["1.0", "latest"] },
      },
      ...[
        [ARM64, "arm64"],
        [AMD64, "amd64"],
      ].map(([hex, architecture]) => {
        const purl = `pkg:oci/greet@sha256%3A${hex}?platform=linux%2F${architecture}&repository_url=ghcr.io%2Focto%2Fgreet`;
        return {
          name: purl,
          digest: { sha256: hex },
          uri: purl,
          mediaType: MANIFEST_TYPE,
          annotations: { "buildx.platform": `linux/${architecture}` },
        };
      }),
    ]);
  });

  it("has the commit that buildx passed on as a dependency, once for each statement that says so", async () => {
    const { resolvedDependencies } = await collectIn("two-platforms", beside);
    const commit = { uri: "git+https://github.com/octo/greet", digest: { gitCommit: COMMIT }, annotations: STATED };
    expect(resolvedDependencies).toEqual([commit, commit]);
  });

  it("has the metadata file and what BuildKit attached as byproducts, by digest", async () => {
    const { byproducts } = await collectIn("two-platforms", beside);
    const document = (sha256: string, platform: string, about: string) => ({
      name: V1,
      digest: { sha256 },
      mediaType: "application/vnd.in-toto+json",
      annotations: { "buildx.predicate-type": V1, "buildx.platform": platform, "buildx.about": `sha256:${about}` },
    });
    expect(byproducts).toEqual([
      {
        name: "metadata.json",
        digest: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
        mediaType: "application/json",
      },
      document("cbfb22d5898a3db4b2041dcf15eaa075bbc84ab9c4c64cce4e8b78d2dd79c8c2", "linux/amd64", AMD64),
      document("fb3869961d1ba0737f31c171615b8a6b998c068f8111a05feecad8a6654ff525", "linux/arm64", ARM64),
    ]);
  });

  it("never passes a builder's id on", async () => {
    expect(JSON.stringify(await collectIn("two-platforms", beside))).not.toMatch(/builder/i);
  });

  it("is the same from a layout alone, but for the metadata file", async () => {
    const [alone, both] = [
      await collectIn("two-platforms", { layout: "layout" }),
      await collectIn("two-platforms", beside),
    ];
    expect(alone).toEqual({ ...both, byproducts: both.byproducts.slice(1) });
    expect(await collectIn("two-platforms", { metadata: "layout" })).toEqual(alone);
  });
});

describe("base images, downloads and SBOMs", () => {
  it("are dependencies by BuildKit's word, without what may be secret", async () => {
    const { resolvedDependencies } = await collectIn("with-dependencies", beside);
    const entry = (uri: string, sha256: string) => ({ uri, digest: { sha256 }, annotations: STATED });
    expect(resolvedDependencies).toEqual([
      entry(
        "pkg:docker/127.0.0.1%3A15020/base@1?platform=linux%2Famd64",
        "6a1ee774cedea23b60d5a177c6674b9108a47f5546a7cd481910bec3b83f1e5a",
      ),
      entry(
        "pkg:docker/127.0.0.1%3A15020/scanner@1?platform=linux%2Famd64",
        "8f54092427342e2eb0b5473b30387980cc388244c7c7b76dd66fb1817adac2e8",
      ),
      entry("http://127.0.0.1:15081/remote.txt", "c81662749eb30a2c7f6b6b9b1a561a7b0be5cc115759b72442ddb476e7712751"),
    ]);
  });

  it("are byproducts where they are documents", async () => {
    const { byproducts } = await collectIn("with-dependencies", beside);
    expect(byproducts.map(({ name }) => name)).toEqual(["metadata.json", "https://spdx.dev/Document", V02]);
  });
});

describe("an image that is a single manifest", () => {
  const options = { metadata: "metadata.json", layout: "image.tar", repository: "ghcr.io/octo/greet" };

  it("is one subject, with the platform of its configuration", async () => {
    const { subjects, byproducts } = await collectIn("single", options);
    expect(subjects).toMatchObject([
      {
        name: "ghcr.io/octo/greet",
        mediaType: MANIFEST_TYPE,
        annotations: { "buildx.tags": ["1.0"], "buildx.platform": "linux/amd64" },
      },
    ]);
    expect(byproducts.map(({ name }) => name)).toEqual(["metadata.json"]);
  });

  it("takes what buildx printed, as the image holds no provenance", async () => {
    const printed = { buildType: BUILDKIT, materials: [{ uri: "pkg:docker/base@1", digest: { sha256: GREET } }] };
    const { resolvedDependencies } = await collectIn(async (folder) => {
      await cp(fixture("single"), folder, { recursive: true });
      await edit(join(folder, "metadata.json"), (json) => ({ ...json, "buildx.build.provenance": printed }));
    }, options);
    expect(resolvedDependencies).toEqual([
      { uri: "pkg:docker/base@1", digest: { sha256: GREET }, annotations: STATED },
    ]);
  });

  it("is a DIGEST_MISMATCH when the metadata names another configuration", async () => {
    const other = collectIn(async (folder) => {
      await cp(fixture("single"), folder, { recursive: true });
      await edit(join(folder, "metadata.json"), (json) => ({
        ...json,
        "containerimage.config.digest": `sha256:${GREET}`,
      }));
    }, options);
    await expect(other).rejects.toMatchObject({ code: "DIGEST_MISMATCH", expected: `sha256:${GREET}` });
  });

  it("is read from a tar alone, with its own name", async () => {
    const { subjects } = await collectIn("single", { metadata: "image.tar" });
    expect(subjects.map(({ name }) => name)).toEqual(["docker.io/library/greet"]);
  });
});

describe("bake", () => {
  it("has each image in each repository that it was pushed to", async () => {
    const { subjects } = await collectIn("bake", { ...beside, only: ["app", "docs"] });
    const names = subjects.map(({ name }) => name);
    expect(names.filter((name) => !name.startsWith("pkg:"))).toEqual([
      "127.0.0.1:15020/mirror/greet",
      "127.0.0.1:15020/octo/greet",
      "127.0.0.1:15020/octo/greet-docs",
    ]);
    expect(names).toHaveLength(3 + 2 + 2 + 1);
  });

  it("names the target that made no image", async () => {
    await expect(collectIn("bake", beside)).rejects.toMatchObject({
      code: "INPUT_INVALID",
      message: expect.stringContaining("target files"),
    });
  });
});

describe("standard input", () => {
  const piped = (file: string) => ({
    stdin: () => Readable.from([readFileSync(fixture(file))]) as never,
  });

  it("is the JSON of a build action's output", async () => {
    const { byproducts, subjects } = await collectIn(
      "two-platforms",
      { metadata: "-", layout: "layout" },
      piped("two-platforms/metadata.json"),
    );
    expect(subjects).toHaveLength(3);
    expect(byproducts[0]).toMatchObject({ name: "build metadata", mediaType: "application/json" });
  });

  it("is an error when nothing is piped in", async () => {
    await expect(collectIn("two-platforms", { metadata: "-" })).rejects.toMatchObject({ code: "INPUT_MISSING" });
  });
});

describe("what is expected", () => {
  const platforms = ["linux/amd64", "linux/arm64"];
  it.each([
    [{ expect: 1 }],
    [{ expect: ["ghcr.io/octo/greet"] }],
    [{ platforms }],
    [{ platforms: ["linux/arm64/v8", "linux/amd64"] }],
    [{ platforms: { "ghcr.io/octo/greet": platforms, "ghcr.io/octo/other": ["linux/s390x"] } }],
  ])("%j is there", async (options) => {
    expect((await collectIn("two-platforms", { ...beside, ...options })).subjects).toHaveLength(3);
  });

  it.each([
    [{ expect: 2 }, "ARTIFACT_MISSING"],
    [{ expect: ["ghcr.io/octo/greet", "ghcr.io/octo/other"] }, "ARTIFACT_MISSING"],
    [{ expect: ["ghcr.io/octo/other"] }, "ARTIFACT_MISSING"],
    [{ platforms: [...platforms, "linux/s390x"] }, "ARTIFACT_MISSING"],
    [{ platforms: ["linux/amd64"] }, "ARTIFACT_UNEXPECTED"],
    [{ platforms: { "ghcr.io/octo/other": platforms } }, "ARTIFACT_UNEXPECTED"],
    [{ repository: "ghcr.io/octo/other" }, "ARTIFACT_UNEXPECTED"],
  ])("%j is %s", async (options, code) => {
    await expect(collectIn("two-platforms", { ...beside, ...options })).rejects.toMatchObject({ code });
  });

  it("of a single manifest is the platform of its configuration", async () => {
    const single = { metadata: "metadata.json", layout: "image.tar" };
    await collectIn("single", { ...single, platforms: ["linux/amd64"] });
    await expect(collectIn("single", { ...single, platforms: ["linux/arm64"] })).rejects.toMatchObject({
      code: "ARTIFACT_MISSING",
    });
  });
});

describe("inputs that do not fit together", () => {
  it.each([
    [{ metadata: "none.json" }, "INPUT_MISSING"],
    [{ metadata: "layout", layout: "layout" }, "CONFIG_INVALID"],
    [{ metadata: "layout", only: "app" }, "CONFIG_INVALID"],
    [{ image: "ghcr.io/octo/greet:1.0" }, "CONFIG_INVALID"],
    [{ image: `ghcr.io/octo/greet@sha256:${GREET}`, only: "app" }, "CONFIG_INVALID"],
    [{ image: "ghcr.io/octo/greet@sha256:abc" }, "INPUT_INVALID"],
    [{ ...beside, repository: "ghcr.io/octo/greet:1.0" }, "CONFIG_INVALID"],
    [{ ...beside, only: "app" }, "INPUT_INVALID"],
  ])("%j is %s", async (options, code) => {
    await expect(collectIn("two-platforms", options)).rejects.toMatchObject({ code });
  });
});

/** An image made by hand, in a layout, with metadata that names it. */
function made(
  make: (content: ImageContent) => Descriptor,
  options: Readonly<Record<string, unknown>> = {},
  name: string | null = "ghcr.io/octo/app:1",
) {
  return collectIn(
    async (folder) => {
      const content = new ImageContent();
      const root = make(content);
      for (const [path, bytes] of content.layoutFiles([root])) {
        const file = join(folder, "layout", path);
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, bytes);
      }
      await writeFile(join(folder, "metadata.json"), JSON.stringify(metadataOf(root, name)));
    },
    { ...beside, ...options },
  );
}

/** An index of one image with statements about it. */
function attested(
  content: ImageContent,
  ...documents: readonly ((image: Descriptor) => string | object)[]
): Descriptor {
  const image = { ...content.image(LINUX_AMD64), platform: LINUX_AMD64 };
  return content.index([
    image,
    content.attestation(
      image,
      documents.map((document) => document(image)),
    ),
  ]);
}

describe("what is attached", () => {
  const material = { uri: "pkg:docker/base@1", digest: { sha256: GREET } };
  const provenance = {
    buildDefinition: { buildType: BUILDKIT, resolvedDependencies: [material] },
    runDetails: { builder: { id: "https://evil.example" } },
  };

  it("counts when it is about an image of the index", async () => {
    const output = await made((content) => attested(content, (image) => statement(image, V1, provenance)));
    expect(output.resolvedDependencies).toEqual([{ ...material, annotations: STATED }]);
    expect(JSON.stringify(output)).not.toContain("evil.example");
  });

  it("counts when it has no subject, as of an image that was built without a name", async () => {
    const { resolvedDependencies, byproducts } = await made((content) =>
      attested(content, (image) => ({ ...(statement(image, V1, provenance) as object), subject: [] })),
    );
    expect(resolvedDependencies).toEqual([{ ...material, annotations: STATED }]);
    expect(byproducts[1]?.annotations?.["buildx.about"]).toMatch(/^sha256:/);
  });

  it("is a byproduct and says nothing when it is about another image", async () => {
    const { resolvedDependencies, byproducts } = await made((content) =>
      attested(content, () => statement(content.image(LINUX_ARM64), V1, provenance)),
    );
    expect(resolvedDependencies).toEqual([]);
    expect(byproducts[1]).toMatchObject({ name: V1, annotations: { "buildx.about": "not this image" } });
  });

  it.each([
    undefined,
    "https://actions.github.io/buildtypes/workflow/v1",
    "https://evil.example/https://mobyproject.org/buildkit@v1",
  ])("says nothing when another builder wrote it: %s", async (buildType) => {
    const { resolvedDependencies, byproducts } = await made((content) =>
      attested(content, (image) =>
        statement(image, V1, { buildDefinition: { buildType, resolvedDependencies: [material] } }),
      ),
    );
    expect([resolvedDependencies.length, byproducts.length]).toEqual([0, 2]);
  });

  it("says nothing either when only one of its subjects is the image", async () => {
    const { resolvedDependencies } = await made((content) =>
      attested(content, (image) => {
        const mixed = statement(image, V1, provenance) as { readonly subject: readonly object[] };
        return { ...mixed, subject: [...mixed.subject, { name: "other", digest: { sha256: GREET } }] };
      }),
    );
    expect(resolvedDependencies).toEqual([]);
  });

  it("says nothing when its manifest is about an image that is not in the index", async () => {
    const { resolvedDependencies, byproducts } = await made((content) => {
      const image = { ...content.image(LINUX_AMD64), platform: LINUX_AMD64 };
      const gone = content.image(LINUX_ARM64);
      return content.index([image, content.attestation(gone, [statement(gone, V1, provenance)])]);
    });
    expect([resolvedDependencies.length, byproducts.length]).toEqual([0, 2]);
  });

  it("is a byproduct by its media type when it is no statement", async () => {
    const { byproducts } = await made((content) => {
      const image = { ...content.image(LINUX_AMD64), platform: LINUX_AMD64 };
      const layer = content.blob("signed", "application/vnd.in-toto.provenance+dsse");
      const manifest = content.manifest(
        { config: content.blob("{}", "application/json"), layers: [layer] },
        MANIFEST_TYPE,
      );
      const { platform, annotations } = content.attestation(image, []);
      return content.index([image, { ...manifest, platform, annotations }]);
    });
    expect(byproducts[1]).toEqual({
      name: "application/vnd.in-toto.provenance+dsse",
      digest: { sha256: expect.any(String) },
      mediaType: "application/vnd.in-toto.provenance+dsse",
      annotations: { "buildx.platform": "linux/amd64" },
    });
  });

  it("makes the image dirty when buildx said so", async () => {
    const vcs = { revision: `${COMMIT}-dirty`, source: "https://github.com/octo/greet.git" };
    const { subjects, resolvedDependencies } = await made((content) =>
      attested(content, (image) =>
        statement(image, V1, {
          buildDefinition: { buildType: BUILDKIT },
          runDetails: { metadata: { buildkit_metadata: { vcs } } },
        }),
      ),
    );
    expect(subjects[0]?.annotations).toMatchObject({ "buildx.dirty": true });
    expect(resolvedDependencies).toMatchObject([{ digest: { gitCommit: COMMIT } }]);
  });

  it.each([
    [
      "v1",
      V1,
      (args: object) => ({
        buildDefinition: { buildType: BUILDKIT, externalParameters: { request: { root: { request: { args } } } } },
      }),
    ],
    [
      "v1, asked for directly",
      V1,
      (args: object) => ({ buildDefinition: { buildType: BUILDKIT, externalParameters: { request: { args } } } }),
    ],
    ["v0.2", V02, (args: object) => ({ buildType: `${BUILDKIT}@v2`, invocation: { parameters: { args } } })],
  ])("finds the commit in the arguments of %s", async (_what, type, predicateOf) => {
    const args = { "vcs:revision": COMMIT, "vcs:source": "git@github.com:octo/greet.git" };
    const { resolvedDependencies } = await made((content) =>
      attested(content, (image) => statement(image, type, predicateOf(args))),
    );
    expect(resolvedDependencies).toEqual([
      { uri: "git+https://github.com/octo/greet", digest: { gitCommit: COMMIT }, annotations: STATED },
    ]);
  });

  it.each<[string, (image: Descriptor) => string | object]>([
    ["is no JSON", () => "{"],
    ["is no statement", () => ({ _type: "x" })],
    ["has no digest in a subject", (image) => ({ ...statement(image, V1, provenance), subject: [{ name: "x" }] })],
    [
      "has a predicate of another form",
      (image) => statement(image, V1, { buildDefinition: { resolvedDependencies: {} } }),
    ],
    [
      "has a material with a bad digest",
      (image) => statement(image, V02, { materials: [{ uri: "x", digest: { sha256: "y" } }] }),
    ],
  ])("is IMAGE_MALFORMED when it %s", async (_what, document) => {
    await expect(made((content) => attested(content, document))).rejects.toMatchObject({ code: "IMAGE_MALFORMED" });
  });

  it("is LIMIT_EXCEEDED above 1,000 documents", async () => {
    const many = Array.from({ length: 1_001 }, () => (image: Descriptor) => statement(image, V1, provenance));
    await expect(made((content) => attested(content, ...many))).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
  });
});

describe("images that are broken", () => {
  it("an index within too many others", async () => {
    const deep = made((content) => {
      const image = { ...content.image(LINUX_AMD64), platform: LINUX_AMD64 };
      return Array.from({ length: 5 }).reduce<Descriptor>((inner) => content.index([inner]), image);
    });
    await expect(deep).rejects.toMatchObject({ code: "IMAGE_MALFORMED" });
  });

  it("an index for unknown platforms only", async () => {
    const unknown = made((content) => {
      const image = content.image(LINUX_AMD64);
      return content.index([content.attestation(image, [])]);
    });
    await expect(unknown).rejects.toMatchObject({
      code: "IMAGE_MALFORMED",
      message: expect.stringContaining("any platform"),
    });
  });

  it("a configuration that is none", async () => {
    const config = made((content) =>
      content.manifest(
        { config: content.blob('{"os":7}', "application/vnd.oci.image.config.v1+json"), layers: [] },
        MANIFEST_TYPE,
      ),
    );
    await expect(config).rejects.toMatchObject({ code: "IMAGE_MALFORMED" });
  });

  it.each<[string, string, (folder: string) => Promise<unknown>]>([
    ["a missing manifest", "IMAGE_MISSING", (folder) => rm(blob(folder, AMD64))],
    [
      "a missing attestation",
      "IMAGE_MISSING",
      (folder) => rm(blob(folder, "cbfb22d5898a3db4b2041dcf15eaa075bbc84ab9c4c64cce4e8b78d2dd79c8c2")),
    ],
    [
      "a missing layer",
      "IMAGE_MISSING",
      (folder) => rm(blob(folder, "68cbaa15a82055294a78a7cf0e67c1f9e4262a99edb2e7019ec8a11a68ba610e")),
    ],
    [
      "a changed layer",
      "DIGEST_MISMATCH",
      (folder) => change(blob(folder, "68cbaa15a82055294a78a7cf0e67c1f9e4262a99edb2e7019ec8a11a68ba610e")),
    ],
    [
      "a longer manifest",
      "DIGEST_MISMATCH",
      async (folder) => writeFile(blob(folder, AMD64), `${await readFile(blob(folder, AMD64), "utf8")} `),
    ],
    ["another size in the metadata", "DIGEST_MISMATCH", (folder) => resize(join(folder, "metadata.json"))],
    ["another media type in the metadata", "IMAGE_MALFORMED", (folder) => retype(join(folder, "metadata.json"))],
    ["another image in the layout", "IMAGE_MISSING", (folder) => rm(blob(folder, GREET))],
  ])("%s is %s", async (_what, code, spoil) => {
    const spoilt = collectIn(async (folder) => {
      await cp(fixture("two-platforms"), folder, { recursive: true });
      await spoil(folder);
    }, beside);
    await expect(spoilt).rejects.toMatchObject({ code });
  });

  const blob = (folder: string, hex: string) => join(folder, "layout", "blobs", "sha256", hex);
  const change = async (path: string) => {
    const bytes = await readFile(path);
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    await writeFile(path, bytes);
  };
  const resize = (path: string) => edit(path, (json) => withDescriptor(json, { size: 1606 }));
  const retype = (path: string) => edit(path, (json) => withDescriptor(json, { mediaType: MANIFEST_TYPE }));
});

describe("digests and names", () => {
  it("of sha512 are stated as such", async () => {
    const { subjects } = await made((content) =>
      content.manifest(
        { config: content.blob(JSON.stringify(LINUX_AMD64), "application/vnd.oci.image.config.v1+json"), layers: [] },
        MANIFEST_TYPE,
        "sha512",
      ),
    );
    expect(subjects).toMatchObject([
      { digest: { sha512: expect.stringMatching(/^[0-9a-f]{128}$/) }, uri: expect.stringContaining("@sha512%3A") },
    ]);
    expect(subjects[0]?.digest["sha256"]).toBeUndefined();
  });

  it("without a repository ask for one", async () => {
    const make = (content: ImageContent) => content.image(LINUX_AMD64);
    await expect(made(make, {}, null)).rejects.toMatchObject({
      code: "INPUT_INVALID",
      expected: expect.stringContaining("repository="),
    });
    const { subjects } = await made(make, { repository: "ghcr.io/octo/app" }, null);
    expect(subjects.map(({ name }) => name)).toEqual(["ghcr.io/octo/app"]);
  });

  it("without a repository take the layout's", async () => {
    const { subjects } = await collectIn(
      async (folder) => {
        await cp(fixture("two-platforms"), folder, { recursive: true });
        await writeFile(join(folder, "digest"), `sha256:${GREET}`);
      },
      { metadata: "digest", layout: "layout" },
    );
    expect(subjects[0]).toMatchObject({
      name: "ghcr.io/octo/greet",
      annotations: { "buildx.tags": ["1.0", "latest"] },
    });
  });

  it("of a configuration are explained", async () => {
    const wrong = collectIn(
      async (folder) => {
        await cp(fixture("single"), folder, { recursive: true });
        await writeFile(join(folder, "iid"), "sha256:76d4ab46a9310f82c24b036e73a086d78c2e0f2bb3ab4501e59e7285f37b19b7");
      },
      { metadata: "iid", layout: "image.tar", repository: "ghcr.io/octo/app" },
    );
    await expect(wrong).rejects.toMatchObject({ expected: expect.stringContaining("--iidfile") });
  });

  it("of two targets that built the same are one image with the tags of both", async () => {
    const { subjects } = await collectIn(
      async (folder) => {
        await cp(fixture("two-platforms"), folder, { recursive: true });
        await edit(join(folder, "metadata.json"), (json) => ({
          two: { ...json, "image.name": "ghcr.io/octo/greet:2" },
          one: { ...json, "image.name": "ghcr.io/octo/greet:1" },
        }));
      },
      { ...beside, expect: 1 },
    );
    expect(subjects).toHaveLength(3);
    expect(subjects[0]?.annotations).toEqual({ "buildx.tags": ["1", "2"] });
  });

  it("in an index and beside it are stated once", async () => {
    const { subjects } = await collectIn(
      async (folder) => {
        await cp(fixture("two-platforms"), folder, { recursive: true });
        const lines = [ARM64, GREET, AMD64].map((hex) => `ghcr.io/octo/greet@sha256:${hex}\n`);
        await writeFile(join(folder, "images.txt"), lines.join(""));
      },
      { metadata: "images.txt", layout: "layout" },
    );
    expect(subjects).toHaveLength(3);
  });
});

describe("a compressed tar", () => {
  it("is named as such", async () => {
    const gzip = collectIn((folder) => writeFile(join(folder, "image.tar.gz"), new Uint8Array([0x1f, 0x8b, 8, 0])), {
      metadata: "image.tar.gz",
    });
    await expect(gzip).rejects.toMatchObject({ code: "IMAGE_MALFORMED" });
  });
});

it("is recognised by bake files, which say nothing of where the metadata goes", () => {
  expect(buildx.marks).toEqual(["docker-bake.hcl", "docker-bake.json"]);
  expect(buildx.options.safeParse(buildx.suggest).success).toBe(true);
});

type JsonObject = Readonly<Record<string, unknown>>;

async function edit(path: string, change: (json: JsonObject) => JsonObject): Promise<void> {
  await writeFile(path, JSON.stringify(change(JSON.parse(await readFile(path, "utf8")) as JsonObject)));
}

function withDescriptor(json: JsonObject, members: object): JsonObject {
  return { ...json, "containerimage.descriptor": { ...(json["containerimage.descriptor"] as object), ...members } };
}
