import type { Subject } from "@touchmark/core";
import { imagePurl } from "@touchmark/oci";
import { describe, expect, it } from "vitest";
import { imagesIn } from "./image-subject.ts";

const hex = "ab".repeat(32);
const digest = `sha256:${hex}`;
const name = "ghcr.io/octo/app";
const index: Subject = { name, digest: { sha256: hex }, uri: imagePurl({ name, digest }) };
const found = { registry: "ghcr.io", repository: "octo/app", name, digest };

describe("images", () => {
  it.each<[string, Subject, object]>([
    ["an index: repository and purl", index, { ...found, subject: name }],
    [
      "a platform: a purl as name",
      { name: imagePurl({ name, digest, platform: "linux/amd64" }), digest: { sha256: hex } },
      found,
    ],
    ["a purl without repository_url", { ...index, uri: `pkg:oci/app@sha256%3A${hex}` }, found],
    ["a name with a tag, as others write it", { ...index, name: `${name}:1` }, { ...found, subject: `${name}:1` }],
    ["a purl without version", { ...index, uri: "pkg:oci/app?repository_url=ghcr.io/octo/app" }, found],
    [
      "Docker Hub by its full name",
      { name: "docker.io/library/app", digest: { sha256: hex }, uri: `pkg:oci/app@${digest}` },
      { registry: "docker.io", repository: "library/app", name: "docker.io/library/app" },
    ],
    [
      "sha512, by which the registry knows it",
      {
        name,
        digest: { sha256: hex, sha512: "cd".repeat(64) },
        uri: imagePurl({ name, digest: `sha512:${"cd".repeat(64)}` }),
      },
      { ...found, digest: `sha512:${"cd".repeat(64)}` },
    ],
  ])("%s", (_what, subject, image) => {
    expect(imagesIn([subject])).toEqual([expect.objectContaining(image)]);
  });

  it("each once, in the order of the subjects", () => {
    const other = {
      ...index,
      digest: { sha256: "cd".repeat(32) },
      uri: imagePurl({ name, digest: `sha256:${"cd".repeat(32)}` }),
    };
    const platform = { name: imagePurl({ name, digest, platform: "linux/amd64" }), digest: { sha256: hex } };
    expect(imagesIn([other, index, platform]).map((image) => image.digest)).toEqual([
      `sha256:${"cd".repeat(32)}`,
      digest,
    ]);
  });
});

describe("no images in a registry", () => {
  it.each<[string, Subject]>([
    ["a file", { name: "dist/app", digest: { sha256: hex } }],
    ["a package", { name: "pkg:npm/app@1.0.0", digest: { sha256: hex } }],
    ["a name that names no registry", { name: "app", digest: { sha256: hex }, uri: `pkg:oci/app@${digest}` }],
    ["a purl without repository", { name: `pkg:oci/app@${digest}`, digest: { sha256: hex } }],
  ])("%s", (_what, subject) => {
    expect(imagesIn([subject])).toEqual([]);
  });
});

describe("INPUT_INVALID", () => {
  it.each<[string, Subject]>([
    ["name and purl name two repositories", { ...index, name: "ghcr.io/mallory/app" }],
    ["digest and purl differ", { ...index, digest: { sha256: "cd".repeat(32) } }],
    ["no digest that a registry knows", { ...index, digest: { sha384: "cd".repeat(48) }, uri: "pkg:oci/app" }],
    ["a purl that is none", { ...index, uri: "pkg:oci/app@1.0.0" }],
  ])("%s", (_what, subject) => {
    expect(() => imagesIn([subject])).toThrow(expect.objectContaining({ code: "INPUT_INVALID" }));
  });
});
