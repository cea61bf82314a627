import type { Artifact } from "@touchmark/verify";
import { expect, test } from "vitest";
import { artifactFacts } from "./artifact-facts.ts";

const hex = "ab".repeat(32);
const digests = { sha256: hex };
const file = { kind: "file", place: "folder", digests, identify: null } as const;
const image = { kind: "image", layout: null, digests, platform: "linux/arm64", obstacle: null, gaps: [] } as const;

test.each<[string, Artifact, string | null, readonly string[]]>([
  ["a file", { ...file, name: "linux/tool" }, null, ["linux/tool", "tool"]],
  ["a file at the top", { ...file, name: "tool" }, null, ["tool"]],
  ["a package", { ...file, name: "x/p.tgz" }, "pkg:npm/p@1.0.0", ["x/p.tgz", "p.tgz", "pkg:npm/p@1.0.0"]],
  ["a file in a folder called like a package", { ...file, name: "pkg:npm/p@1.0.0" }, null, ["p@1.0.0"]],
  ["a package in a folder called like another", { ...file, name: "pkg:npm/p" }, "pkg:npm/q@1", ["p", "pkg:npm/q@1"]],
  ["an image", { ...image, name: `ghcr.io/o/a@sha256:${hex}`, repository: "ghcr.io/o/a" }, null, ["ghcr.io/o/a"]],
  [
    "an image in a layout",
    { ...image, name: `app@sha256:${hex}`, repository: null, layout: "kit/app" },
    null,
    ["kit/app", "app"],
  ],
  ["a layout at the top", { ...image, name: `app@sha256:${hex}`, repository: null, layout: "app" }, null, ["app"]],
  [
    "a layout in a folder called like a digest",
    { ...image, name: `app@sha256:${hex}`, repository: null, layout: `a@sha256:${hex}/app` },
    null,
    [`a@sha256:${hex}/app`, "app"],
  ],
  ["a tree in a folder", { kind: "tree", name: "out/demo", digests }, null, ["out/demo"]],
  [
    "an image in a kit",
    {
      ...{ ...image, name: `ghcr.io/o/a@sha256:${hex}`, repository: "ghcr.io/o/a" },
      ...{ layout: "kit/images/1", isClaimed: true },
    },
    null,
    ["ghcr.io/o/a"],
  ],
  ["a tree", { kind: "tree", name: "abc-demo", digests }, null, ["abc-demo"]],
  ["a digest", { kind: "digest", name: `sha256:${hex}`, algorithm: "sha256", hex }, null, [`sha256:${hex}`]],
])("the names of %s", (_what, artifact, packageName, names) => {
  expect(artifactFacts(artifact, packageName)).toEqual({
    kind: artifact.kind,
    name: artifact.name,
    names,
    digests: [`sha256:${hex}`],
    platform: artifact.kind === "image" ? "linux/arm64" : null,
  });
});
