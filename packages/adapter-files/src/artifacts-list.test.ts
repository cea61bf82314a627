import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { adapterLaws, shuffleArray, withTestHost } from "@touchmark/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { artifactsList } from "./artifacts-list.ts";

const A = "87428fc522803d31065e7bce3cf03fe475096631e5e07bbd7a0fde60c4cf25c7";
const B = "0263829989b6fd954f72baaf2fc64bc2e2f01d692d4de72986ea808f6e99813f";

let folder: string;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "artifacts-list-")));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function collect(text: string, expected?: readonly string[] | number) {
  await writeFile(join(folder, "list"), text);
  return withTestHost(folder, (host) => artifactsList.collect(host, { file: "list", expect: expected }));
}

/** One line of JSON without white space, as the runner's ArtifactsListFileCommand writes it. */
function list(...subjects: readonly Readonly<Record<string, unknown>>[]): string {
  return JSON.stringify({ version: 1, subjects });
}

const FILE = { name: "tool.tar.gz", digest: `sha256:${A}`, kind: "file" };
const IMAGE = { name: "ghcr.io/example/tool:1.0", digest: `sha256:${B}`, kind: "oci" };

adapterLaws(artifactsList, [
  {
    name: "a file and an image",
    fixture: (place) => writeFile(join(place, "list"), list(IMAGE, FILE)),
    options: { file: "list" },
    metadata: ["list"],
    shuffle: shuffleArray("list", "subjects"),
    absent: "INPUT_MISSING",
    declared: true,
    subjects: { "tool.tar.gz": `sha256:${A}`, "ghcr.io/example/tool": `sha256:${B}` },
  },
]);

test("files keep their names; images are their repository, with a purl", async () => {
  expect(await collect(list(FILE, IMAGE))).toEqual({
    subjects: [
      {
        name: "ghcr.io/example/tool",
        digest: { sha256: B },
        uri: `pkg:oci/tool@sha256%3A${B}?repository_url=ghcr.io%2Fexample%2Ftool`,
        declared: true,
      },
      { name: "tool.tar.gz", digest: { sha256: A }, declared: true },
    ],
    resolvedDependencies: [],
    byproducts: [],
  });
});

test.each([
  ["ghcr.io/example/tool", "ghcr.io/example/tool"],
  ["example/tool:1.0", "docker.io/example/tool"],
  ["localhost:5000/tool", "localhost:5000/tool"],
  ["localhost:5000/tool:1.0", "localhost:5000/tool"],
  [`ghcr.io/example/tool:1.0@sha256:${B}`, "ghcr.io/example/tool"],
])("the image %s is %s", async (name, repository) => {
  expect((await collect(list({ ...IMAGE, name })))?.subjects[0]?.name).toBe(repository);
});

test("one repository may hold several images; two tags of one are one", async () => {
  const other = { ...IMAGE, name: "ghcr.io/example/tool:debug", digest: `sha256:${A}` };
  const again = { ...IMAGE, name: "ghcr.io/example/tool:latest" };
  expect((await collect(list(IMAGE, other, again)))?.subjects.map((subject) => subject.digest)).toEqual([
    { sha256: B },
    { sha256: A },
  ]);
});

test.each([
  ["an empty file: the runner's feature is off", ""],
  ["no subjects: no step declared any", '{"version":1,"subjects":[]}'],
])("%s", async (_what, text) => {
  expect(await collect(text)).toBeNull();
});

test("keys that the runner may add are ignored", async () => {
  const text = JSON.stringify({ version: 1, job: "build", subjects: [{ ...FILE, size: 3 }] });
  expect((await collect(text))?.subjects).toHaveLength(1);
});

describe("what is refused", () => {
  test.each([
    ["another version", JSON.stringify({ version: 2, subjects: [FILE] }), "INPUT_INVALID"],
    ["another kind", list({ ...FILE, kind: "npm" }), "INPUT_INVALID"],
    ["another algorithm", list({ ...IMAGE, digest: `sha512:${"a".repeat(128)}` }), "INPUT_INVALID"],
    ["a digest that is too short", list({ ...FILE, digest: "sha256:abc" }), "INPUT_INVALID"],
    ["no digest", list({ name: "x", kind: "file" }), "INPUT_INVALID"],
    ["no name", list({ ...FILE, name: "" }), "INPUT_INVALID"],
    ["an array", JSON.stringify([FILE]), "INPUT_INVALID"],
    ["a key twice", `{"version":1,"version":1,"subjects":[]}`, "INPUT_INVALID"],
    ["white space only", " ", "INPUT_INVALID"],
    ["another folder", list({ ...FILE, name: "../tool" }), "NAME_REFUSED"],
    ["a file with a package's name", list({ ...FILE, name: "pkg:npm/x@1.0.0" }), "NAME_REFUSED"],
    ["an image without a repository", list({ ...IMAGE, name: "@sha256:x" }), "INPUT_INVALID"],
    ["one file with two digests", list(FILE, { ...FILE, digest: `sha256:${B}` }), "SUBJECT_CONFLICT"],
  ])("%s", async (_what, text, code) => {
    await expect(collect(text)).rejects.toMatchObject({ code });
  });

  test("what is not expected", async () => {
    await expect(collect(list(FILE), 2)).rejects.toMatchObject({ code: "ARTIFACT_MISSING" });
    await expect(collect(list(FILE, IMAGE), ["tool.tar.gz"])).rejects.toMatchObject({ code: "ARTIFACT_UNEXPECTED" });
  });
});

test("--from artifacts-list:FILE", () => {
  expect(artifactsList.options.safeParse(artifactsList.fromArgument("list")).success).toBe(true);
  expect(artifactsList.options.safeParse(artifactsList.suggest).success).toBe(true);
  expect(() => artifactsList.fromArgument(null)).toThrowError(expect.objectContaining({ code: "USAGE" }));
});
