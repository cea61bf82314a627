import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Files, memoryHost } from "../test/memory-host.ts";
import { type Entry, edited, smallDist, syntheticDist, withEntries, withFile } from "../test/synthetic-dist.ts";
import { goreleaser } from "./goreleaser.ts";

const fixture = (path: string) =>
  readFileSync(new URL(`../fixtures/docker-v2-and-ko/${path}`, import.meta.url), "utf8");
const collect = (files: Files) => goreleaser.collect(memoryHost(files), { dist: "dist" });

const V2 = "696a119d5e9ca12231eb1e54fe6a88a66dda6930068f02c577c91b47fb5d8f74";
const KO = "a919660b1d37cc13a4db6189c98a960819537d20f296fc7fb191e1ba1a54c784";

function pushed(): Map<string, Uint8Array> {
  return syntheticDist({
    artifacts: fixture("artifacts.json"),
    metadata: fixture("metadata.json"),
    lists: { "demo_1.0.0_checksums.txt": fixture("demo_1.0.0_checksums.txt") },
    others: { "dist/digests.txt": fixture("digests.txt") },
  });
}

/** The small release and one image. */
function withImage(image: Partial<Entry>): Map<string, Uint8Array> {
  return withEntries(smallDist(), (entries) => [
    ...entries,
    { name: "", path: "image", type: "Docker Image", ...image },
  ]);
}

async function imagesOf(files: Files) {
  return (await collect(files))?.subjects.filter(({ declared }) => declared);
}

describe("pushed images", () => {
  test("are subjects by repository and digest, their tags in an annotation", async () => {
    const output = await collect(pushed());
    expect(output?.subjects.filter(({ declared }) => declared)).toEqual([
      {
        name: "127.0.0.1:15000/gr-demo",
        digest: { sha256: V2 },
        uri: `pkg:oci/gr-demo@sha256%3A${V2}?repository_url=127.0.0.1%3A15000%2Fgr-demo`,
        annotations: { "goreleaser.tags": ["1.0.0", "latest"] },
        declared: true,
      },
      {
        name: "127.0.0.1:15000/gr-ko",
        digest: { sha256: KO },
        uri: `pkg:oci/gr-ko@sha256%3A${KO}?repository_url=127.0.0.1%3A15000%2Fgr-ko`,
        declared: true,
      },
    ]);
    expect(output?.byproducts.map(({ name }) => name)).toEqual(["metadata.json", "config.yaml", "digests.txt"]);
    expect(output?.resolvedDependencies[0]?.uri).toBe("git+https://github.com/example/demo@refs/tags/v1.0.0");
  });

  test.each([
    ["demo:1", "docker.io/library/demo"],
    ["example/demo:1", "docker.io/example/demo"],
    ["ghcr.io/example/demo", "ghcr.io/example/demo"],
    ["localhost/demo:1", "localhost/demo"],
    ["GHCR.io/example/demo:1", "ghcr.io/example/demo"],
  ])("%s lies in %s", async (name, repository) => {
    const found = await imagesOf(withImage({ name, extra: { Digest: `sha256:${V2}` } }));
    expect(found?.map((subject) => subject.name)).toEqual([repository]);
  });

  test("of two digests in one repository are two subjects", async () => {
    const files = withEntries(withImage({ name: "ghcr.io/x/y:1", extra: { Digest: `sha256:${V2}` } }), (entries) => [
      ...entries,
      { name: "ghcr.io/x/y:2", path: "image", type: "Docker Manifest", extra: { Digest: `sha256:${KO}` } },
    ]);
    expect((await imagesOf(files))?.map(({ digest }) => digest["sha256"])).toEqual([V2, KO]);
  });

  test("built and never pushed are none", async () => {
    expect(await imagesOf(withImage({ name: "ghcr.io/x/y:1", extra: { DockerConfig: {} } }))).toEqual([]);
  });

  test.each([
    { name: "ghcr.io/x/y:1", type: "Docker Image", extra: { Digest: "" } },
    { name: "ghcr.io/x/y:1", type: "Docker Manifest", extra: {} },
    { name: "ghcr.io/x/y:1", type: "Published Docker Image" },
    { name: "ghcr.io/x/y:1", extra: { Digest: `sha512:${V2}${V2}` } },
    { name: "ghcr.io/x/y:1", extra: { Digest: V2 } },
    { name: "ghcr.io/x/../y:1", extra: { Digest: `sha256:${V2}` } },
    { name: "ghcr.io/X Y:1", extra: { Digest: `sha256:${V2}` } },
  ])("without a digest or a name that a registry has are refused: %j", async (image) => {
    await expect(collect(withImage(image))).rejects.toMatchObject({ code: "INPUT_INVALID" });
  });

  test("whose name has another digest are refused", async () => {
    const image = { name: `ghcr.io/x/y@sha256:${KO}`, extra: { Digest: `sha256:${V2}` } };
    await expect(collect(withImage(image))).rejects.toMatchObject({ code: "DIGEST_MISMATCH" });
  });
});

describe("digests.txt", () => {
  const DIGESTS = "dist/digests.txt";

  test("with an empty digest is refused", async () => {
    const files = edited(pushed(), DIGESTS, (text) => text.replace(V2, ""));
    await expect(collect(files)).rejects.toMatchObject({
      code: "INPUT_INVALID",
      message: expect.stringContaining("digests.txt line 1"),
    });
  });

  test("that disagrees with artifacts.json is refused", async () => {
    const files = edited(pushed(), DIGESTS, (text) => text.replace(V2, KO));
    await expect(collect(files)).rejects.toMatchObject({
      code: "DIGEST_MISMATCH",
      message: expect.stringContaining("gr-demo:1.0.0"),
    });
  });

  test("that names another image is refused", async () => {
    const files = edited(pushed(), DIGESTS, (text) => `${text}${V2}  127.0.0.1:15000/other:1\n`);
    await expect(collect(files)).rejects.toMatchObject({
      code: "INPUT_INVALID",
      message: expect.stringContaining("other:1"),
    });
  });

  test("need not be there", async () => {
    expect(await imagesOf(withFile(pushed(), DIGESTS, null))).toHaveLength(2);
  });
});
