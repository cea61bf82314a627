// Images as people carry them to where there is no network: tars and folders of crane and cosign.
import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PushedImage, pushImage, writeSubjects } from "./image-subjects.ts";
import { goProgram, goProgramVersion } from "./peers/go-programs.mjs";
import { hasRegistry, startRegistry } from "./servers/registry.ts";
import { newFolder, runProgram, touchmark } from "./touchmark-process.ts";
import { refusalOf, reportOf, verdictsOf } from "./verify-report.ts";

const hasAll = hasRegistry("distribution") && goProgram("cosign") !== null;
const EVIDENCE = ["--bundle", "out/r.intoto.jsonl"];

describe.skipIf(!hasAll)("images without a registry", () => {
  let folder: Awaited<ReturnType<typeof newFolder>>;
  let image: PushedImage;
  const at = (...parts: string[]) => join(folder.path, ...parts);
  const run = (...args: string[]) => touchmark(args, { cwd: folder.path });
  const verify = async (...args: string[]) =>
    reportOf(await run("verify", ...args, "--key", "touchmark.pub", "--offline", "--json"));

  async function system(program: string, ...args: string[]): Promise<string> {
    const ended = await runProgram(program, args, { cwd: folder.path });
    expect(ended).toMatchObject({ status: 0 });
    return ended.stdout.trim();
  }
  const crane = (...args: string[]) => system(goProgram("crane") ?? "", ...args);
  const pack = (layout: string, tar: string) => system("tar", "--create", "--file", tar, "--directory", layout, ".");

  /** The registry is gone once everything was pulled. */
  beforeAll(async () => {
    folder = await newFolder();
    const registry = await startRegistry("distribution", at("registry"));
    image = await pushImage(`${registry.host}/octo/app`, folder.path);
    await writeSubjects(at("subjects.json"), [image]);
    expect(await run("keys", "generate")).toMatchObject({ status: 0 });
    const options = ["--key", "touchmark.key", "--out", "out", "--name", "r", "--push"];
    expect(await run("attest", "--subjects", "subjects.json", ...options)).toMatchObject({ status: 0 });
    const [index = "", amd64 = ""] = image.digests.map((digest) => `${image.name}@${digest}`);
    await crane("pull", "--format=oci", index, "oci");
    await crane("pull", "--format=oci", amd64, "oci-amd64");
    for (const format of ["tarball", "legacy"]) await crane("pull", `--format=${format}`, amd64, `${format}.tar`);
    await system(goProgram("cosign") ?? "", "save", "--dir", "cosign", index);
    await registry.stop();
    for (const name of ["oci", "oci-amd64", "cosign"]) await pack(name, `${name}.tar`);
  });

  afterAll(() => folder.remove());

  it.each(["oci", "oci.tar"])(
    `crane ${goProgramVersion("crane")} --format=oci, %s: holds with the evidence`,
    async (path) => {
      const report = await verify(`oci-layout:${path}`, "--recursive", "--complete", ...EVIDENCE);
      expect(verdictsOf(report)).toEqual(["verified", "verified", "verified"]);
      expect(report.artifacts.map(({ digest }) => digest)).toEqual(image.digests);
      expect(verdictsOf(await verify(`oci-layout:${path}`))).toEqual(["not-covered NOT_COVERED"]);
    },
  );

  it.each(["oci-amd64", "oci-amd64.tar"])("one platform alone, %s: holds, and is named as what it is", async (path) => {
    const report = await verify(`oci-layout:${path}`, ...EVIDENCE);
    expect(verdictsOf(report)).toEqual(["verified"]);
    expect(report.artifacts[0]?.name).toBe(`${path}@${image.digests[1]}`);
  });

  it.each(["tarball", "legacy"])("crane --format=%s keeps no manifest, so that nothing covers it", async (format) => {
    const report = await verify(`oci-layout:${format}.tar`, ...EVIDENCE);
    expect(verdictsOf(report)).toEqual(["not-covered IMAGE_MISSING"]);
    const collected = await run("collect", "--from", `buildx:${format}.tar`, "-o", "never.json");
    expect(collected).toMatchObject({ status: 2, stderr: expect.stringContaining("E IMAGE_MISSING") });
  });

  it.each(["cosign", "cosign.tar"])(
    `cosign ${goProgramVersion("cosign")} save, %s: has its evidence with it`,
    async (path) => {
      expect(verdictsOf(await verify(`oci-layout:${path}`, "--recursive"))).toEqual([
        "verified",
        "verified",
        "verified",
        "evidence",
      ]);
    },
  );

  it("a byte of a layer that was changed, in a folder and in a tar, is named with its blob", async () => {
    const { digest, content } = await aLayer("oci");
    for (const name of ["oci", "cosign"]) {
      await cp(at(name), at(`${name}-changed`), { recursive: true });
      const blob = at(`${name}-changed`, "blobs/sha256", digest);
      await writeFile(blob, flipped(content, content.length - 1));
      await pack(`${name}-changed`, `${name}-changed.tar`);
      for (const path of [`${name}-changed`, `${name}-changed.tar`]) {
        const report = await verify(`oci-layout:${path}`, ...EVIDENCE);
        expect(report).toMatchObject({ status: 1 });
        expect(report.artifacts[0]).toMatchObject({
          status: "tampered",
          findings: [{ code: "DIGEST_MISMATCH", expected: `sha256:${digest}` }],
        });
        expect(report.artifacts[0]?.findings[0]?.message).toContain(digest);
      }
    }
    // The same in the bytes of a tar that somebody else made.
    const tar = await readFile(at("oci.tar"));
    await writeFile(at("oci-patched.tar"), flipped(tar, tar.indexOf(content) + content.length - 1));
    expect(verdictsOf(await verify("oci-layout:oci-patched.tar", ...EVIDENCE))).toEqual(["tampered DIGEST_MISMATCH"]);
  });

  it("a layer that is missing leaves the image incomplete", async () => {
    const { digest } = await aLayer("oci");
    await cp(at("oci"), at("oci-less"), { recursive: true });
    await rm(at("oci-less", "blobs/sha256", digest));
    await pack("oci-less", "oci-less.tar");
    for (const path of ["oci-less", "oci-less.tar"]) {
      expect(verdictsOf(await verify(`oci-layout:${path}`, ...EVIDENCE))).toEqual(["not-covered IMAGE_MISSING"]);
    }
  });

  it("another image beside it does not hold because the first does", async () => {
    await cp(at("oci"), at("oci-two"), { recursive: true });
    const config = await addBlob("oci-two", JSON.stringify({ os: "linux", architecture: "amd64" }), "config.v1+json");
    const manifest = { schemaVersion: 2, mediaType: `${OCI}manifest.v1+json`, config, layers: [] };
    const evil = await addBlob("oci-two", JSON.stringify(manifest), "manifest.v1+json");
    const index = JSON.parse(await readFile(at("oci-two", "index.json"), "utf8"));
    // As cosign marks evidence; what it is, is said by what is in it.
    const annotations = { kind: "dev.cosignproject.cosign/atts" };
    index.manifests.push({ ...evil, annotations });
    await writeFile(at("oci-two", "index.json"), JSON.stringify(index));
    expect(verdictsOf(await verify("oci-layout:oci-two", ...EVIDENCE))).toEqual([
      "verified",
      "not-covered NOT_COVERED",
    ]);
  });

  it("evidence in the folder that was changed counts for nothing", async () => {
    await cp(at("cosign"), at("cosign-spoilt"), { recursive: true });
    const blobs = at("cosign-spoilt", "blobs/sha256");
    const spoilt = [];
    for (const hex of await readdir(blobs)) {
      const content = await readFile(join(blobs, hex));
      if (!content.includes("dsseEnvelope")) continue;
      await writeFile(join(blobs, hex), flipped(content, content.indexOf('"payload"') + 14));
      spoilt.push(hex);
    }
    expect(spoilt).toHaveLength(1);
    const report = await verify("oci-layout:cosign-spoilt");
    expect(report).toMatchObject({ status: 1 });
    expect(verdictsOf(report)[0]).toBe("not-covered NOT_COVERED");
    expect(verdictsOf(await verify("oci-layout:cosign-spoilt", ...EVIDENCE))[0]).toBe("verified");
  });

  it("a folder or tar that is not asked for as an image is files, none of them covered", async () => {
    const report = await verify("oci", ...EVIDENCE);
    expect(new Set(verdictsOf(report))).toEqual(new Set(["not-covered NOT_COVERED"]));
    expect(report.findings).toMatchObject([{ code: "NOT_COVERED", expected: "oci-layout:oci" }]);
    const shown = await run("verify", "oci", ...EVIDENCE, "--key", "touchmark.pub");
    expect(shown.stdout).toMatch(/expected {2}oci-layout:oci\n/);
    expect(verdictsOf(await verify("oci.tar", ...EVIDENCE))).toEqual(["not-covered NOT_COVERED"]);
  });

  it("a compressed tar, half a tar and no layout at all are named", async () => {
    await system("gzip", "--keep", "oci.tar");
    await writeFile(at("half.tar"), (await readFile(at("oci.tar"))).subarray(0, 2000));
    await mkdir(at("empty"));
    for (const path of ["oci.tar.gz", "half.tar", "empty", "touchmark.pub"]) {
      const collected = await run("collect", "--from", `buildx:x.json,layout=${path}`, "-o", "never.json");
      expect([path, collected.status]).toEqual([path, 2]);
      expect([path, verdictsOf(await verify(`oci-layout:${path}`, ...EVIDENCE))]).toEqual([
        path,
        ["not-covered IMAGE_MALFORMED"],
      ]);
    }
    const none = refusalOf(await run("verify", "oci-layout:none", "--key", "touchmark.pub", "--json"));
    expect(none).toMatchObject({ status: 2, error: { code: "TARGET_MISSING" } });
  });

  it("--offline refuses a registry before it is asked", async () => {
    const target = `oci://${image.name}@${image.digests[0]}`;
    const refused = refusalOf(
      await run("verify", "oci-layout:oci", target, "--offline", "--key", "touchmark.pub", "--json"),
    );
    expect(refused).toMatchObject({ status: 2, error: { code: "NETWORK_REFUSED" } });
  });

  const OCI = "application/vnd.oci.image.";

  async function addBlob(layout: string, content: string, type: string) {
    const hex = createHash("sha256").update(content).digest("hex");
    await writeFile(at(layout, "blobs/sha256", hex), content);
    return { mediaType: OCI + type, digest: `sha256:${hex}`, size: Buffer.byteLength(content) };
  }

  /** A layer of the first platform: its hex digest and bytes. */
  async function aLayer(layout: string): Promise<{ readonly digest: string; readonly content: Buffer }> {
    const hex = image.digests[1]?.slice("sha256:".length) ?? "";
    const manifest = JSON.parse(await readFile(at(layout, "blobs/sha256", hex), "utf8"));
    const digest = manifest.layers[0].digest.slice("sha256:".length);
    return { digest, content: await readFile(at(layout, "blobs/sha256", digest)) };
  }
});

function flipped(content: Uint8Array, at: number): Uint8Array {
  const changed = Uint8Array.from(content);
  changed[at] = (changed[at] ?? 0) ^ 1;
  return changed;
}
