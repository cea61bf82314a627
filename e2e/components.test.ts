// The other projects' programs by themselves, so that a broken one is told apart from a broken touchmark.
import { existsSync } from "node:fs";
import { appendFile, chmod, copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runPeer } from "./peer-process.ts";
import { debianProgram } from "./peers/debian-programs.mjs";
import { goProgramVersion } from "./peers/go-programs.mjs";
import { type Buildkit, hasBuildkit, startBuildkit } from "./servers/buildkit.ts";
import { buildImage, TWO_PLATFORMS, writeImageContext } from "./servers/image-build.ts";
import { hasNix, type Nix, startNix } from "./servers/nix.ts";
import { hasRegistry, type Registry, startRegistry } from "./servers/registry.ts";
import { startServer } from "./servers/server-process.ts";
import { newFolder } from "./touchmark-process.ts";

const OCI_INDEX = "application/vnd.oci.image.index.v1+json";

interface Index {
  readonly mediaType: string;
  readonly manifests: readonly {
    readonly digest: string;
    readonly platform?: { readonly os: string; readonly architecture: string };
    readonly annotations?: Readonly<Record<string, string>>;
  }[];
}

let folder: Awaited<ReturnType<typeof newFolder>>;
const at = (...parts: string[]) => join(folder.path, ...parts);

beforeAll(async () => {
  folder = await newFolder();
});

afterAll(() => folder.remove());

const crane = (...args: string[]) => runPeer("crane", args, { cwd: folder.path });
const cosign = (...args: string[]) => runPeer("cosign", args, { cwd: folder.path, env: { COSIGN_PASSWORD: "" } });

async function readJson<T>(file: string): Promise<T> {
  return JSON.parse(await readFile(file, "utf8")) as T;
}

describe.each([
  { kind: "distribution", program: "registry", referrers: 404 },
  { kind: "referrers", program: "referrers-registry", referrers: 200 },
] as const)("a registry", ({ kind, program, referrers }) => {
  describe.skipIf(!hasRegistry(kind))(`${program} ${goProgramVersion(program)}`, () => {
    let registry: Registry;

    beforeAll(async () => {
      registry = await startRegistry(kind, at(kind));
    });

    afterAll(() => registry.stop());

    it(`takes an image from crane ${goProgramVersion("crane")} and gives it back by digest`, async () => {
      // Two empty blocks end a tar archive: this one has no entry.
      await writeFile(at("layer.tar"), Buffer.alloc(1024));
      const pushed = await crane("append", "--new_layer", at("layer.tar"), "--new_tag", `${registry.host}/app:1.0`);
      expect(pushed).toMatch(/^127\.0\.0\.1:\d+\/app@sha256:[0-9a-f]{64}$/);
      expect(await crane("digest", `${registry.host}/app:1.0`)).toBe(pushed.split("@")[1]);
      expect(JSON.parse(await crane("manifest", pushed))).toMatchObject({ layers: [expect.anything()] });
    });

    it("keeps crane's index: an OCI one whose child is of Docker's type", async () => {
      const image = `${registry.host}/app:1.0`;
      await crane("index", "append", "--manifest", image, "--tag", `${registry.host}/app:index`);
      expect(JSON.parse(await crane("manifest", `${registry.host}/app:index`))).toMatchObject({
        mediaType: OCI_INDEX,
        manifests: [{ mediaType: "application/vnd.docker.distribution.manifest.v2+json" }],
      });
    });

    it(`answers ${referrers} when asked for referrers`, async () => {
      const digest = await crane("digest", `${registry.host}/app:1.0`);
      const answer = await fetch(`http://${registry.host}/v2/app/referrers/${digest}`);
      expect(answer.status).toBe(referrers);
      if (referrers === 200) expect(await answer.json()).toMatchObject({ mediaType: OCI_INDEX, manifests: [] });
      expect(await registry.log()).toContain(digest);
    });

    it.each(["true", "false"])("keeps what cosign attests with --new-bundle-format=%s", async (newFormat) => {
      const image = `${registry.host}/app@${await crane("digest", `${registry.host}/app:1.0`)}`;
      const runner = { builder: { id: "https://builder.example" } };
      const predicate = { buildDefinition: { buildType: "https://build.example", externalParameters: {} } };
      await writeFile(at("predicate.json"), JSON.stringify({ ...predicate, runDetails: runner }));
      const prefix = at(kind, newFormat);
      await cosign("generate-key-pair", "--output-key-prefix", prefix);
      const type = ["--type", "slsaprovenance1", `--new-bundle-format=${newFormat}`];
      const offline = ["--use-signing-config=false", "--tlog-upload=false", "--yes"];
      await cosign(
        "attest",
        ...["--key", `${prefix}.key`, "--predicate", at("predicate.json"), ...type, ...offline, image],
      );
      await cosign("verify-attestation", "--key", `${prefix}.pub`, "--insecure-ignore-tlog", ...type, image);
    });

    it("deletes a manifest", async () => {
      const digest = await crane("digest", `${registry.host}/app:1.0`);
      await crane("delete", `${registry.host}/app@${digest}`);
      const answer = await fetch(`http://${registry.host}/v2/app/manifests/${digest}`);
      expect(answer.status).toBe(404);
    });
  });
});

it.skipIf(!hasRegistry("distribution"))(
  "a registry that stopped keeps nothing of the machine but its data",
  async () => {
    const first = await startRegistry("distribution", at("restarted"));
    await writeFile(at("layer.tar"), Buffer.alloc(1024));
    const pushed = await crane("append", "--new_layer", at("layer.tar"), "--new_tag", `${first.host}/app:1.0`);
    await first.stop();
    await expect(fetch(`http://${first.host}/v2/`)).rejects.toThrow("fetch failed");
    const second = await startRegistry("distribution", at("restarted"));
    expect(await crane("digest", `${second.host}/app:1.0`)).toBe(pushed.split("@")[1]);
    await second.stop();
  },
);

// It is watched in /proc.
it.skipIf(process.platform !== "linux")(
  "a server that ends by itself is told with its log, whether it was ready or not",
  async () => {
    const start = (name: string, script: string) =>
      startServer({ name, folder: at("ending"), command: [process.execPath, "-e", script], ready: /ready/ });
    await expect(start("early", 'console.log("no port"); process.exitCode = 3')).rejects.toThrow(
      "early had ended by itself with 3:\nno port",
    );
    const late = await start("late", 'console.log("ready"); setTimeout(() => process.exit(4), 1500)');
    await expect.poll(() => commandLinesWith(at("ending")), { timeout: 20_000 }).toEqual([]);
    await expect(late.stop()).rejects.toThrow("late had ended by itself with 4:\nready");
    await late.stop();
  },
);

describe.skipIf(!hasBuildkit())(`buildkitd ${goProgramVersion("buildkitd")}`, () => {
  let buildkit: Buildkit;
  let registry: Registry;
  let context: string;

  beforeAll(async () => {
    buildkit = await startBuildkit(at("buildkit"));
    registry = await startRegistry("distribution", at("images"));
    context = await writeImageContext(at("context"));
  });

  afterAll(() => Promise.all([registry.stop(), buildkit.stop()]));

  describe.each(["buildctl", "buildx"] as const)("%s", (client) => {
    it(`${goProgramVersion(client)} pushes two platforms with provenance and says their digest`, async () => {
      const reference = `${registry.host}/${client}/demo:1.0.0`;
      const metadataFile = at(`${client}.json`);
      const output = { push: reference };
      await buildImage(buildkit, client, {
        context,
        platforms: TWO_PLATFORMS,
        output,
        provenance: "max",
        metadataFile,
      });
      const metadata = await readJson<Record<string, unknown>>(metadataFile);
      expect(metadata).toMatchObject({
        "containerimage.digest": await crane("digest", reference),
        "containerimage.descriptor": { mediaType: OCI_INDEX },
        "image.name": reference,
      });
      const index = JSON.parse(await crane("manifest", reference)) as Index;
      const platforms = index.manifests.map(({ platform }) => `${platform?.os}/${platform?.architecture}`);
      expect(platforms).toEqual([...TWO_PLATFORMS, "unknown/unknown", "unknown/unknown"]);
      expect(index.manifests.map(({ annotations }) => annotations?.["vnd.docker.reference.digest"])).toEqual([
        undefined,
        undefined,
        index.manifests[0]?.digest,
        index.manifests[1]?.digest,
      ]);
    });

    it("writes an OCI layout into a tar file", async () => {
      const [metadataFile, ociTar] = [at(`${client}-tar.json`), at(`${client}.tar`)];
      await buildImage(buildkit, client, {
        context,
        platforms: TWO_PLATFORMS,
        output: { ociTar },
        provenance: "none",
        metadataFile,
      });
      const { "containerimage.digest": digest } = await readJson<Record<string, string>>(metadataFile);
      const tar = await readFile(ociTar, "latin1");
      expect(tar).toContain("oci-layout");
      expect(tar).toContain(`blobs/sha256/${digest?.slice("sha256:".length)}`);
    });
  });

  it.skipIf(debianProgram("busybox") === null)("runs a command in a container by runc", async () => {
    const runs = await writeRunContext(at("runs"), "echo $((6 * 7)) > /answer");
    await buildkit.run("buildx", ["build", "--progress=plain", `--output=type=local,dest=${at("ran")}`, runs]);
    expect(await readFile(at("ran", "answer"), "utf8")).toBe("42\n");
  });

  it("says what went wrong in the words of the client", async () => {
    const [broken, metadataFile] = [await writeImageContext(at("broken")), at("broken.json")];
    await rm(join(broken, "app-arm64"));
    const build = buildImage(buildkit, "buildx", {
      context: broken,
      platforms: TWO_PLATFORMS,
      output: { ociTar: at("broken.tar") },
      provenance: "none",
      metadataFile,
    });
    await expect(build).rejects.toThrow(/"\/app-arm64": not found/);
    await expect(readFile(metadataFile)).rejects.toMatchObject({ code: "ENOENT" });
  });

  it.skipIf(debianProgram("busybox") === null)(
    "leaves no process and no mount, also of a build under way",
    async () => {
      const own = await startBuildkit(at("own"));
      // The folder's name is on the command line of the server, of runc, and of what runs in the container.
      const endless = await writeRunContext(at("endless"), `sleep 600; echo ${at("own")}`);
      const build = own.run("buildctl", [
        ...["build", "--progress=plain", "--frontend=dockerfile.v0"],
        ...[`--local=context=${endless}`, `--local=dockerfile=${endless}`],
      ]);
      const broken = expect(build).rejects.toThrow(/^buildctl ended with 1:/);
      await expect
        .poll(() => commandLinesWith(at("own")), { timeout: 20_000 })
        .toContainEqual(expect.stringMatching(/^\/busybox sh -c sleep/));
      await own.stop();
      await broken;
      expect(await commandLinesWith(at("own"))).toEqual([]);
      expect(await readFile("/proc/self/mountinfo", "utf8")).not.toContain(at("own"));
      await rm(at("own"), { recursive: true });
    },
  );
});

/** A build context that runs a shell command, in a container with nothing but a static busybox. */
async function writeRunContext(context: string, command: string): Promise<string> {
  await mkdir(context);
  await copyFile(debianProgram("busybox") ?? "", join(context, "busybox"));
  const run = JSON.stringify(["/busybox", "sh", "-c", command]);
  await writeFile(join(context, "Dockerfile"), `FROM scratch\nCOPY busybox /busybox\nRUN ${run}\n`);
  return context;
}

/** The command lines of this machine's processes that have a text in them. */
async function commandLinesWith(text: string): Promise<string[]> {
  const found: string[] = [];
  for (const id of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    // A process may end between the two calls.
    const commandLine = await readFile(join("/proc", id, "cmdline"), "utf8").catch(() => "");
    if (commandLine.includes(text)) found.push(commandLine.replaceAll("\0", " ").trimEnd());
  }
  return found;
}

describe.each(["own", "root"] as const)("nix, place of the store: %s", (place) => {
  describe.skipIf(!hasNix(place))("builds", () => {
    let nix: Nix;
    const lines = (text: string) => text.trimEnd().split("\n");

    beforeAll(async () => {
      nix = await startNix(at(place), place);
    });

    afterAll(() => nix.stop());

    it("where Nix names it, and nowhere else on the machine", async () => {
      const [path = ""] = lines((await nix.run("nix-build", ["--no-out-link", "-A", "single"])).stdout);
      expect(path).toMatch(place === "root" ? /^\/nix\/store\/[0-9a-z]{32}-notes\.txt$/ : /-notes\.txt$/);
      expect(await nix.inside("cat", [path])).toMatchObject({ status: 0, stdout: expect.stringMatching(/^notes on /) });
      expect(existsSync(path)).toBe(place === "own");
    });

    it("every output, and the same ones again", async () => {
      const outputs = lines((await nix.run("nix-build", ["--no-out-link", "-A", "demo.all"])).stdout);
      expect(outputs.map((path) => path.replace(/[0-9a-z]{32}/, "HASH"))).toEqual([
        `${nix.store}/HASH-demo-1.0.0`,
        `${nix.store}/HASH-demo-1.0.0-dev`,
      ]);
      const again = await nix.run("nix-build", ["--no-out-link", "--check", "-A", "demo.all"]);
      expect(lines(again.stdout)).toEqual(outputs);
      expect(await readFile(nix.onDisk(`${outputs[0]}/share/data.txt`), "utf8")).toBe("some data\n");
    });

    it("and records the hash that it also computes from the bytes", async () => {
      const [path = ""] = lines((await nix.run("nix-build", ["--no-out-link", "-A", "demo"])).stdout);
      const info: unknown = JSON.parse((await nix.run("nix", ["path-info", "--json", path])).stdout);
      const hash = (await nix.run("nix", ["hash", "path", path])).stdout.trim();
      expect(hash).toMatch(/^sha256-[0-9A-Za-z+/]{43}=$/);
      // Nix up to 2.18 writes an array, later ones an object by path.
      expect(Object.values(info as object)).toEqual([expect.objectContaining({ narHash: hash })]);
    });

    it("and sees a changed byte in the bytes, but not in its record", async () => {
      const [path = ""] = lines((await nix.run("nix-build", ["--no-out-link", "-A", "single"])).stdout);
      const narHash = async () => (await nix.run("nix-store", ["--query", "--hash", path])).stdout;
      const [record, bytes] = [await narHash(), (await nix.run("nix", ["hash", "path", path])).stdout];
      await chmod(nix.onDisk(path), 0o644);
      await appendFile(nix.onDisk(path), "and more");
      await chmod(nix.onDisk(path), 0o444);
      expect(await narHash()).toBe(record);
      expect((await nix.run("nix", ["hash", "path", path])).stdout).not.toBe(bytes);
      await expect(nix.run("nix-store", ["--verify-path", path])).rejects.toThrow("was modified! expected hash");
    });

    it("and says in JSON what it built", async () => {
      const args = ["build", "--json", "--no-link", "--file", "default.nix", "download"];
      const [built] = JSON.parse((await nix.run("nix", args)).stdout) as { outputs: { out: string } }[];
      expect(await readFile(nix.onDisk(built?.outputs.out ?? ""), "utf8")).toBe("some data\n");
    });
  });
});
