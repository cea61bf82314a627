// What buildx writes when it makes something else than an image in one registry, and what becomes of it.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { goProgramVersion } from "./peers/go-programs.mjs";
import { type Buildkit, hasBuildkit, startBuildkit } from "./servers/buildkit.ts";
import { writeImageContext } from "./servers/image-build.ts";
import { hasRegistry, type Registry, startRegistry } from "./servers/registry.ts";
import { newFolder, touchmark } from "./touchmark-process.ts";
import { reportOf, verdictsOf } from "./verify-report.ts";

const hasAll = hasBuildkit() && hasRegistry("distribution");
const PLATFORMS = "--platform=linux/amd64,linux/arm64";

describe.skipIf(!hasAll)(`buildx ${goProgramVersion("buildx")}`, () => {
  let folder: Awaited<ReturnType<typeof newFolder>>;
  let buildkit: Buildkit;
  let registry: Registry;
  const at = (...parts: string[]) => join(folder.path, ...parts);
  const run = (...args: string[]) => touchmark(args, { cwd: folder.path });
  const buildx = (...args: string[]) => buildkit.run("buildx", args, { cwd: folder.path });
  const build = (name: string, ...args: string[]) =>
    buildx("build", "--progress=plain", `--metadata-file=${name}.json`, ...args, "context");
  const digestIn = async (name: string): Promise<string> =>
    JSON.parse(await readFile(at(`${name}.json`), "utf8"))["containerimage.digest"];
  const collect = async (from: string) => {
    expect(await run("collect", "--from", from, "-o", "collected.json")).toMatchObject({ status: 0 });
    const { subjects, byproducts } = JSON.parse(await readFile(at("collected.json"), "utf8"));
    return { names: subjects.map(({ name }: { name: string }) => name), subjects, byproducts };
  };
  const refusal = async (from: string) => {
    const { status, stderr } = await run("collect", "--from", from, "-o", "never.json");
    expect(status).toBe(2);
    return stderr;
  };

  beforeAll(async () => {
    folder = await newFolder();
    [buildkit, registry] = await Promise.all([
      startBuildkit(at("buildkit")),
      startRegistry("distribution", at("registry")),
    ]);
    await writeImageContext(at("context"));
    const pushed = (name: string) => [`type=image,name=${registry.host}/octo/${name}:1,push=true`];
    const target = {
      app: { context: "context", output: pushed("app") },
      worker: { context: "context", output: pushed("worker") },
      files: { context: "context", output: ["type=local,dest=files"] },
      broken: { context: "context", "dockerfile-inline": "FROM scratch\nCOPY nothing /\n", output: pushed("broken") },
    };
    await writeFile(at("bake.json"), JSON.stringify({ target }));
    expect(await run("keys", "generate")).toMatchObject({ status: 0 });
  });

  afterAll(async () => {
    await Promise.allSettled([buildkit.stop(), registry.stop()]);
    await folder.remove();
  });

  it("type=oci without a name: the layout is stated, its provenance by its place, and verifies", async () => {
    await build("oci", PLATFORMS, "--provenance=mode=max", "--output=type=oci,dest=oci.tar");
    const from = "buildx:oci.json,layout=oci.tar,repository=ghcr.io/octo/app";
    const { names, subjects, byproducts } = await collect(from);
    expect(names).toHaveLength(3);
    expect(subjects).toContainEqual(
      expect.objectContaining({
        name: "ghcr.io/octo/app",
        digest: { sha256: (await digestIn("oci")).replace("sha256:", "") },
      }),
    );
    const abouts = byproducts.flatMap((one: { annotations?: Record<string, string> }) =>
      one.annotations?.["buildx.about"] === undefined ? [] : [one.annotations["buildx.about"]],
    );
    expect(abouts).toHaveLength(2);
    expect(abouts).not.toContain("not this image");
    const attested = await run("attest", "--from", from, "--key", "touchmark.key", "--out", "oci-out", "--name", "r");
    expect(attested).toMatchObject({ status: 0 });
    const verify = ["verify", "oci-layout:oci.tar", "--recursive", "--offline", "--key", "touchmark.pub", "--json"];
    const report = reportOf(await run(...verify, "--bundle", "oci-out/r.intoto.jsonl", "--complete"));
    expect(verdictsOf(report)).toEqual(["verified", "verified", "verified"]);
  });

  it("type=docker: the tar that docker loads is a layout too, of a single manifest", async () => {
    await build("docker", "--output=type=docker,dest=docker.tar,name=octo/app:1");
    const from = "buildx:docker.json,layout=docker.tar";
    expect((await collect(from)).names).toEqual(["docker.io/octo/app"]);
    const attested = await run(
      "attest",
      "--from",
      from,
      "--key",
      "touchmark.key",
      "--out",
      "docker-out",
      "--name",
      "r",
    );
    expect(attested).toMatchObject({ status: 0 });
    const bundle = ["--bundle", "docker-out/r.intoto.jsonl", "--key", "touchmark.pub", "--json"];
    const report = reportOf(await run("verify", "oci-layout:docker.tar", ...bundle));
    expect(report.artifacts).toMatchObject([{ status: "verified", digest: await digestIn("docker") }]);
  });

  it("two outputs of one build: of different names, two images; the metadata says one digest, and that one is stated", async () => {
    const reference = `${registry.host}/octo/two:1`;
    const outputs = [`--output=type=image,name=${reference},push=true`, "--output=type=oci,dest=two.tar"];
    await build("two", PLATFORMS, ...outputs);
    // BuildKit writes the names into its statements, so the index in the tar is another one than that in the registry, and
    // the metadata has one of them.
    const ended = await Promise.all(
      ["", ",layout=two.tar"].map((bytes, at) => run("collect", "--from", `buildx:two.json${bytes}`, "-o", `two${at}`)),
    );
    expect(ended.map(({ status }) => status).sort()).toEqual([0, 2]);
    expect(ended.find(({ status }) => status === 2)?.stderr).toMatch(/^E IMAGE_MISSING/);
  });

  it("type=local has no image: refused, and what to do is said", async () => {
    await build("local", "--output=type=local,dest=local");
    const stderr = await refusal("buildx:local.json");
    expect(stderr).toMatch(/^E INPUT_INVALID +local\.json: this build made no image/);
    expect(stderr).toContain("--from files:PATTERN");
    expect(await refusal("buildx:local.json,layout=oci.tar")).toMatch(/^E INPUT_INVALID/);
  });

  it("bake, one target without an image: refused by the target's name, unless others are chosen", async () => {
    await buildx("bake", "--file=bake.json", "--metadata-file=bake.meta.json", "app", "worker", "files");
    expect(await refusal("buildx:bake.meta.json")).toMatch(/^E INPUT_INVALID +bake\.meta\.json, target files: /);
    const { names } = await collect("buildx:bake.meta.json,only=app,only=worker");
    const named = names.filter((name: string) => !name.startsWith("pkg:"));
    expect(named).toEqual(["app", "worker"].map((name) => `${registry.host}/octo/${name}`));
  });

  it("bake, one target failed: there is no file, and one that says of no target what it made is refused", async () => {
    const failed = buildx("bake", "--file=bake.json", "--metadata-file=failed.meta.json", "app", "broken");
    await expect(failed).rejects.toThrow(/buildx ended with 1/);
    expect(await refusal("buildx:failed.meta.json")).toMatch(/^E INPUT_MISSING/);
    const meta = JSON.parse(await readFile(at("bake.meta.json"), "utf8"));
    const { app, worker } = meta;
    for (const broken of [{}, { "buildx.build.ref": worker["buildx.build.ref"] }, null]) {
      await writeFile(at("failed.meta.json"), JSON.stringify({ app, broken }));
      expect(await refusal("buildx:failed.meta.json")).toMatch(/^E INPUT_INVALID/);
    }
    expect(await refusal("buildx:failed.meta.json,only=broken")).toMatch(/^E INPUT_INVALID/);
    expect(await refusal("buildx:bake.meta.json,only=none")).toMatch(/^E ARTIFACT_MISSING/);
  });
});
