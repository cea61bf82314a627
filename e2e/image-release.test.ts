// One release of four kinds, each really made by its tool: what a maintainer with containers and Nix outputs does.
import { copyFile, cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { goProgram, goProgramVersion } from "./peers/go-programs.mjs";
import { type BuildClient, type Buildkit, hasBuildkit, startBuildkit } from "./servers/buildkit.ts";
import { buildImage, TWO_PLATFORMS, writeImageContext } from "./servers/image-build.ts";
import { hasNix, type Nix, startNix } from "./servers/nix.ts";
import { hasRegistry, type Registry, type RegistryKind, startRegistry } from "./servers/registry.ts";
import { CLI, newFolder, runProgram, touchmark } from "./touchmark-process.ts";
import { type Report, reportOf, verdictsOf } from "./verify-report.ts";

const EXAMPLE = fileURLToPath(new URL("../examples/polyglot-release/", import.meta.url));
const KINDS: readonly RegistryKind[] = ["distribution", "referrers"];
const hasAll = hasBuildkit() && hasNix("root") && KINDS.every(hasRegistry) && goProgram("cosign") !== null;

interface Subject {
  readonly name: string;
  readonly digest: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, unknown>>;
}

describe.skipIf(!hasAll)("a release of GoReleaser, npm pack, buildx and nix-build", () => {
  let folder: Awaited<ReturnType<typeof newFolder>>;
  let nix: Nix;
  let buildkit: Buildkit;
  let registries: Readonly<Record<RegistryKind, Registry>>;
  const at = (...parts: string[]) => join(folder.path, ...parts);
  /** Where /nix/store is the one that Nix built into. */
  const run = (...args: string[]) => nix.inside(process.execPath, [CLI, ...args], folder.path);
  const verify = async (...args: string[]): Promise<Report> =>
    reportOf(await run("verify", ...args, "--key", "touchmark.pub", "--json"));
  const system = async (program: string, ...args: string[]) => {
    const ended = await runProgram(program, args, { cwd: folder.path });
    expect(ended).toMatchObject({ status: 0 });
    return ended.stdout.trim();
  };
  const peer = (program: "crane" | "cosign", ...args: string[]) => system(goProgram(program) ?? "", ...args);

  beforeAll(async () => {
    folder = await newFolder();
    const [distribution, referrers] = await Promise.all(KINDS.map((kind) => startRegistry(kind, at("servers", kind))));
    if (distribution === undefined || referrers === undefined) throw new Error("no registries");
    registries = { distribution, referrers };
    [buildkit, nix] = await Promise.all([
      startBuildkit(at("servers", "buildkit")),
      startNix(at("servers", "nix"), "root"),
    ]);
    for (const part of ["dist", "npm"]) await cp(join(EXAMPLE, part), at(part), { recursive: true });
    await system("npm", "pack", "./npm", "--pack-destination", "npm");
    await nix.run("nix-build", ["-A", "demo", "-o", at("result")]);
    expect(await touchmark(["keys", "generate"], { cwd: folder.path })).toMatchObject({ status: 0 });
  });

  afterAll(async () => {
    await Promise.allSettled([buildkit.stop(), nix.stop(), ...KINDS.map((kind) => registries[kind].stop())]);
    await folder.remove();
  });

  /** The assets as they are uploaded, with the evidence beside them. */
  async function assemble(release: string, evidence: string): Promise<void> {
    await mkdir(at(release));
    const artifacts = JSON.parse(await readFile(at("dist", "artifacts.json"), "utf8")) as readonly {
      readonly name: string;
      readonly path: string;
      readonly type: string;
      readonly extra?: { readonly Format?: string };
    }[];
    for (const { name, path, type, extra } of artifacts) {
      if (type === "Metadata" || (type === "Binary" && extra?.Format !== "binary")) continue;
      await copyFile(at(path), at(release, name));
    }
    for (const file of await readdir(at("npm"))) {
      if (file.endsWith(".tgz")) await copyFile(at("npm", file), at(release, file));
    }
    await copyFile(at(evidence), at(release, "r.intoto.jsonl"));
  }

  // Each client once, each registry once: what a client pushed does not depend on the registry.
  describe.each<{ readonly client: BuildClient; readonly kind: RegistryKind; readonly program: string }>([
    { client: "buildx", kind: "distribution", program: "registry" },
    { client: "buildctl", kind: "referrers", program: "referrers-registry" },
  ])("$client, pushed to $program", ({ client, kind }) => {
    const name = `${client}-${kind}`;
    let repository: string;
    let digests: readonly string[];
    const subjectsOf = async (from: string): Promise<readonly Subject[]> => {
      expect(await run("collect", "--from", from, "-o", `${name}.json`)).toMatchObject({ status: 0 });
      return JSON.parse(await readFile(at(`${name}.json`), "utf8")).subjects;
    };

    beforeAll(async () => {
      repository = `${registries[kind].host}/octo/${client}`;
      await buildImage(buildkit, client, {
        context: await writeImageContext(at(`${name}-context`), name),
        platforms: TWO_PLATFORMS,
        output: { push: `${repository}:1.0.0` },
        provenance: "max",
        metadataFile: at(`${name}.metadata.json`),
      });
      const index = await peer("crane", "digest", `${repository}:1.0.0`);
      const { manifests } = JSON.parse(await peer("crane", "manifest", `${repository}@${index}`));
      digests = [index, ...manifests.slice(0, 2).map((manifest: { readonly digest: string }) => manifest.digest)];
    });

    it(`${goProgramVersion(client)}: one statement about all of it is signed and attached to the image`, async () => {
      const attested = await run(
        ...["attest", "--from", "goreleaser:dist", "--from", `buildx:${name}.metadata.json`],
        ...["--from", "npm-pack:npm", "--from", "nix:result"],
        ...["--key", "touchmark.key", "--out", `${name}-out`, "--name", "r", "--push", "--json"],
      );
      expect(attested).toMatchObject({ status: 0 });
      const { receipts } = JSON.parse(attested.stdout);
      expect(receipts.filter(({ subject }: { subject: string | null }) => subject !== null)).toHaveLength(3);
      const lines = (await readFile(at(`${name}-out`, "r.intoto.jsonl"), "utf8")).trimEnd().split("\n");
      expect(lines).toHaveLength(1);
      const { payload } = JSON.parse(lines[0] ?? "").dsseEnvelope;
      const text = Buffer.from(payload, "base64").toString();
      const { subject, predicate } = JSON.parse(text);
      const names = new Map(
        (subject as readonly Subject[]).map(({ name: one, digest }) => [`sha256:${digest["sha256"]}`, one]),
      );
      expect(digests.map((digest) => names.get(digest))).toEqual([
        repository,
        expect.stringContaining("?platform=linux%2Famd64&"),
        expect.stringContaining("?platform=linux%2Farm64&"),
      ]);
      // BuildKit's own provenance in the image: one document for each platform, by a builder without an id.
      const documents = (predicate.runDetails.byproducts as readonly Subject[]).filter(
        ({ annotations }) => annotations?.["buildx.predicate-type"] !== undefined,
      );
      expect(documents.map(({ annotations }) => annotations?.["buildx.about"]).sort()).toEqual(
        digests.slice(1).toSorted(),
      );
      expect(predicate.runDetails.builder.id).not.toBe("");
      expect(text).not.toContain(folder.path);
    });

    it("all of it verifies in one command: files, package, image with its platforms, Nix output", async () => {
      await assemble(`${name}-release`, `${name}-out/r.intoto.jsonl`);
      const image = `oci://${repository}@${digests[0]}`;
      const targets = [`${name}-release`, image, "nix:result"];
      const whole = await verify(...targets, "--recursive", "--complete");
      expect(whole).toMatchObject({ status: 0, absent: { count: 0 }, findings: [] });
      expect(new Set(verdictsOf(whole))).toEqual(new Set(["verified", "evidence"]));
      expect(whole.artifacts.filter(({ name: one }) => one.startsWith(repository))).toMatchObject([
        { digest: digests[0], platform: null },
        { digest: digests[1], platform: "linux/amd64" },
        { digest: digests[2], platform: "linux/arm64" },
      ]);
      const withoutPlatforms = await verify(...targets, "--complete");
      expect(withoutPlatforms).toMatchObject({ status: 1, absent: { count: 2 } });
      expect(withoutPlatforms.findings.map(({ code }) => code)).toEqual(["SUBJECT_ABSENT", "SUBJECT_ABSENT"]);
    });

    it("each kind verifies by itself, as whoever has only that does it", async () => {
      const bundle = ["--bundle", `${name}-out/r.intoto.jsonl`];
      const reports = await Promise.all([
        verify(`oci://${repository}@${digests[0]}`),
        verify(`${repository}@${digests[2]}`),
        verify("nix:result", ...bundle),
        verify("result", ...bundle, "--offline"),
        verify(`${name}-release/greet_1.0.0_amd64.deb`),
        verify(`${name}-release/touchmark-example-greet-1.0.0.tgz`, "--offline"),
      ]);
      expect(reports.map(verdictsOf)).toEqual(reports.map(() => ["verified"]));
    });

    it(`cosign ${goProgramVersion("cosign")} verifies it on the index and on each platform, with the key alone`, async () => {
      const type = ["--type", "slsaprovenance1", "--insecure-ignore-tlog", "--allow-http-registry"];
      for (const digest of digests) {
        await peer("cosign", "verify-attestation", "--key", "touchmark.pub", ...type, `${repository}@${digest}`);
      }
    });

    it("a byte that was changed in one file fails the whole, and that file alone is called tampered", async () => {
      const asset = at(`${name}-release`, "greet_1.0.0_linux_amd64.tar.gz");
      const bytes = await readFile(asset);
      bytes[40] = (bytes[40] ?? 0) ^ 1;
      await writeFile(asset, bytes);
      const report = await verify(`${name}-release`, `oci://${repository}@${digests[0]}`, "nix:result");
      expect(report).toMatchObject({ status: 1 });
      expect(report.artifacts.filter(({ status }) => status === "tampered").map(({ name: one }) => one)).toEqual([
        "greet_1.0.0_linux_amd64.tar.gz",
      ]);
    });

    it("the bytes of a layout, tar or folder, give the subjects that those of the registry give", async () => {
      const fromRegistry = await subjectsOf(`buildx:${name}.metadata.json`);
      expect(fromRegistry).toHaveLength(3);
      await peer("crane", "pull", "--format=oci", `${repository}@${digests[0]}`, `${name}-layout`);
      await system("tar", "--create", "--file", `${name}-layout.tar`, "--directory", `${name}-layout`, ".");
      for (const layout of [`${name}-layout`, `${name}-layout.tar`]) {
        expect(await subjectsOf(`buildx:${name}.metadata.json,layout=${layout}`)).toEqual(fromRegistry);
        const report = await verify(
          `oci-layout:${layout}`,
          "--recursive",
          "--offline",
          "--bundle",
          `${name}-out/r.intoto.jsonl`,
        );
        expect(verdictsOf(report)).toEqual(["verified", "verified", "verified"]);
      }
    });
  });
});
