import { readFileSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BuildOutput } from "@touchmark/core";
import type { Descriptor } from "@touchmark/oci";
import {
  collectIn as collectFrom,
  type Fault,
  startTestRegistry,
  type TestHostOptions,
  type TestRegistry,
  type TestRegistryOptions,
} from "@touchmark/testkit";
import { afterEach, describe, expect, it } from "vitest";
import { ImageContent, LINUX_AMD64, LINUX_ARM64, MANIFEST_TYPE, metadataOf } from "../test/image-content.ts";
import { buildx } from "./buildx.ts";

const GREET = "sha256:9f962bb494803388ee4a40720094f13f6ee09d0c75a9057fbd5f05dd94c52713";
const NETWORK = { network: { kind: "any" } } as const;

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));

async function collectIn(
  fill: string | ((folder: string) => Promise<void>),
  options: Readonly<Record<string, unknown>>,
  host: TestHostOptions = {},
): Promise<BuildOutput> {
  const output = await collectFrom(buildx, typeof fill === "string" ? fixture(fill) : fill, options, host);
  if (output === null) throw new Error("collected nothing");
  return output;
}

let registry: TestRegistry | null = null;

async function start(options: TestRegistryOptions = {}): Promise<TestRegistry> {
  registry = await startTestRegistry(options);
  return registry;
}

afterEach(async () => {
  await registry?.close();
  registry = null;
});

/** What bake pushed, under the same repositories of a registry of our own. */
async function pushed(options: TestRegistryOptions = {}): Promise<TestRegistry> {
  const started = await start(options);
  const folder = join(fixture("bake/layout"), "blobs/sha256");
  for (const hex of await readdir(folder)) {
    const bytes = await readFile(join(folder, hex));
    const json = bytes[0] === 0x7b ? (JSON.parse(bytes.toString()) as { readonly mediaType?: string }) : {};
    for (const repository of ["octo/greet", "mirror/greet", "octo/greet-docs"]) {
      if (json.mediaType === undefined) started.addBlob(repository, bytes);
      else started.addManifest(repository, bytes, { mediaType: json.mediaType });
    }
  }
  // Since the build, somebody moved the tag: nobody may look at it.
  const other = new TextEncoder().encode('{"schemaVersion":2,"manifests":[]}');
  started.addManifest("octo/greet", other, { mediaType: "application/vnd.oci.image.index.v1+json", tag: "1.0" });
  return started;
}

function collectBake(started: TestRegistry, options: Readonly<Record<string, unknown>> = { only: ["app", "docs"] }) {
  const metadata = readFileSync(fixture("bake/metadata.json"), "utf8").replaceAll("127.0.0.1:15020", started.host);
  return collectIn(
    (folder) => writeFile(join(folder, "metadata.json"), metadata),
    { metadata: "metadata.json", ...options },
    NETWORK,
  );
}

describe("images that bake pushed", () => {
  it("are read by digest, in every repository, and no tag is asked for", async () => {
    const started = await pushed();
    const { subjects, byproducts, resolvedDependencies } = await collectBake(started);
    expect(subjects).toHaveLength(8);
    expect(subjects[0]).toMatchObject({ name: `${started.host}/mirror/greet`, digest: { sha256: GREET.slice(7) } });
    expect(byproducts).toHaveLength(1 + 3);
    expect(resolvedDependencies.length).toBeGreaterThan(0);
    const paths = started.requests.map(({ path }) => path);
    expect(paths.filter((path) => path.includes("/manifests/") && !path.includes("/manifests/sha256:"))).toEqual([]);
    expect(paths.filter((path) => path.startsWith("/v2/mirror/greet/manifests/")).length).toBeGreaterThan(0);
    expect(paths.filter((path) => path.startsWith("/v2/octo/greet/manifests/"))).toEqual([
      `/v2/octo/greet/manifests/${GREET}`,
    ]);
  });

  it("are the same as those of a layout", async () => {
    const started = await pushed();
    const [there, here] = [
      await collectBake(started),
      await collectIn("bake", { metadata: "metadata.json", layout: "layout", only: ["app", "docs"] }),
    ];
    const plain = JSON.stringify({ ...there, byproducts: there.byproducts.slice(1) });
    const encoded = [started.host, "127.0.0.1:15020"].map(encodeURIComponent) as [string, string];
    expect(plain.replaceAll(started.host, "127.0.0.1:15020").replaceAll(...encoded)).toBe(
      JSON.stringify({ ...here, byproducts: here.byproducts.slice(1) }),
    );
  });

  it("are missing when one repository has not got them", async () => {
    const started = await pushed();
    started.repository("octo/greet").manifests.delete(GREET);
    await expect(collectBake(started)).rejects.toMatchObject({ code: "IMAGE_MISSING" });
  });
});

describe("a registry on a bad day", () => {
  const manifests = { method: "GET", path: /\/manifests\// } as const;
  it.each<[string, string, Fault]>([
    ["denies", "REGISTRY_DENIED", { ...manifests, times: 9, fault: { kind: "answer", status: 403 } }],
    ["has no such image", "IMAGE_MISSING", { ...manifests, times: 9, fault: { kind: "answer", status: 404 } }],
    [
      "serves other bytes",
      "DIGEST_MISMATCH",
      { ...manifests, times: 9, fault: { kind: "bytes", bytes: new Uint8Array(1607) } },
    ],
    [
      "is a captive portal",
      "DIGEST_MISMATCH",
      { ...manifests, times: 9, fault: { kind: "answer", status: 200, body: "<html>" } },
    ],
  ])("that %s is %s", async (_what, code, fault) => {
    await expect(collectBake(await pushed({ faults: [fault] }), { only: "docs" })).rejects.toMatchObject({ code });
  });

  it("that is not there is an error", async () => {
    const started = await pushed();
    await started.close();
    registry = null;
    const pauses: number[] = [];
    const impatient: typeof buildx = {
      ...buildx,
      collect: (host, options) => buildx.collect({ ...host, wait: async (ms) => void pauses.push(ms) }, options),
    };
    const asked = collectFrom(
      impatient,
      (folder) => writeFile(join(folder, "m.txt"), `${started.host}/octo/greet@${GREET}`),
      { metadata: "m.txt" },
      NETWORK,
    );
    await expect(asked).rejects.toMatchObject({ code: "NETWORK_UNAVAILABLE" });
    expect(pauses.length).toBeGreaterThan(0);
  });

  it("that nobody granted is not asked", async () => {
    const started = await pushed();
    const asked = collectIn((folder) => writeFile(join(folder, "m.txt"), `${started.host}/octo/greet@${GREET}`), {
      metadata: "m.txt",
    });
    await expect(asked).rejects.toMatchObject({ code: "NETWORK_REFUSED" });
    expect(started.requests).toEqual([]);
  });

  it("with a manifest above 4 MiB is INPUT_TOO_LARGE", async () => {
    const started = await start();
    const bytes = new TextEncoder().encode(JSON.stringify({ schemaVersion: 2, x: "x".repeat(4 * 1024 * 1024) }));
    const digest = started.addManifest("octo/app", bytes, { mediaType: MANIFEST_TYPE });
    await expect(collectPinned(started, digest)).rejects.toMatchObject({ code: "INPUT_TOO_LARGE" });
  });
});

function collectPinned(started: TestRegistry, digest: string) {
  return collectIn(async () => {}, { image: `${started.host}/octo/app@${digest}` }, NETWORK);
}

describe("images without metadata", () => {
  async function started(make: (content: ImageContent) => Descriptor) {
    const content = new ImageContent();
    const root = make(content);
    const running = await start();
    const repository = running.repository("octo/app");
    for (const [digest, bytes] of content.blobs) repository.blobs.set(digest, bytes);
    for (const [digest, manifest] of content.manifests) repository.manifests.set(digest, manifest);
    return { running, root, name: `${running.host}/octo/app` };
  }
  const twoPlatforms = (content: ImageContent) =>
    content.index([LINUX_AMD64, LINUX_ARM64].map((platform) => ({ ...content.image(platform), platform })));

  it("are read straight from the registry", async () => {
    const { running, root, name } = await started(twoPlatforms);
    const { subjects, byproducts } = await collectPinned(running, root.digest);
    expect(subjects.map((subject) => subject.name)).toEqual([
      name,
      expect.stringMatching(/^pkg:oci\/app@.*platform=linux%2Famd64/),
      expect.stringMatching(/^pkg:oci\/app@.*platform=linux%2Farm64/),
    ]);
    expect(byproducts).toEqual([]);
  });

  it("are read by ko's list, by kaniko's files, by a bare digest with a repository", async () => {
    const { root, name } = await started(twoPlatforms);
    const texts = [`${name}@${root.digest}\n`, `${name}:1@${root.digest}`, root.digest];
    for (const text of texts) {
      const { subjects } = await collectIn(
        (folder) => writeFile(join(folder, "digests"), text),
        { metadata: "digests", repository: name },
        NETWORK,
      );
      expect(subjects).toHaveLength(3);
    }
  });

  it("are not found by the digest of a configuration, which is explained", async () => {
    const { name } = await started(twoPlatforms);
    const wrong = collectIn(
      (folder) => writeFile(join(folder, "iid"), `sha256:${"0".repeat(64)}`),
      { metadata: "iid", repository: name },
      NETWORK,
    );
    await expect(wrong).rejects.toMatchObject({
      code: "IMAGE_MISSING",
      expected: expect.stringContaining("--iidfile"),
    });
  });

  it("are compared with the size that the metadata has", async () => {
    const { root, name } = await started(twoPlatforms);
    const metadata = JSON.stringify(metadataOf({ ...root, size: root.size + 1 }, name));
    const wrong = collectIn((folder) => writeFile(join(folder, "m.json"), metadata), { metadata: "m.json" }, NETWORK);
    await expect(wrong).rejects.toMatchObject({
      code: "DIGEST_MISMATCH",
    });
  });

  it("that are artifacts have no platform, and their configuration is not read", async () => {
    const { running, root } = await started((content) =>
      content.manifest(
        { config: content.blob("{}", "application/vnd.cncf.helm.config.v1+json"), layers: [] },
        MANIFEST_TYPE,
      ),
    );
    const { subjects } = await collectPinned(running, root.digest);
    expect(subjects).toHaveLength(1);
    expect(subjects[0]?.annotations).toBeUndefined();
    expect(running.requests.some(({ path }) => path.includes("/blobs/"))).toBe(false);
  });
});
