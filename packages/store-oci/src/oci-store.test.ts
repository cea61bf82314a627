import { isTouchmarkError, parseBundle, parseStatement } from "@touchmark/core";
import { encodeImageSignatures, imagePurl, isSignatureOver, parseImageSignatures } from "@touchmark/oci";
import type { Receipt, SignedEnvelope, WritableHost } from "@touchmark/plugin";
import { startTestRegistry, type TestRegistry, type TestRegistryOptions, withTestHost } from "@touchmark/testkit";
import { afterEach, describe, expect, it } from "vitest";
import { addImage, envelopeOf, imageSubject, PROVENANCE, signatureOf, testKey } from "../test/signed-envelope.ts";
import { ociStore } from "./oci-store.ts";
import type { OciStoreOptions } from "./target.ts";

const key = testKey();
const started: TestRegistry[] = [];
afterEach(async () => {
  for (const registry of started.splice(0)) await registry.close();
});

async function start(options: TestRegistryOptions = {}): Promise<TestRegistry> {
  const registry = await startTestRegistry(options);
  started.push(registry);
  return registry;
}

function publish(
  envelopes: readonly SignedEnvelope[],
  options: Partial<OciStoreOptions> = {},
): Promise<readonly Receipt[]> {
  const store = ociStore({ attTag: false, signatures: [], ...options });
  return withTestHost(process.cwd(), (host) => store.publish(envelopes, quick(host as WritableHost)), {
    network: { kind: "registries", hosts: started.map(({ host }) => host) },
  });
}

/** Retries without pauses: what is tried is the same. */
const quick = (host: WritableHost): WritableHost => ({ ...host, wait: (ms) => host.wait(Math.min(ms, 5)) });

const REPOSITORY = "octo/app";
const tagOf = (digest: string, suffix = "") => digest.replace(":", "-") + suffix;
const jsonOf = (bytes: Uint8Array | undefined) => JSON.parse(new TextDecoder().decode(bytes));
const manifestAt = (registry: TestRegistry, reference: string) => {
  const { manifests, tags } = registry.repository(REPOSITORY);
  return jsonOf(manifests.get(reference.includes(":") ? reference : (tags.get(reference) ?? ""))?.bytes);
};
const writes = (registry: TestRegistry) =>
  registry.requests.filter(({ method }) => method === "PUT" || method === "POST" || method === "PATCH");
const digestIn = (receipt: Receipt | undefined) => receipt?.uri.replace(/^.*@/, "") ?? "";

/** One image in one registry, and a statement about it. */
async function oneImage(options: TestRegistryOptions = {}) {
  const registry = await start(options);
  const name = `${registry.host}/${REPOSITORY}`;
  const digest = addImage(registry, REPOSITORY, "1");
  return { registry, name, digest, envelope: envelopeOf([imageSubject(name, digest)], key) };
}

describe.each([true, false])("referrers API: %s", (referrers) => {
  it("attaches the bundle to the image as cosign does, without a time", async () => {
    const { registry, name, digest, envelope } = await oneImage({ referrers });
    const receipts = await publish([envelope]);
    expect(receipts).toEqual([{ subject: name, uri: expect.stringMatching(`^${name}@sha256:`), existed: false }]);
    const image = registry.repository(REPOSITORY).manifests.get(digest);
    expect(manifestAt(registry, digestIn(receipts[0]))).toEqual({
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      artifactType: "application/vnd.dev.sigstore.bundle.v0.3+json",
      config: {
        mediaType: "application/vnd.oci.empty.v1+json",
        digest: "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
        size: 2,
      },
      layers: [
        {
          mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
          digest: expect.stringMatching(/^sha256:/),
          size: envelope.bundle.byteLength,
        },
      ],
      subject: {
        mediaType: "application/vnd.oci.image.manifest.v1+json",
        digest,
        size: image?.bytes.byteLength,
      },
      annotations: {
        "dev.sigstore.bundle.content": "dsse-envelope",
        "dev.sigstore.bundle.predicateType": PROVENANCE,
      },
    });
    const layer = manifestAt(registry, digestIn(receipts[0])).layers[0].digest;
    expect(Buffer.from(registry.repository(REPOSITORY).blobs.get(layer) ?? []).equals(envelope.bundle)).toBe(true);
  });

  it("a second time it sends nothing and says so", async () => {
    const { registry, envelope } = await oneImage({ referrers });
    const [first] = await publish([envelope], { attTag: true });
    const before = writes(registry).length;
    const again = await publish([envelope], { attTag: true });
    expect(writes(registry)).toHaveLength(before);
    expect(again.map(({ existed }) => existed)).toEqual([true, true]);
    expect(again[0]?.uri).toBe(first?.uri);
  });

  it("an index and its platforms get the same bundle, which is uploaded once", async () => {
    const registry = await start({ referrers });
    const name = `${registry.host}/${REPOSITORY}`;
    const [index, amd64, arm64] = ["index", "amd64", "arm64"].map((seed) => addImage(registry, REPOSITORY, seed));
    const platform = (digest: string | undefined, architecture: string) => ({
      ...imageSubject(name, digest ?? ""),
      name: imagePurl({ name, digest: digest ?? "", platform: `linux/${architecture}` }),
    });
    const subjects = [imageSubject(name, index ?? ""), platform(amd64, "amd64"), platform(arm64, "arm64")];
    const receipts = await publish([envelopeOf(subjects, key)]);
    expect(receipts.map(({ subject }) => subject)).toEqual(subjects.map((subject) => subject.name));
    const attached = receipts.map((receipt) => manifestAt(registry, digestIn(receipt)));
    expect(attached.map(({ subject }) => subject.digest)).toEqual([index, amd64, arm64]);
    expect(new Set(attached.map(({ layers }) => layers[0].digest)).size).toBe(1);
    expect(writes(registry).filter(({ method }) => method === "POST")).toHaveLength(2);
  });

  it("one that somebody else made of the same bundle is enough", async () => {
    const { registry, name, digest, envelope } = await oneImage({ referrers });
    const [receipt] = await publish([envelope]);
    const repository = registry.repository(REPOSITORY);
    const ours = digestIn(receipt);
    const theirs = { ...manifestAt(registry, ours) };
    theirs.annotations = { ...theirs.annotations, "org.opencontainers.image.created": "2026-01-02T03:04:05Z" };
    repository.manifests.delete(ours);
    const bytes = new TextEncoder().encode(JSON.stringify(theirs));
    const other = registry.addManifest(REPOSITORY, bytes, { mediaType: theirs.mediaType });
    if (!referrers) {
      const entry = { mediaType: theirs.mediaType, digest: other, size: bytes.byteLength };
      const list = { schemaVersion: 2, mediaType: INDEX, manifests: [entry] };
      registry.addManifest(REPOSITORY, new TextEncoder().encode(JSON.stringify(list)), {
        mediaType: INDEX,
        tag: tagOf(digest),
      });
    }
    expect(await publish([envelope])).toEqual([{ subject: name, uri: `${name}@${other}`, existed: true }]);
  });
});

const INDEX = "application/vnd.oci.image.index.v1+json";

describe("where the registry lists nothing by itself", () => {
  it("lists the referrer under the tag, with its type and annotations", async () => {
    const { registry, digest, envelope } = await oneImage({ referrers: false });
    const [receipt] = await publish([envelope]);
    const referrer = digestIn(receipt);
    expect(manifestAt(registry, tagOf(digest))).toEqual({
      schemaVersion: 2,
      mediaType: INDEX,
      manifests: [
        {
          mediaType: "application/vnd.oci.image.manifest.v1+json",
          digest: referrer,
          size: registry.repository(REPOSITORY).manifests.get(referrer)?.bytes.byteLength,
          artifactType: "application/vnd.dev.sigstore.bundle.v0.3+json",
          annotations: manifestAt(registry, referrer).annotations,
        },
      ],
    });
  });

  it("lists one that a run that broke off left, and sends it no more", async () => {
    const { registry, digest, envelope } = await oneImage({ referrers: false });
    const [receipt] = await publish([envelope]);
    registry.repository(REPOSITORY).tags.clear();
    const before = writes(registry).length;
    expect(await publish([envelope])).toEqual([receipt]);
    expect(
      writes(registry)
        .slice(before)
        .map(({ path }) => path),
    ).toEqual([`/v2/${REPOSITORY}/manifests/${tagOf(digest)}`]);
  });

  it.each([
    ["with bytes that are no manifest", "{}", (one: object) => one],
    ["of another size than the list says", '{"schemaVersion":2,"layers":[]}', (one: object) => ({ ...one, size: 9 })],
    ["beyond reading", "{}", (one: object) => ({ ...one, size: 2 ** 23 })],
  ])("one that is listed %s keeps no evidence out", async (_what, text, listed) => {
    const { registry, name, digest, envelope } = await oneImage({ referrers: false });
    const [first] = await publish([envelope]);
    const mediaType = "application/vnd.oci.image.manifest.v1+json";
    const bytes = new TextEncoder().encode(text);
    const broken = registry.addManifest(REPOSITORY, bytes, { mediaType });
    const manifests = [listed({ mediaType, digest: broken, size: bytes.byteLength })];
    registry.repository(REPOSITORY).manifests.delete(digestIn(first));
    const list = new TextEncoder().encode(JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests }));
    registry.addManifest(REPOSITORY, list, { mediaType: INDEX, tag: tagOf(digest) });
    expect(await publish([envelope])).toEqual([{ subject: name, uri: first?.uri, existed: false }]);
    expect(manifestAt(registry, tagOf(digest)).manifests).toHaveLength(2);
  });

  it("keeps the entries of others as they are", async () => {
    const { registry, digest, envelope } = await oneImage({ referrers: false });
    const foreign = {
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      digest: `sha256:${"ab".repeat(32)}`,
      size: 7,
      artifactType: "application/spdx+json",
      data: "e30=",
    };
    const list = { schemaVersion: 2, mediaType: INDEX, manifests: [foreign], annotations: { by: "oras" } };
    const bytes = new TextEncoder().encode(JSON.stringify(list));
    registry.addManifest(REPOSITORY, bytes, { mediaType: INDEX, tag: tagOf(digest) });
    await publish([envelope]);
    const after = manifestAt(registry, tagOf(digest));
    expect(after).toMatchObject({ annotations: { by: "oras" }, manifests: [foreign, {}] });
    expect(after.manifests).toHaveLength(2);
  });

  it("two that push at once both end up in the list", async () => {
    const { registry, name, digest } = await oneImage({ referrers: false });
    const subjects = [imageSubject(name, digest)];
    const envelopes = [1, 2, 3].map((run) => envelopeOf(subjects, key, { run }));
    const receipts = await Promise.all(envelopes.map((envelope) => publish([envelope])));
    const listed = manifestAt(registry, tagOf(digest)).manifests.map((entry: { digest: string }) => entry.digest);
    expect(listed.sort()).toEqual(receipts.map(([receipt]) => digestIn(receipt)).sort());
  });

  it("repairs the list when one who had read it before writes over it", async () => {
    const { registry, digest, envelope } = await oneImage({ referrers: false });
    const theirs = { mediaType: INDEX, digest: `sha256:${"cd".repeat(32)}`, size: 9 };
    const stale = new TextEncoder().encode(JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: [theirs] }));
    const { tags } = registry.repository(REPOSITORY);
    const tag = tagOf(digest);
    let overwritten = false;
    // Comes in after our write was read back, and before we look again.
    const host = (real: WritableHost): WritableHost => ({
      ...real,
      wait: async () => {
        if (overwritten || !tags.has(tag)) return;
        overwritten = true;
        registry.addManifest(REPOSITORY, stale, { mediaType: INDEX, tag });
      },
    });
    await withTestHost(
      process.cwd(),
      (real) => ociStore({ attTag: false, signatures: [] }).publish([envelope], host(real as WritableHost)),
      { network: { kind: "registries", hosts: [registry.host] } },
    );
    expect(overwritten).toBe(true);
    expect(manifestAt(registry, tag).manifests).toEqual([
      theirs,
      expect.objectContaining({ artifactType: "application/vnd.dev.sigstore.bundle.v0.3+json" }),
    ]);
  });

  it("gives up when what it writes never stays", async () => {
    const { registry, digest, envelope } = await oneImage({ referrers: false });
    const path = new RegExp(`/manifests/${tagOf(digest)}$`);
    registry.fail({ method: "PUT", path, times: 1000, fault: { kind: "answer", status: 201 } });
    await expect(publish([envelope])).rejects.toMatchObject({ code: "REGISTRY_UNAVAILABLE" });
  });

  it("does not write over something else under that tag", async () => {
    const { registry, digest, envelope } = await oneImage({ referrers: false });
    registry.repository(REPOSITORY).tags.set(tagOf(digest), digest);
    await expect(publish([envelope])).rejects.toMatchObject({ code: "REGISTRY_INVALID" });
    expect(registry.repository(REPOSITORY).tags.get(tagOf(digest))).toBe(digest);
  });

  it("writes no list beyond what anybody reads", async () => {
    const { registry, digest, envelope } = await oneImage({ referrers: false });
    const manifests = Array.from({ length: 1_000 }, (_, at) => ({
      mediaType: INDEX,
      digest: `sha256:${at.toString(16).padStart(64, "0")}`,
      size: 1,
      artifactType: "application/spdx+json",
    }));
    const bytes = new TextEncoder().encode(JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests }));
    registry.addManifest(REPOSITORY, bytes, { mediaType: INDEX, tag: tagOf(digest) });
    await expect(publish([envelope])).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
    expect(manifestAt(registry, tagOf(digest)).manifests).toHaveLength(1_000);
  });
});

describe("where the registry lists referrers", () => {
  it("writes no tag", async () => {
    const { registry, envelope } = await oneImage();
    await publish([envelope]);
    expect([...registry.repository(REPOSITORY).tags]).toEqual([]);
  });

  it("also when it does not say so while it is pushed", async () => {
    const { registry, envelope } = await oneImage();
    registry.fail({ method: "PUT", path: /manifests/, fault: { kind: "headers", headers: { "oci-subject": "" } } });
    await publish([envelope]);
    expect([...registry.repository(REPOSITORY).tags]).toEqual([]);
  });

  it("fails when it took the referrer and does not list it", async () => {
    const { registry, envelope } = await oneImage();
    const empty = JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: [] });
    const fault = { kind: "answer", status: 200, headers: { "content-type": INDEX }, body: empty } as const;
    registry.fail({ path: /referrers/, times: 2, fault });
    registry.fail({ method: "PUT", path: /manifests/, fault: { kind: "headers", headers: { "oci-subject": "" } } });
    await expect(publish([envelope])).rejects.toMatchObject({ code: "REGISTRY_INVALID" });
  });
});

describe("cosign's tags", () => {
  it(".att: the envelope is appended to what is there", async () => {
    const { registry, name, digest, envelope } = await oneImage();
    const second = envelopeOf([imageSubject(name, digest)], key, { run: 2 });
    await publish([envelope], { attTag: true });
    const receipts = await publish([envelope, second], { attTag: true });
    expect(receipts.at(-1)).toEqual({ subject: name, uri: `${name}:${tagOf(digest, ".att")}`, existed: false });
    const { layers, config } = manifestAt(registry, tagOf(digest, ".att"));
    expect(layers).toHaveLength(2);
    const { blobs } = registry.repository(REPOSITORY);
    for (const [index, one] of [envelope, second].entries()) {
      const { payload, signature, payloadType } = parseBundle(one.bundle);
      expect(layers[index]).toMatchObject({
        mediaType: "application/vnd.dsse.envelope.v1+json",
        annotations: { "dev.cosignproject.cosign/signature": "", predicateType: PROVENANCE },
      });
      expect(jsonOf(blobs.get(layers[index].digest))).toEqual({
        payload: Buffer.from(payload).toString("base64"),
        payloadType,
        signatures: [{ keyid: "", sig: Buffer.from(signature).toString("base64") }],
      });
    }
    // cosign reads them again when it appends.
    const digests = layers.map((layer: { digest: string }) => layer.digest);
    expect(jsonOf(blobs.get(config.digest)).rootfs).toEqual({ type: "layers", diff_ids: digests });
  });

  it(".sig: a signature that says the same is not repeated, another key's is added", async () => {
    const { registry, name, digest } = await oneImage();
    const other = testKey();
    for (const by of [key, key, other]) await publish([], { signatures: [signatureOf(name, digest, by)] });
    const { layers } = manifestAt(registry, tagOf(digest, ".sig"));
    expect(layers).toHaveLength(2);
    const { blobs } = registry.repository(REPOSITORY);
    for (const [index, by] of [key, other].entries()) {
      const signature = Buffer.from(layers[index].annotations["dev.cosignproject.cosign/signature"], "base64");
      const payload = blobs.get(layers[index].digest) ?? new Uint8Array();
      expect(isSignatureOver(payload, signature, by.publicPem)).toBe(true);
    }
  });

  it(".sig: another's layers stay as they are", async () => {
    const { registry, name, digest } = await oneImage();
    await publish([], { signatures: [signatureOf(name, digest, key)] });
    const before = manifestAt(registry, tagOf(digest, ".sig"));
    const theirs = { ...before.layers[0], annotations: { ...before.layers[0].annotations, mine: "yes" } };
    const bytes = new TextEncoder().encode(JSON.stringify({ ...before, layers: [theirs], annotations: { a: "b" } }));
    registry.addManifest(REPOSITORY, bytes, { mediaType: before.mediaType, tag: tagOf(digest, ".sig") });
    await publish([], { signatures: [signatureOf(name, digest, testKey())] });
    const after = manifestAt(registry, tagOf(digest, ".sig"));
    expect(after).toMatchObject({ annotations: { a: "b" }, layers: [theirs, {}] });
    expect(after.layers).toHaveLength(2);
  });

  it(".att has no place for log entries", async () => {
    const { registry, envelope } = await oneImage();
    const bundle = jsonOf(envelope.bundle);
    bundle.verificationMaterial.tlogEntries = [{ logIndex: "1" }];
    const logged = { ...envelope, bundle: new TextEncoder().encode(JSON.stringify(bundle)) };
    await expect(publish([logged], { attTag: true })).rejects.toMatchObject({ code: "INPUT_INVALID" });
    expect(writes(registry)).toHaveLength(0);
  });

  it("a list under the tag of a signature is left alone", async () => {
    const { registry, name, digest } = await oneImage();
    const bytes = new TextEncoder().encode(JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: [] }));
    registry.addManifest(REPOSITORY, bytes, { mediaType: INDEX, tag: tagOf(digest, ".sig") });
    const publishing = publish([], { signatures: [signatureOf(name, digest, key)] });
    await expect(publishing).rejects.toMatchObject({ code: "REGISTRY_INVALID" });
  });
});

describe("failures", () => {
  async function fourImages() {
    const registry = await start();
    const images = ["a", "b", "c", "d"].map((repository) => ({
      repository,
      name: `${registry.host}/${repository}`,
      digest: addImage(registry, repository, repository),
    }));
    const envelope = envelopeOf(
      images.map(({ name, digest }) => imageSubject(name, digest)),
      key,
    );
    return { registry, images, envelope };
  }

  it("one image that cannot be written does not stop the others, and a second run does the rest", async () => {
    const { registry, images, envelope } = await fourImages();
    registry.fail({ method: "PUT", path: /^\/v2\/b\/manifests/, fault: { kind: "answer", status: 403 } });
    const failure = await publish([envelope]).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: "REGISTRY_DENIED",
      message: expect.stringMatching(`^3 of 4 images have their evidence now; not ${images[1]?.name}@`),
    });
    const before = writes(registry).length;
    const receipts = await publish([envelope]);
    expect(receipts.map(({ existed }) => existed)).toEqual([true, false, true, true]);
    expect(writes(registry)).toHaveLength(before + 1);
  });

  it("an image that was never pushed", async () => {
    const { registry, images, envelope } = await fourImages();
    registry.repository("c").manifests.clear();
    await expect(publish([envelope])).rejects.toMatchObject({
      code: "IMAGE_MISSING",
      message: expect.stringContaining(`not ${images[2]?.name}@`),
    });
  });

  it("a registry that is not there is not asked for every image", async () => {
    const { registry, envelope } = await fourImages();
    registry.fail({ times: 10_000, fault: { kind: "hang-up" } });
    const failure = await publish([envelope]).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "NETWORK_UNAVAILABLE", message: expect.stringMatching(/^0 of 4 images/) });
    expect(isTouchmarkError(failure) && failure.message).toContain("and 1 more");
  });

  it("an interruption stays one", async () => {
    const { registry, envelope } = await fourImages();
    const controller = new AbortController();
    controller.abort();
    const publishing = withTestHost(
      process.cwd(),
      (host) => ociStore({ attTag: false, signatures: [] }).publish([envelope], host as WritableHost),
      { network: { kind: "registries", hosts: [registry.host] }, signal: controller.signal },
    );
    await expect(publishing).rejects.toMatchObject({ code: "ABORTED" });
  });
});

describe("what is refused before anything is sent", () => {
  it.each<[string, string, () => readonly SignedEnvelope[]]>([
    ["nothing", "SUBJECTS_EMPTY", () => []],
    ["files only", "SUBJECTS_EMPTY", () => [envelopeOf([{ name: "app", digest: { sha256: "ab".repeat(32) } }], key)]],
  ])("%s", async (_what, code, envelopes) => {
    await expect(publish(envelopes())).rejects.toMatchObject({ code });
  });

  it("a bundle of an older version, which a referrer would call v0.3", async () => {
    const { registry, envelope } = await oneImage();
    const older = { ...jsonOf(envelope.bundle), mediaType: "application/vnd.dev.sigstore.bundle+json;version=0.1" };
    const bundle = new TextEncoder().encode(JSON.stringify(older));
    await expect(publish([{ ...envelope, bundle }])).rejects.toMatchObject({ code: "INPUT_INVALID" });
    expect(registry.requests).toHaveLength(0);
  });
});

it("files beside images are left to other publishers", async () => {
  const { name, digest } = await oneImage();
  const file = { name: "app", digest: { sha256: "ab".repeat(32) } };
  const envelope = envelopeOf([file, imageSubject(name, digest)], key);
  expect(parseStatement(parseBundle(envelope.bundle).payload).subject).toHaveLength(2);
  expect((await publish([envelope])).map(({ subject }) => subject)).toEqual([name]);
});

it("signatures come back from their file as they are pushed", async () => {
  const { registry, name, digest } = await oneImage();
  const file = encodeImageSignatures([signatureOf(name, digest, key)]);
  const signatures = parseImageSignatures(file, "file");
  expect((await publish([], { signatures })).map(({ existed }) => existed)).toEqual([false]);
  expect((await publish([], { signatures })).map(({ existed }) => existed)).toEqual([true]);
  expect(manifestAt(registry, tagOf(digest, ".sig")).layers).toHaveLength(1);
});

it("at most four images are worked on at once, and each registry is asked for its own", async () => {
  const registry = await start();
  const images = Array.from({ length: 12 }, (_, at) => ({
    name: `${registry.host}/r${at}`,
    digest: addImage(registry, `r${at}`, String(at)),
  }));
  let open = 0;
  let most = 0;
  const counting = (host: WritableHost): WritableHost => ({
    ...host,
    fetch: async (request) => {
      open += 1;
      most = Math.max(most, open);
      try {
        return await host.fetch(request);
      } finally {
        open -= 1;
      }
    },
  });
  const envelope = envelopeOf(
    images.map(({ name, digest }) => imageSubject(name, digest)),
    key,
  );
  await withTestHost(
    process.cwd(),
    (host) => ociStore({ attTag: false, signatures: [] }).publish([envelope], counting(host as WritableHost)),
    { network: { kind: "registries", hosts: [registry.host] } },
  );
  expect(most).toBe(4);
});
