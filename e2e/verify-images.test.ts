import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PushedImage, pushImage, startWithImage } from "./image-subjects.ts";
import { runPeer } from "./peer-process.ts";
import { goProgram, goProgramVersion } from "./peers/go-programs.mjs";
import { hasRegistry, REGISTRIES, type Registry } from "./servers/registry.ts";
import { newFolder, touchmark } from "./touchmark-process.ts";

const hasAll = hasRegistry("distribution") && hasRegistry("referrers") && goProgram("cosign") !== null;

let folder: Awaited<ReturnType<typeof newFolder>>;
const at = (...parts: string[]) => join(folder.path, ...parts);
const run = (...args: string[]) => touchmark(args, { cwd: folder.path });

const peer = (program: string, ...args: string[]) => runPeer(program, args, { cwd: folder.path });

/** The report, and the exit status beside it. */
async function verify(...args: string[]) {
  const { status, stdout } = await run("verify", ...args, "--key", "touchmark.pub", "--json");
  return { status, ...JSON.parse(stdout) };
}

const statuses = ({ artifacts }: { readonly artifacts: readonly { readonly status: string }[] }) =>
  artifacts.map(({ status }) => status);

beforeAll(async () => {
  folder = await newFolder();
  expect(await run("keys", "generate")).toMatchObject({ status: 0 });
});

afterAll(() => folder.remove());

describe.each(REGISTRIES)("verify, of images", ({ kind, program }) => {
  describe.skipIf(!hasAll)(`${program} ${goProgramVersion(program)}`, () => {
    let registry: Registry;
    let image: PushedImage;
    let target: string;
    const attest = (name: string, ...args: string[]) =>
      run(
        "attest",
        "--subjects",
        `${kind}.json`,
        "--key",
        "touchmark.key",
        "--out",
        `${kind}-${name}`,
        "--name",
        name,
        ...args,
      );

    beforeAll(async () => {
      ({ registry, image } = await startWithImage(kind, folder.path, { name: kind, subjects: `${kind}.json` }));
      target = `oci://${image.name}@${image.digests[0]}`;
    });

    afterAll(() => registry.stop());

    it("does not cover what nobody has stated", async () => {
      expect(await verify(target)).toMatchObject({ status: 1, artifacts: [{ status: "not-covered" }] });
    });

    it("covers the image and its platforms by what attest --push left", async () => {
      expect(await attest("r", "--push", "--att-tag")).toMatchObject({ status: 0 });
      const report = await verify(target, "--recursive", "--complete");
      expect(report).toMatchObject({ status: 0, absent: { count: 0 } });
      expect(report.artifacts.map(({ platform }: { platform: string | null }) => platform)).toEqual([
        null,
        "linux/amd64",
        "linux/arm64",
      ]);
    });

    it("refuses the tag, and verifies the line that it gives", async () => {
      const refused = await run("verify", `oci://${image.name}:1.0.0`, "--key", "touchmark.pub", "--json");
      expect(refused.status).toBe(2);
      const { error } = JSON.parse(refused.stdout);
      expect(error).toMatchObject({ code: "TAG_UNPINNED", expected: `touchmark verify ${target}` });
      const [, ...line] = error.expected.split(" ");
      expect(await run(...line, "--key", "touchmark.pub")).toMatchObject({ status: 0 });
    });

    it("verifies what crane and cosign save, without a network", async () => {
      await peer("crane", "pull", "--format=oci", `${image.name}@${image.digests[0]}`, `${kind}-crane`);
      const bundle = join(`${kind}-r`, "r.intoto.jsonl");
      const pulled = await verify(`oci-layout:${kind}-crane`, "--recursive", "--bundle", bundle, "--offline");
      expect([pulled.status, statuses(pulled)]).toEqual([0, ["verified", "verified", "verified"]]);
      await peer("cosign", "save", "--dir", `${kind}-cosign`, `${image.name}@${image.digests[0]}`);
      const saved = await verify(`oci-layout:${kind}-cosign`, "--offline");
      expect(saved).toMatchObject({ status: 0 });
      // Under the .att tag, and what refers to the image, which cosign saves without an entry in the index.
      expect(statuses(saved)).toEqual(["verified", "evidence", "evidence"]);
    });

    it("names the blob of a layout that was changed", async () => {
      const blobs = at(`${kind}-crane`, "blobs/sha256");
      for (const hex of await readdir(blobs)) {
        const content = await readFile(join(blobs, hex));
        const changed = Uint8Array.from(content);
        changed[0] = (changed[0] ?? 0) ^ 1;
        await writeFile(join(blobs, hex), changed);
        const report = await verify(`oci-layout:${kind}-crane`, "--bundle", join(`${kind}-r`, "r.intoto.jsonl"));
        expect(report).toMatchObject({ status: 1, artifacts: [{ status: "tampered" }] });
        expect(report.artifacts[0].findings[0].message).toContain(hex);
        await writeFile(join(blobs, hex), content);
      }
    });

    it("is not fooled by another image under the tag, nor by evidence that is moved to it (A42)", async () => {
      const other = await pushImage(`${registry.host}/octo/other`, folder.path);
      expect(await verify(`oci://${other.name}@${other.digests[0]}`)).toMatchObject({ status: 1 });
      await peer(
        "crane",
        "append",
        "--base",
        `${image.name}@${image.digests[1]}`,
        "--new_layer",
        "layer.tar",
        "--new_tag",
        `${image.name}:1.0.0`,
      );
      const evil = await peer("crane", "digest", `${image.name}:1.0.0`);
      expect(evil).not.toBe(image.digests[0]);
      expect(await verify(`oci://${image.name}@${evil}`)).toMatchObject({
        status: 1,
        artifacts: [{ status: "not-covered", findings: [{ code: "NOT_COVERED" }] }],
      });
      expect(await verify(target)).toMatchObject({ status: 0 });
    });

    it("is not covered any more when the evidence was deleted (A42)", async () => {
      const { registry: deleted, image: again } = await startWithImage(kind, folder.path, {
        name: `${kind}-deleted`,
        subjects: `${kind}.json`,
      });
      try {
        expect(await attest("d", "--push")).toMatchObject({ status: 0 });
        const gone = `oci://${again.name}@${again.digests[0]}`;
        expect(await verify(gone)).toMatchObject({ status: 0 });
        const referrer = /referrer (sha256:[0-9a-f]{64})/.exec(
          (await verify(gone)).artifacts[0].statements[0].bundle,
        )?.[1];
        await peer("crane", "delete", `${again.name}@${referrer}`);
        expect(await verify(gone)).toMatchObject({ status: 1, artifacts: [{ status: "not-covered" }] });
        await peer("crane", "delete", `${again.name}@${again.digests[0]}`);
        expect(await verify(gone)).toMatchObject({ status: 1, artifacts: [{ findings: [{ code: "IMAGE_MISSING" }] }] });
      } finally {
        await deleted.stop();
      }
      expect(await verify(`oci://${deleted.host}/octo/app@${image.digests[0]}`)).toMatchObject({
        status: 3,
        result: "unknown",
        artifacts: [{ status: "unknown", findings: [{ code: "NETWORK_UNAVAILABLE" }] }],
      });
    });
  });
});
