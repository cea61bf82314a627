import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { AMD64, ARM64, beside, collectIn, edit, fixture, GREET, made } from "../test/collect-images.ts";
import { type ImageContent, LINUX_AMD64, MANIFEST_TYPE } from "../test/image-content.ts";

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
