import { readFileSync } from "node:fs";
import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { AMD64, ARM64, beside, collectIn, edit, fixture, GREET } from "../test/collect-images.ts";
import { INDEX_TYPE, MANIFEST_TYPE } from "../test/image-content.ts";
import { buildx } from "./buildx.ts";

const COMMIT = "2688a48e0cb0351c57d3a95da0e9d2a68344358a";
const V1 = "https://slsa.dev/provenance/v1";
const V02 = "https://slsa.dev/provenance/v0.2";
const BUILDKIT = "https://mobyproject.org/buildkit@v1";
const STATED = { "buildx.stated-by": "buildkit" };

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
    stdin: () => Readable.from([readFileSync(fixture(file))]),
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
