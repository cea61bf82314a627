import { describe, expect, it } from "vitest";
import { imageNameOf, samePlatform } from "./image-name.ts";

const A = "a".repeat(64);
const named = (repository: string | null, platform: string | null = null, digest: string | null = null) => ({
  repository,
  platform,
  digest,
});

describe("imageNameOf", () => {
  it.each([
    ["ghcr.io/octo/app", named("ghcr.io/octo/app")],
    ["GHCR.io/octo/app", named("ghcr.io/octo/app")],
    ["localhost/app", named("localhost/app")],
    ["127.0.0.1:5000/app", named("127.0.0.1:5000/app")],
    ["docker.io/busybox", named("docker.io/library/busybox")],
    ["index.docker.io/library/busybox", named("docker.io/library/busybox")],
    ["https://gcr.io/octo/app", named("gcr.io/octo/app")],
    ["https://gcr.io/octo/app:v1", named("gcr.io/octo/app")],
    ["https://127.0.0.1:5000/app:v1", named("127.0.0.1:5000/app")],
    ["pkg:oci/app?repository_url=ghcr.io/octo/app", named("ghcr.io/octo/app")],
    [
      `pkg:oci/app@sha256%3A${A}?platform=linux%2Famd64&repository_url=ghcr.io%2Focto%2Fapp`,
      named("ghcr.io/octo/app", "linux/amd64", `sha256:${A}`),
    ],
    [`pkg:oci/app@sha256:${A}`, named(null, null, `sha256:${A}`)],
  ])("%s", (text, name) => {
    expect(imageNameOf(text)).toEqual(name);
  });

  it.each([
    "app",
    "octo/app",
    "ghcr.io",
    "ghcr.io/octo/app:1",
    `ghcr.io/octo/app@sha256:${A}`,
    "ghcr.io/Octo/app",
    "./octo/app",
    "https://octo/app",
    "http://gcr.io/octo/app",
    "https://gcr.io",
    `https://gcr.io/octo/app@sha256:${A}`,
    "https://gcr.io/Octo/app",
    "pkg:npm/app@1.0.0",
    "pkg:oci/octo/app",
    "pkg:oci/other?repository_url=ghcr.io/octo/app",
  ])("%s is none", (text) => {
    expect(imageNameOf(text)).toBeNull();
  });
});

describe("samePlatform", () => {
  it.each([
    ["linux/amd64", "linux/amd64", true],
    ["linux/arm64/v8", "linux/arm64", true],
    ["linux/arm/v7", "linux/arm", true],
    ["linux/arm/v6", "linux/arm", false],
    ["linux/arm64/v9", "linux/arm64", false],
    ["linux/amd64/v8", "linux/amd64", false],
    ["windows/amd64", "linux/amd64", false],
  ])("%s and %s: %s", (left, right, same) => {
    expect([samePlatform(left, right), samePlatform(right, left)]).toEqual([same, same]);
  });
});
