import { encodeJson, parseBundle } from "@touchmark/core";
import type { FetchedEvidence, SignedEnvelope, WritableHost } from "@touchmark/plugin";
import { startTestRegistry, type TestRegistry, type TestRegistryOptions, withTestHost } from "@touchmark/testkit";
import { afterEach, describe, expect, it } from "vitest";
import { addImage, envelopeOf, imageSubject, testKey } from "../test/signed-envelope.ts";
import { ociFetcher } from "./oci-fetcher.ts";
import { ociStore } from "./oci-store.ts";

const REPOSITORY = "octo/app";
const INDEX = "application/vnd.oci.image.index.v1+json";
const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json";
const EMPTY = "application/vnd.oci.empty.v1+json";
const key = testKey();

let registry: TestRegistry;
afterEach(() => registry.close());

/** One image, and statements about it that differ in `run`. */
async function oneImage(options: TestRegistryOptions = {}) {
  registry = await startTestRegistry(options);
  const name = `${registry.host}/${REPOSITORY}`;
  const digest = addImage(registry, REPOSITORY, "1");
  const envelope = (run: number) => envelopeOf([imageSubject(name, digest)], key, { run });
  return { name, digest, envelope };
}

const network = () => ({ network: { kind: "registries", hosts: [registry.host] } }) as const;

function push(envelopes: readonly SignedEnvelope[], attTag = false) {
  const store = ociStore({ attTag, signatures: [] });
  return withTestHost(process.cwd(), (host) => store.publish(envelopes, host as WritableHost), network());
}

/** @param all - takes each piece as it comes. */
function fetched(
  image: { readonly name: string; readonly digest: string },
  all: FetchedEvidence[] = [],
): Promise<readonly FetchedEvidence[]> {
  return withTestHost(
    process.cwd(),
    async (host) => {
      const quick = { ...host, wait: (ms: number) => host.wait(Math.min(ms, 5)) };
      for await (const one of ociFetcher().fetch({ repository: image.name, digest: image.digest }, quick))
        all.push(one);
      return all;
    },
    network(),
  );
}

const runsIn = (evidence: readonly FetchedEvidence[]) =>
  evidence.map(({ bytes }) => JSON.parse(new TextDecoder().decode(parseBundle(bytes).payload)).predicate.run);

/** A manifest with one layer, attached to an image. */
function attach(digest: string, layer: Uint8Array, mediaType = BUNDLE, artifactType = mediaType): string {
  const manifest = encodeJson({
    schemaVersion: 2,
    mediaType: MANIFEST,
    artifactType,
    config: { mediaType: "application/vnd.oci.empty.v1+json", digest: `sha256:${"44".repeat(32)}`, size: 2 },
    layers: [{ mediaType, digest: registry.addBlob(REPOSITORY, layer), size: layer.byteLength }],
    subject: { mediaType: MANIFEST, digest, size: 1 },
  });
  return registry.addManifest(REPOSITORY, manifest, { mediaType: MANIFEST });
}

function listUnderTag(digest: string, manifests: readonly object[]): void {
  const bytes = encodeJson({ schemaVersion: 2, mediaType: INDEX, manifests });
  registry.addManifest(REPOSITORY, bytes, { mediaType: INDEX, tag: digest.replace(":", "-") });
}

const entry = (digest: string) => {
  const size = registry.repository(REPOSITORY).manifests.get(digest)?.bytes.byteLength ?? 0;
  return { mediaType: MANIFEST, digest, size, artifactType: BUNDLE };
};

describe("finds", () => {
  it.each([true, false])("what the store pushed (referrers API: %s)", async (referrers) => {
    const image = await oneImage({ referrers, referrersPage: 1 });
    await push([image.envelope(1), image.envelope(2)]);
    const evidence = await fetched(image);
    expect(runsIn(evidence).sort()).toEqual([1, 2]);
    expect(evidence[0]?.name).toMatch(new RegExp(`^${image.name}@${image.digest} referrer sha256:[0-9a-f]{64}$`));
  });

  it("what stands under the tag though the registry has the API", async () => {
    const image = await oneImage();
    await push([image.envelope(1)]);
    const other = attach(`sha256:${"ab".repeat(32)}`, image.envelope(2).bundle);
    listUnderTag(image.digest, [entry(other)]);
    expect(runsIn(await fetched(image))).toEqual([1, 2]);
  });

  it("what stands under the .att tag, and each statement once", async () => {
    const image = await oneImage();
    await push([image.envelope(1), image.envelope(2)], true);
    const { manifests } = registry.repository(REPOSITORY);
    const evidence = await fetched(image);
    expect(runsIn(evidence).sort()).toEqual([1, 2]);
    for (const [digest, { bytes }] of manifests) {
      if (new TextDecoder().decode(bytes).includes('"subject"')) manifests.delete(digest);
    }
    const left = await fetched(image);
    expect(runsIn(left).sort()).toEqual([1, 2]);
    expect(left[0]?.name).toMatch(new RegExp(`^${image.name}@${image.digest} .att layer sha256:[0-9a-f]{64}$`));
  });

  it("referrers that a registry lists by the type of their configuration", async () => {
    const image = await oneImage();
    await push([image.envelope(1)]);
    const [digest = ""] = [...registry.repository(REPOSITORY).manifests.keys()].slice(-1);
    const listed = { ...entry(digest), artifactType: "application/vnd.oci.empty.v1+json" };
    const body = encodeJson({ schemaVersion: 2, mediaType: INDEX, manifests: [listed] });
    const headers = { "content-type": INDEX };
    registry.fail({ path: /referrers/, fault: { kind: "answer", status: 200, headers, body } });
    expect(runsIn(await fetched(image))).toEqual([1]);
  });
});

describe("gives nothing", () => {
  it("where there is nothing", async () => {
    expect(await fetched(await oneImage())).toEqual([]);
  });

  it("for referrers of other types", async () => {
    const image = await oneImage();
    attach(image.digest, image.envelope(1).bundle, BUNDLE, "application/spdx+json");
    attach(image.digest, image.envelope(1).bundle, "application/spdx+json", BUNDLE);
    expect(await fetched(image)).toEqual([]);
  });

  it("for referrers that are listed and gone, and blobs that are", async () => {
    const image = await oneImage({ referrers: false });
    const gone = attach(image.digest, image.envelope(1).bundle);
    const empty = attach(image.digest, image.envelope(2).bundle);
    listUnderTag(image.digest, [entry(gone), entry(empty)]);
    registry.repository(REPOSITORY).manifests.delete(gone);
    registry.repository(REPOSITORY).blobs.clear();
    expect(await fetched(image)).toEqual([]);
  });

  it("for listed manifests that are none", async () => {
    const image = await oneImage({ referrers: false });
    const list = encodeJson({ schemaVersion: 2, mediaType: INDEX, manifests: [] });
    const bad = registry.addManifest(REPOSITORY, new TextEncoder().encode("{}"), { mediaType: MANIFEST });
    const nested = registry.addManifest(REPOSITORY, list, { mediaType: INDEX });
    listUnderTag(image.digest, [entry(bad), { ...entry(nested), mediaType: INDEX }]);
    expect(await fetched(image)).toEqual([]);
  });
});

it("garbage under a tag hides nothing else", async () => {
  const image = await oneImage();
  await push([image.envelope(1)]);
  for (const suffix of ["", ".att"]) {
    const tag = `${image.digest.replace(":", "-")}${suffix}`;
    registry.addManifest(REPOSITORY, new TextEncoder().encode("{}"), { mediaType: MANIFEST, tag });
  }
  expect(runsIn(await fetched(image))).toEqual([1]);
});

it("gives what is no bundle as it is: the verifier says so by its name", async () => {
  const image = await oneImage();
  attach(image.digest, new TextEncoder().encode("garbage"));
  const [evidence] = await fetched(image);
  expect(new TextDecoder().decode(evidence?.bytes)).toBe("garbage");
});

it("gives an envelope whose certificate cannot be carried over as it is", async () => {
  const image = await oneImage();
  await push([image.envelope(1)], true);
  const { manifests, tags } = registry.repository(REPOSITORY);
  const tag = `${image.digest.replace(":", "-")}.att`;
  const manifest = JSON.parse(new TextDecoder().decode(manifests.get(tags.get(tag) ?? "")?.bytes));
  manifest.layers[0].annotations["dev.sigstore.cosign/certificate"] = "none";
  registry.addManifest(REPOSITORY, encodeJson(manifest), { mediaType: MANIFEST, tag });
  const evidence = await fetched(image);
  expect(evidence).toHaveLength(2);
  expect(() => parseBundle(evidence[1]?.bytes ?? new Uint8Array())).toThrow(
    expect.objectContaining({ code: "BUNDLE_MALFORMED" }),
  );
});

describe("fails closed", () => {
  it("on a flood of bundles", { timeout: 60_000 }, async () => {
    const image = await oneImage({ referrersPage: 1_000 });
    for (let at = 0; at < 257; at += 1) attach(image.digest, new TextEncoder().encode(`{"at":${at}}`));
    await expect(fetched(image)).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
  });

  it("on a flood of what may be bundles", { timeout: 60_000 }, async () => {
    const image = await oneImage({ referrersPage: 1_000 });
    const layer = new TextEncoder().encode("{}");
    for (let at = 0; at < 513; at += 1) attach(image.digest, layer, `text/x-${at}`, EMPTY);
    await expect(fetched(image)).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
  });

  it("on a piece that is larger than anybody reads, before it is read", async () => {
    const image = await oneImage();
    const manifest = encodeJson({
      schemaVersion: 2,
      mediaType: MANIFEST,
      artifactType: BUNDLE,
      config: { mediaType: "application/vnd.oci.empty.v1+json", digest: `sha256:${"44".repeat(32)}`, size: 2 },
      layers: [{ mediaType: BUNDLE, digest: `sha256:${"55".repeat(32)}`, size: 64 * 1024 * 1024 + 1 }],
      subject: { mediaType: MANIFEST, digest: image.digest, size: 1 },
    });
    registry.addManifest(REPOSITORY, manifest, { mediaType: MANIFEST });
    await expect(fetched(image)).rejects.toMatchObject({ code: "EVIDENCE_TOO_LARGE" });
    expect(registry.requests.filter(({ path }) => path.includes("/blobs/"))).toHaveLength(0);
  });

  it.each([
    ["the list", /referrers/, "REGISTRY_UNAVAILABLE"],
    ["the .att tag", /\.att$/, "REGISTRY_UNAVAILABLE"],
    ["a referrer", /manifests\/sha256:/, "REGISTRY_UNAVAILABLE"],
    ["a bundle", /blobs/, "REGISTRY_UNAVAILABLE"],
  ])("when %s cannot be had now", async (_what, path, code) => {
    const image = await oneImage();
    await push([image.envelope(1)]);
    registry.fail({ method: "GET", path, times: 100, fault: { kind: "answer", status: 503 } });
    await expect(fetched(image)).rejects.toMatchObject({ code });
  });

  it("when a bundle has other bytes than its digest says", async () => {
    const image = await oneImage();
    await push([image.envelope(1)]);
    const bytes = new Uint8Array(image.envelope(1).bundle.byteLength);
    registry.fail({ method: "GET", path: /blobs/, times: 100, fault: { kind: "bytes", bytes } });
    await expect(fetched(image)).rejects.toMatchObject({
      code: expect.stringMatching(/^(DIGEST_MISMATCH|REGISTRY_INVALID)$/),
    });
  });
});

it.each<[string, (good: object) => readonly object[]]>([
  ["another size", (good) => [{ ...good, size: 1 }]],
  ["more than anybody reads", (good) => Array(1_001).fill(good)],
])("what a registry lists is read, though the tag says %s", async (_what, listed) => {
  const image = await oneImage();
  const good = attach(image.digest, image.envelope(1).bundle);
  listUnderTag(image.digest, listed(entry(good)));
  const asked = { repository: image.name, digest: image.digest };
  await withTestHost(
    process.cwd(),
    async (host) =>
      expect(await ociFetcher().fetch(asked, host)[Symbol.asyncIterator]().next()).toMatchObject({ done: false }),
    network(),
  );
});

describe("a broken piece keeps no other from being read, and is an error then:", () => {
  /** A digest before all others in any order. */
  const blob = `sha256:${"00".repeat(32)}`;
  const config = { mediaType: "application/vnd.oci.empty.v1+json", digest: blob, size: 2 };

  it.each<[string, (image: Awaited<ReturnType<typeof oneImage>>, good: object) => readonly object[], string]>([
    [
      "a listed size that is another one's",
      (image, good) => [{ ...entry(attach(image.digest, image.envelope(2).bundle)), size: 1 }, good],
      "DIGEST_MISMATCH",
    ],
    [
      "a listed manifest that is too large",
      (_image, good) => [{ ...entry(blob), size: 5_000_000 }, good],
      "INPUT_TOO_LARGE",
    ],
    [
      "a listed manifest of 65 MiB",
      (_image, good) => [{ ...entry(blob), size: 65 * 1024 * 1024 }, good],
      "EVIDENCE_TOO_LARGE",
    ],
    [
      "a bundle that is too large",
      (_image, good) => {
        const layers = [{ mediaType: BUNDLE, digest: blob, size: 64 * 1024 * 1024 + 1 }];
        const manifest = encodeJson({ schemaVersion: 2, mediaType: MANIFEST, artifactType: BUNDLE, config, layers });
        return [entry(registry.addManifest(REPOSITORY, manifest, { mediaType: MANIFEST })), good];
      },
      "EVIDENCE_TOO_LARGE",
    ],
  ])("%s", async (_what, listed, code) => {
    const image = await oneImage({ referrers: false });
    const good = entry(attach(image.digest, image.envelope(1).bundle));
    listUnderTag(image.digest, listed(image, good));
    await withTestHost(
      process.cwd(),
      async (host) => {
        const found: FetchedEvidence[] = [];
        const reading = async () => {
          const asked = { repository: `${registry.host}/${REPOSITORY}`, digest: image.digest };
          for await (const one of ociFetcher().fetch(asked, host)) found.push(one);
        };
        await expect(reading()).rejects.toMatchObject({ code });
        expect(runsIn(found)).toEqual([1]);
      },
      network(),
    );
  });
});

it("logs in once for several images of a repository", async () => {
  registry = await startTestRegistry({ login: { kind: "bearer", username: "u", password: "p", anonymousPull: true } });
  const images = ["1", "2"].map((seed) => addImage(registry, REPOSITORY, seed));
  const name = `${registry.host}/${REPOSITORY}`;
  for (const digest of images) attach(digest, envelopeOf([imageSubject(name, digest)], key).bundle);
  await withTestHost(
    process.cwd(),
    async (host) => {
      const fetcher = ociFetcher();
      for (const digest of images) {
        const found: FetchedEvidence[] = [];
        for await (const one of fetcher.fetch({ repository: name, digest }, host)) found.push(one);
        expect(found).toHaveLength(1);
      }
    },
    network(),
  );
  expect(registry.requests.filter(({ server }) => server === "tokens")).toHaveLength(1);
});
