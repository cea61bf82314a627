import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PushedImage, pushImage, startWithImage, writeSubjects } from "./image-subjects.ts";
import { runPeer } from "./peer-process.ts";
import { goProgram, goProgramVersion } from "./peers/go-programs.mjs";
import { type CutOff, startCutOff } from "./servers/cut-off.ts";
import { hasRegistry, REGISTRIES, type Registry, startRegistry } from "./servers/registry.ts";
import { CLI, type Ended, newFolder, runProgram, touchmark } from "./touchmark-process.ts";

const BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json";
const hasAll = hasRegistry("distribution") && hasRegistry("referrers") && goProgram("cosign") !== null;

let folder: Awaited<ReturnType<typeof newFolder>>;
const at = (...parts: string[]) => join(folder.path, ...parts);
const run = (...args: string[]) => touchmark(args, { cwd: folder.path });

const crane = (...args: string[]) => runPeer("crane", args, { cwd: folder.path });
const manifestOf = async (reference: string) => JSON.parse(await crane("manifest", reference));

function cosign(...args: string[]): Promise<Ended> {
  return runProgram(goProgram("cosign") ?? "", [...args, "--allow-http-registry"], { cwd: folder.path });
}

const KEY = ["--key", "touchmark.pub", "--insecure-ignore-tlog=true"];

beforeAll(async () => {
  folder = await newFolder();
  expect(await run("keys", "generate")).toMatchObject({ status: 0 });
});

afterAll(() => folder.remove());

describe.each(REGISTRIES)("attest --push", ({ kind, program }) => {
  describe.skipIf(!hasAll)(`${program} ${goProgramVersion(program)}`, () => {
    let registry: Registry;
    let image: PushedImage;
    const out = (name: string) => ["--key", "touchmark.key", "--out", `${kind}-${name}`, "--name", name];
    const attest = (name: string, ...args: string[]) =>
      run("attest", "--subjects", `${kind}-subjects.json`, ...out(name), "--push", ...args);
    /** Requests that change something, as the registry saw them. */
    const writes = async () => (await registry.log()).match(/"?(?:PUT|PATCH|POST) \/v2\//g)?.length ?? 0;

    /** Digests of what is listed for an image, by the API or under the tag. */
    const bundlesOf = async (digest: string): Promise<readonly string[]> => {
      const answer = await fetch(`http://${registry.host}/v2/octo/app/referrers/${digest}`);
      const list = answer.ok ? await answer.json() : await manifestOf(`${image.name}:${digest.replace(":", "-")}`);
      return list.manifests.map((entry: { digest: string }) => entry.digest);
    };

    beforeAll(async () => {
      ({ registry, image } = await startWithImage(kind, folder.path, {
        name: kind,
        subjects: `${kind}-subjects.json`,
      }));
    });

    afterAll(() => registry.stop());

    it("attaches the statement to the index and to each platform", async () => {
      const attested = await attest("a", "--json");
      expect(attested).toMatchObject({ status: 0 });
      const { receipts } = JSON.parse(attested.stdout);
      const pushed = receipts.filter((receipt: { subject: string | null }) => receipt.subject !== null);
      expect(pushed).toHaveLength(3);
      const attachedTo: string[] = [];
      for (const { uri } of pushed) {
        const manifest = await manifestOf(uri);
        attachedTo.push(manifest.subject.digest);
        expect(manifest).toMatchObject({
          artifactType: BUNDLE,
          layers: [{ mediaType: BUNDLE }],
          annotations: {
            "dev.sigstore.bundle.content": "dsse-envelope",
            "dev.sigstore.bundle.predicateType": "https://slsa.dev/provenance/v1",
          },
        });
        const bundle = await crane("blob", `${image.name}@${manifest.layers[0].digest}`);
        expect(`${bundle}\n`).toBe(await readFile(at(`${kind}-a`, "a.intoto.jsonl"), "utf8"));
      }
      expect(attachedTo.sort()).toEqual([...image.digests].sort());
    });

    it(kind === "distribution" ? "lists it under the referrers tag" : "writes no tag", async () => {
      const tags = (await crane("ls", image.name)).split("\n");
      const listed = tags.filter((tag) => tag.startsWith("sha256-")).sort();
      expect(listed).toEqual(
        kind === "distribution" ? image.digests.map((digest) => digest.replace(":", "-")).sort() : [],
      );
    });

    it("a second time nothing is sent", async () => {
      const before = await writes();
      expect(before).toBeGreaterThan(6);
      const again = await run("publish", join(`${kind}-a`, "a.intoto.jsonl"), "--to", "oci", "--json");
      expect(again).toMatchObject({ status: 0 });
      const { receipts } = JSON.parse(again.stdout);
      expect(receipts.map((receipt: { existed: boolean }) => receipt.existed)).toEqual([true, true, true]);
      expect(await writes()).toBe(before);
    });

    it("jobs that push at the same moment lose nothing of each other", async () => {
      const before = new Set(await bundlesOf(image.digests[0] ?? ""));
      const jobs = await Promise.all(["j1", "j2", "j3"].map((name) => attest(name, "--json")));
      const pushed = jobs.flatMap(({ status, stdout }) => {
        expect(status).toBe(0);
        const { receipts } = JSON.parse(stdout);
        return receipts.map((receipt: { uri: string }) => receipt.uri.replace(/^.*@/, ""));
      });
      const added = (await bundlesOf(image.digests[0] ?? "")).filter((digest) => !before.has(digest));
      expect(added).toHaveLength(3);
      expect(pushed).toEqual(expect.arrayContaining(added));
    });

    it(`cosign ${goProgramVersion("cosign")} verifies the statement on the index and on each platform`, async () => {
      for (const digest of image.digests) {
        const verified = await cosign(
          "verify-attestation",
          ...KEY,
          "--type",
          "slsaprovenance1",
          `${image.name}@${digest}`,
        );
        expect(verified).toMatchObject({ status: 0 });
      }
      expect((await cosign("tree", `${image.name}@${image.digests[0]}`)).stdout).toContain("slsa.dev/provenance/v1");
    });

    it("cosign refuses it under another key", async () => {
      expect(await run("keys", "generate", "--out", `${kind}-stranger`)).toMatchObject({ status: 0 });
      const key = ["--key", `${kind}-stranger/touchmark.pub`, "--insecure-ignore-tlog=true"];
      const image0 = `${image.name}@${image.digests[0]}`;
      expect((await cosign("verify-attestation", ...key, "--type", "slsaprovenance1", image0)).status).not.toBe(0);
    });

    it("--att-tag: readers of the older place find it, and cosign can add to it", async () => {
      expect(await attest("att", "--att-tag")).toMatchObject({ status: 0 });
      const old = ["--new-bundle-format=false", "--type", "slsaprovenance1"];
      for (const digest of image.digests) {
        expect(await cosign("verify-attestation", ...KEY, ...old, `${image.name}@${digest}`)).toMatchObject({
          status: 0,
        });
      }
    });

    it("--cosign-signature: cosign verify accepts the image, in the older format too", async () => {
      const signed = await attest("sig", "--cosign-signature", "--json");
      expect(signed).toMatchObject({ status: 0 });
      for (const digest of image.digests) {
        const reference = `${image.name}@${digest}`;
        expect(await cosign("verify", ...KEY, reference)).toMatchObject({ status: 0 });
        const old = await cosign("verify", ...KEY, "--new-bundle-format=false", reference);
        expect(old).toMatchObject({ status: 0 });
        expect(JSON.parse(old.stdout)).toMatchObject([{ critical: { image: { "docker-manifest-digest": digest } } }]);
      }
      const stranger = ["--key", `${kind}-stranger/touchmark.pub`, "--insecure-ignore-tlog=true"];
      const other = await cosign(
        "verify",
        ...stranger,
        "--new-bundle-format=false",
        `${image.name}@${image.digests[0]}`,
      );
      expect(other.status).not.toBe(0);
    });

    it("an image is not signed twice by the same key", async () => {
      expect(await attest("sig", "--cosign-signature")).toMatchObject({ status: 0 });
      const tag = `${image.name}:${image.digests[0]?.replace(":", "-")}.sig`;
      expect((await manifestOf(tag)).layers).toHaveLength(1);
    });

    it("what cosign attached is kept", async () => {
      const predicate = ["--predicate", `${kind}-subjects.json`, "--type", "https://example.com/mine/v1"];
      const unlocked = { cwd: folder.path, env: { COSIGN_PASSWORD: "" } };
      await runPeer("cosign", ["generate-key-pair", "--output-key-prefix", `${kind}-cosign`], unlocked);
      const reference = `${image.name}@${image.digests[1]}`;
      const old = ["--use-signing-config=false", "--new-bundle-format=false", "--tlog-upload=false", "--yes"];
      const attesting = [
        "attest",
        "--key",
        `${kind}-cosign.key`,
        ...predicate,
        ...old,
        "--allow-http-registry",
        reference,
      ];
      await runPeer("cosign", attesting, unlocked);
      expect(await attest("after", "--att-tag")).toMatchObject({ status: 0 });
      const { layers } = await manifestOf(`${image.name}:${image.digests[1]?.replace(":", "-")}.att`);
      const types = layers.map((layer: { annotations: Record<string, string> }) => layer.annotations["predicateType"]);
      expect(types).toEqual([
        "https://slsa.dev/provenance/v1",
        "https://example.com/mine/v1",
        "https://slsa.dev/provenance/v1",
      ]);
    });
  });
});

describe.skipIf(!hasAll)(`a push that breaks off, registry ${goProgramVersion("registry")}`, () => {
  let registry: Registry;
  let wire: CutOff;
  let image: PushedImage;
  const puts = async () => (await registry.log()).match(/"PUT \/v2\/octo\/app\/manifests\/sha256:/g)?.length ?? 0;

  beforeAll(async () => {
    registry = await startRegistry("distribution", at("broken"));
    wire = await startCutOff(registry.host);
    image = await pushImage(`${wire.host}/octo/app`, folder.path);
    await writeSubjects(at("broken-subjects.json"), [image]);
  });

  afterAll(async () => {
    await wire.stop();
    await registry.stop();
  });

  it("keeps the evidence, names the line that finishes the work, and that line does, without signing", async () => {
    const before = await puts();
    wire.cutAfter(2, /^PUT \/v2\/octo\/app\/manifests\/sha256:/m);
    const args = ["--subjects", "broken-subjects.json", "--key", "touchmark.key", "--out", "my release", "--name", "b"];
    const broken = await run("attest", ...args, "--push", "--cosign-signature", "--att-tag");
    expect(broken).toMatchObject({ status: 3, stdout: "", stderr: expect.stringContaining("E NETWORK_UNAVAILABLE") });
    expect(broken.stderr).toMatch(/[012] of 3 images have their evidence now/);
    expect(await puts()).toBe(before + 2);
    const line = /touchmark (publish .*--att-tag)/.exec(broken.stderr)?.[1] ?? "";
    expect(line).toBe("publish 'my release/b.intoto.jsonl' 'my release/b.image-signatures.jsonl' --to oci --att-tag");
    const files = ["b.intoto.jsonl", "b.image-signatures.jsonl"].map((name) => at("my release", name));
    const written = await Promise.all(files.map((file) => readFile(file, "utf8")));

    wire.mend();
    const finished = await runProgram("sh", ["-c", `"$NODE" "$CLI" ${line}`], {
      cwd: folder.path,
      env: { NODE: process.execPath, CLI },
    });
    expect(finished).toMatchObject({ status: 0 });
    // Two referrers were there; only the third was sent now.
    expect(await puts()).toBe(before + 3);
    expect(await Promise.all(files.map((file) => readFile(file, "utf8")))).toEqual(written);
    for (const digest of image.digests) {
      const reference = `${image.name}@${digest}`;
      const attested = await cosign("verify-attestation", ...KEY, "--type", "slsaprovenance1", reference);
      expect(attested).toMatchObject({ status: 0 });
      expect(await cosign("verify", ...KEY, "--new-bundle-format=false", reference)).toMatchObject({ status: 0 });
    }
  });
});
