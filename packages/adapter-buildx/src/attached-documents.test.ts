import type { Descriptor } from "@touchmark/oci";
import { describe, expect, it } from "vitest";
import { GREET, made } from "../test/collect-images.ts";
import { type ImageContent, LINUX_AMD64, LINUX_ARM64, MANIFEST_TYPE, statement } from "../test/image-content.ts";

const COMMIT = "2688a48e0cb0351c57d3a95da0e9d2a68344358a";
const V1 = "https://slsa.dev/provenance/v1";
const V02 = "https://slsa.dev/provenance/v0.2";
const BUILDKIT = "https://mobyproject.org/buildkit@v1";
const STATED = { "buildx.stated-by": "buildkit" };

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
