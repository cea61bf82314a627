import { finding } from "@touchmark/core";
import fc from "fast-check";
import type { Artifact } from "../src/artifact.ts";
import { digest, file, image, purlOf, REPOSITORY, subject, tarball, tree } from "./judge-cases.ts";
import { sha256, sha512, type TestStatement } from "./signed-bundles.ts";

const content = fc.constantFrom("a", "b", "c");
/** Fewer contents and names, so that images and trees pass often enough to be seen. */
const either = fc.constantFrom("a", "b");
const treeName = fc.constantFrom("demo", "demo", "tool");
const name = fc.constantFrom(
  "tool",
  "x/tool",
  "y/tool",
  "other",
  "pad-1.0.0.tgz",
  "pkg:npm/pad@1.0.0",
  "pkg:npm/app@1.0.0",
);
const purl = fc.constantFrom("pkg:npm/pad@1.0.0", "pkg:npm/app@1.0.0", null);

/** Anything that can be judged. */
export const artifact: fc.Arbitrary<Artifact> = fc.oneof(
  fc
    .record({ name, content, place: fc.constantFrom("folder", "alone") })
    .map(({ name, content, place }) =>
      file(place === "alone" ? (name.split("/").at(-1) ?? name) : name, content, { place }),
    ),
  fc.record({ content, purl }).map(({ content, purl }) => tarball("pad-1.0.0.tgz", content, purl)),
  content.map((text) => digest(sha256(text))),
  content.map((text) => digest(sha256(text), "narSha256")),
  fc
    .record({
      content: either,
      repository: fc.constantFrom(REPOSITORY, "ghcr.io/octo/other", null),
      isClaimed: fc.boolean(),
      platform: fc.constantFrom("linux/amd64", "linux/arm64", null),
      obstacle: fc.constantFrom(null, null, null, { status: "unknown", findings: [] } as const),
      gaps: fc.constantFrom([], [finding("REGISTRY_UNAVAILABLE", "503")]),
    })
    .map(({ content, isClaimed, ...options }) =>
      image(content, {
        ...options,
        ...(isClaimed && options.repository !== null && { layout: "kit/images/1", isClaimed: true }),
      }),
    ),
  {
    weight: 2,
    arbitrary: fc.record({ name: treeName, content: either }).map(({ name, content }) => tree(name, content)),
  },
);

const imageSubject = fc
  .record({
    content: either,
    platform: fc.constantFrom("linux/amd64", "linux/arm64", null),
    repository: fc.constantFrom(REPOSITORY, "ghcr.io/octo/other"),
    purl: fc.boolean(),
  })
  .map(({ content, platform, repository, purl }) => {
    const uri = purlOf(content, platform, repository);
    return { ...subject(purl ? uri : repository, content), uri };
  });

const treeSubject = fc
  .record({ name: treeName, content: either, bytes: fc.constantFrom(null, null, "a") })
  .map(({ name, content, bytes }) => ({
    name,
    digest: { narSha256: sha256(content), ...(bytes === null ? {} : { sha256: sha256(bytes) }) },
  }));

const anySubject = fc.oneof(
  { weight: 4, arbitrary: fc.record({ name, content }).map(({ name, content }) => subject(name, content)) },
  content.map((text) => subject(undefined, text)),
  fc.record({ name, content, other: content }).map(({ name, content, other }) => ({
    name,
    digest: { sha256: sha256(content), sha512: sha512(other) },
  })),
  name.map((one) => ({ name: one, digest: { sha1: "ab".repeat(20) } })),
  { weight: 3, arbitrary: imageSubject },
  { weight: 3, arbitrary: treeSubject },
);

/** A statement about some of it, of this type. */
export const statement = (predicateType: string): fc.Arbitrary<TestStatement> =>
  fc.array(anySubject, { minLength: 1, maxLength: 4 }).map((subjects) => ({ subject: subjects, predicateType }));
