import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Descriptor } from "@touchmark/oci";
import { describe, expect, it } from "vitest";
import { AMD64, beside, collectIn, edit, fixture, GREET, made, withDescriptor } from "../test/collect-images.ts";
import { LINUX_AMD64, MANIFEST_TYPE } from "../test/image-content.ts";

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
