import fc from "fast-check";
import { PackageURL } from "packageurl-js";
import { expect, test } from "vitest";
import { imagePurl, parseImagePurl } from "./image-purl.ts";

const HEX = "a".repeat(64);
const digest = `sha256:${HEX}`;

test.each<[{ name: string; platform?: string | null; tag?: string | null }, string]>([
  [{ name: "ghcr.io/octo/app" }, `pkg:oci/app@sha256%3A${HEX}?repository_url=ghcr.io%2Focto%2Fapp`],
  [
    { name: "127.0.0.1:15000/demo", platform: "linux/arm/v7", tag: "v1" },
    `pkg:oci/demo@sha256%3A${HEX}?platform=linux%2Farm%2Fv7&repository_url=127.0.0.1%3A15000%2Fdemo&tag=v1`,
  ],
  [
    { name: "ghcr.io/octo/app", platform: null, tag: null },
    `pkg:oci/app@sha256%3A${HEX}?repository_url=ghcr.io%2Focto%2Fapp`,
  ],
])("of %j", (image, purl) => {
  expect(imagePurl({ ...image, digest })).toBe(purl);
  expect(parseImagePurl(purl)).toEqual({ name: image.name, digest, platform: image.platform ?? null });
  const read = PackageURL.fromString(purl);
  expect(read).toMatchObject({ type: "oci", version: digest, qualifiers: { repository_url: image.name } });
});

test.each([
  [
    `pkg:oci/debian@${digest}?repository_url=docker.io/library/debian&arch=amd64&tag=latest`,
    "docker.io/library/debian",
  ],
  [`pkg:oci/debian@sha256%3a${HEX}?tag=latest`, null],
  [`pkg:oci/app@${digest}?repository_url=GHCR.io/octo/app`, "ghcr.io/octo/app"],
])("of another tool is read: %s", (purl, name) => {
  expect(parseImagePurl(purl)).toEqual({ name, digest, platform: null });
});

test("without a version is read", () => {
  expect(parseImagePurl("pkg:oci/app?repository_url=ghcr.io/octo/app&platform=linux/amd64")).toEqual({
    name: "ghcr.io/octo/app",
    digest: null,
    platform: "linux/amd64",
  });
});

test.each([
  ["another type", `pkg:docker/app@${digest}`],
  ["no name", `pkg:oci/@${digest}`],
  ["a namespace", `pkg:oci/octo/app@${digest}`],
  ["a subpath", `pkg:oci/app@${digest}#bin/tool`],
  ["a version that is no digest", "pkg:oci/app@1.0"],
  ["a digest of another algorithm", `pkg:oci/app@sha1:${"a".repeat(40)}`],
  ["an empty version", "pkg:oci/app@?tag=1"],
  ["a repository_url of another name", `pkg:oci/app@${digest}?repository_url=ghcr.io/octo/other`],
  ["a repository_url with a tag", `pkg:oci/app@${digest}?repository_url=ghcr.io/octo/app:1`],
  ["a repository_url with a scheme", `pkg:oci/app@${digest}?repository_url=https://ghcr.io/octo/app`],
  ["a qualifier twice", `pkg:oci/app@${digest}?platform=linux/amd64&platform=linux/arm64`],
  ["a qualifier without a value", `pkg:oci/app@${digest}?platform`],
  ["a platform that is none", `pkg:oci/app@${digest}?platform=amd64`],
  ["escapes that are no UTF-8", `pkg:oci/%ff@${digest}`],
  ["a line end", `pkg:oci/app@${digest}\n`],
  ["nothing", ""],
])("with %s is none of ours", (_what, purl) => {
  expect(parseImagePurl(purl)).toBeNull();
});

test("what is printed is read as the same", () => {
  const segment = fc.stringMatching(/^[a-z0-9]{1,6}(?:[._-][a-z0-9]{1,6})?$/);
  fc.assert(
    fc.property(
      fc.array(segment, { minLength: 1, maxLength: 3 }),
      fc.stringMatching(/^[0-9a-f]{64}$/),
      fc.option(fc.constantFrom("linux/amd64", "linux/arm/v7", "windows/amd64")),
      fc.option(fc.stringMatching(/^\w[\w.-]{0,9}$/)),
      (path, hex, platform, tag) => {
        const image = { name: `ghcr.io/${path.join("/")}`, digest: `sha256:${hex}`, platform };
        expect(parseImagePurl(imagePurl({ ...image, tag }))).toEqual(image);
      },
    ),
  );
});
