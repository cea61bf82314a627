import { type Fault, type RegistryBench, type RegistryBenchOptions, withTestRegistry } from "@touchmark/testkit";
import { describe, expect, it } from "vitest";
import { sha256Text } from "./image-digest.ts";
import { EMPTY_CONFIG, OCI_INDEX, OCI_MANIFEST, SIGSTORE_BUNDLE_V03 } from "./media-types.ts";
import { referrersTag } from "./referrers.ts";
import { openRegistry } from "./registry.ts";
import type { Repository } from "./repository.ts";

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const IMAGE = encode({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [] });
const SUBJECT = { mediaType: OCI_INDEX, digest: sha256Text(IMAGE), size: IMAGE.byteLength };
const { digest } = SUBJECT;

function attached(artifactType: string, number = 0): Uint8Array {
  const config = { mediaType: EMPTY_CONFIG, digest: sha256Text(encode({})), size: 2 };
  const annotations = { number: String(number) };
  return encode({
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    artifactType,
    config,
    layers: [],
    subject: SUBJECT,
    annotations,
  });
}

function descriptorOf(bytes: Uint8Array, artifactType: string) {
  return { mediaType: OCI_MANIFEST, digest: sha256Text(bytes), size: bytes.byteLength, artifactType };
}

const indexOf = (manifests: unknown) => encode({ schemaVersion: 2, mediaType: OCI_INDEX, manifests });

/** A registry in which two bundles and an SBOM refer to the image. */
function withReferrers<T>(
  options: RegistryBenchOptions,
  run: (repository: Repository, bench: RegistryBench) => Promise<T>,
): Promise<T> {
  return withTestRegistry(options, (bench) => {
    const { registry, host } = bench;
    registry.addManifest("octo/app", IMAGE, { mediaType: OCI_INDEX });
    for (const bytes of [
      attached(SIGSTORE_BUNDLE_V03, 1),
      attached("text/spdx", 2),
      attached(SIGSTORE_BUNDLE_V03, 3),
    ]) {
      registry.addManifest("octo/app", bytes, { mediaType: OCI_MANIFEST });
    }
    return run(openRegistry(registry.host, host).repository("octo/app"), bench);
  });
}

const numbers = (descriptors: readonly { readonly annotations?: Readonly<Record<string, string>> | undefined }[]) =>
  descriptors.map((one) => one.annotations?.["number"]);

describe("referrers", () => {
  it("are listed, of all types or of one", async () => {
    await withReferrers({}, async (repository) => {
      const all = await repository.referrers(digest);
      expect([all.kind, numbers(all.descriptors)]).toEqual(["api", ["1", "2", "3"]]);
      const bundles = await repository.referrers(digest, { artifactType: SIGSTORE_BUNDLE_V03 });
      expect(numbers(bundles.descriptors)).toEqual(["1", "3"]);
      expect(await repository.referrers(sha256Text(encode("other")))).toEqual({ kind: "api", descriptors: [] });
    });
  });

  it("are taken from all pages", async () => {
    await withReferrers({ referrersPage: 1 }, async (repository, { registry }) => {
      const { descriptors } = await repository.referrers(digest, { artifactType: SIGSTORE_BUNDLE_V03 });
      expect(numbers(descriptors)).toEqual(["1", "3"]);
      expect(registry.requests).toHaveLength(2);
    });
  });

  it("are of the wanted type, also when the registry only says that it has filtered", async () => {
    const body = indexOf([descriptorOf(IMAGE, "text/spdx"), descriptorOf(IMAGE, SIGSTORE_BUNDLE_V03)]);
    const headers = { "oci-filters-applied": "artifactType" };
    const fault = { kind: "answer", status: 200, headers, body } as const;
    await withReferrers({ faults: [{ fault }] }, async (repository) => {
      const { descriptors } = await repository.referrers(digest, { artifactType: SIGSTORE_BUNDLE_V03 });
      expect(descriptors).toEqual([descriptorOf(IMAGE, SIGSTORE_BUNDLE_V03)]);
    });
  });
});

describe("a referrer whose type is not said", () => {
  it.each([
    ["with no type", SUBJECT],
    ["by the type of its empty configuration, as go-containerregistry does", descriptorOf(IMAGE, EMPTY_CONFIG)],
  ])("%s is not left out", async (_, descriptor) => {
    const fault = { kind: "answer", status: 200, body: indexOf([descriptor]) } as const;
    await withReferrers({ faults: [{ fault }] }, async (repository) => {
      const { descriptors } = await repository.referrers(digest, { artifactType: SIGSTORE_BUNDLE_V03 });
      expect(descriptors).toEqual([descriptor]);
    });
  });
});

describe("the tag that stands in for the API", () => {
  it("is made of the digest", () => {
    expect(referrersTag(`sha256:${"a".repeat(64)}`)).toBe(`sha256-${"a".repeat(64)}`);
    expect(referrersTag(`sha512:${"b".repeat(128)}`)).toBe(`sha512-${"b".repeat(64)}`);
    expect(() => referrersTag("latest")).toThrow(expect.objectContaining({ code: "INPUT_INVALID" }));
  });

  it.each([
    [404, ""],
    [400, ""],
    [405, ""],
    [406, ""],
    [501, ""],
    [200, ""],
  ])("is read where the registry answers %i%s", async (status, body) => {
    const fault: Fault = { path: /\/referrers\//, times: 9, fault: { kind: "answer", status, body } };
    await withReferrers({ faults: [fault] }, async (repository, { registry }) => {
      expect(await repository.referrers(digest)).toEqual({ kind: "tag-schema", descriptors: [] });
      const listed = [descriptorOf(IMAGE, "text/spdx"), descriptorOf(IMAGE, SIGSTORE_BUNDLE_V03)];
      registry.addManifest("octo/app", indexOf(listed), { mediaType: OCI_INDEX, tag: referrersTag(digest) });
      expect(await repository.referrers(digest)).toEqual({ kind: "tag-schema", descriptors: listed });
      expect(await repository.referrers(digest, { artifactType: "text/spdx" })).toEqual({
        kind: "tag-schema",
        descriptors: [listed[0]],
      });
    });
  });

  it("is not read where the API answers", async () => {
    await withReferrers({}, async (repository, { registry }) => {
      await repository.referrers(sha256Text(encode("other")));
      expect(registry.requests.map((one) => one.path).filter((path) => path.includes("/manifests/"))).toEqual([]);
    });
  });

  it("must hold an index", async () => {
    await withReferrers({ referrers: false }, async (repository, { registry }) => {
      registry.addManifest("octo/app", attached("x/y"), { mediaType: OCI_MANIFEST, tag: referrersTag(digest) });
      await expect(repository.referrers(digest)).rejects.toMatchObject({ code: "REGISTRY_INVALID" });
    });
  });
});

describe("a listing that is not one", () => {
  it.each<[string, string | Uint8Array]>([
    ["a page for people", "<html></html>"],
    ["half of it", indexOf([]).slice(0, -3)],
    ["an object without manifests", "{}"],
    ["manifests that are no list", indexOf({})],
    ["a descriptor without a digest", indexOf([{ mediaType: OCI_MANIFEST, size: 1 }])],
    ["a descriptor with a digest of another kind", indexOf([{ mediaType: OCI_MANIFEST, size: 1, digest: "md5:00" }])],
    ["a negative size", indexOf([{ ...descriptorOf(IMAGE, "a/b"), size: -1 }])],
    ["an image", attached("a/b")],
  ])("%s is refused", async (_, body) => {
    await withReferrers({ faults: [{ fault: { kind: "answer", status: 200, body } }] }, async (repository) => {
      await expect(repository.referrers(digest)).rejects.toMatchObject({ code: "REGISTRY_INVALID" });
    });
  });

  it.each([
    ["another host", "<https://cdn.example/v2/octo/app/referrers/x>; rel=next"],
    ["another port", '<http://127.0.0.1:1/>; rel="next"'],
    ["another repository", `</v2/other/app/referrers/${digest}?start=1>; rel="next"`],
    ["another digest", `</v2/octo/app/referrers/sha256:${"0".repeat(64)}>; rel="next"`],
    ["another path", '<../../manifests/latest>; rel="next"'],
  ])("with its next page on %s is refused", async (_, link) => {
    await withReferrers({ faults: [{ fault: { kind: "headers", headers: { link } } }] }, async (repository, bench) => {
      await expect(repository.referrers(digest)).rejects.toMatchObject({ code: "REGISTRY_INVALID" });
      expect(bench.registry.requests).toHaveLength(1);
    });
  });

  it.each([
    [401, "REGISTRY_DENIED"],
    [403, "REGISTRY_DENIED"],
    [500, "REGISTRY_UNAVAILABLE"],
    [307, "REGISTRY_INVALID"],
  ])("%i is %s, and no reason to look elsewhere", async (status, code) => {
    await withReferrers({ faults: [{ times: 9, fault: { kind: "answer", status } }] }, async (repository, bench) => {
      await expect(repository.referrers(digest)).rejects.toMatchObject({ code });
      expect(bench.registry.requests.map((one) => one.path).filter((path) => path.includes("/manifests/"))).toEqual([]);
    });
  });

  it("whose second page fails is an error, not the first page", async () => {
    const fault: Fault = { path: /start=1/, times: 9, fault: { kind: "answer", status: 404 } };
    await withReferrers({ referrersPage: 1, faults: [fault] }, async (repository) => {
      await expect(repository.referrers(digest)).rejects.toMatchObject({ code: "IMAGE_MISSING" });
    });
  });
});

describe("a flood of referrers", () => {
  const descriptor = descriptorOf(IMAGE, SIGSTORE_BUNDLE_V03);

  it("of more descriptors than anybody attaches is refused, by whichever way it comes", async () => {
    const many = (count: number) => indexOf(Array(count).fill(descriptor));
    const answer = (body: Uint8Array): Fault => ({ fault: { kind: "answer", status: 200, body } });
    await withReferrers({ faults: [answer(many(1_000)), answer(many(1_001))] }, async (repository) => {
      expect((await repository.referrers(digest)).descriptors).toHaveLength(1_000);
      await expect(repository.referrers(digest)).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
    });
    await withReferrers({ referrers: false }, async (repository, { registry }) => {
      registry.addManifest("octo/app", many(1_001), { mediaType: OCI_INDEX, tag: referrersTag(digest) });
      await expect(repository.referrers(digest)).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
    });
  });

  it("of pages without end is refused", async () => {
    const link = `</v2/octo/app/referrers/${digest}?again>; rel="next"`;
    const fault = { kind: "answer", status: 200, headers: { link }, body: indexOf([]) } as const;
    await withReferrers({ faults: [{ times: 999, fault }] }, async (repository, { registry }) => {
      await expect(repository.referrers(digest)).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
      expect(registry.requests).toHaveLength(100);
    });
  });

  it("of bytes is refused, in one page or in many, also of a type that nobody wants", async () => {
    const padding = { annotations: { padding: "x".repeat(3_900_000) } };
    const page = indexOf([{ ...descriptorOf(IMAGE, "other/type"), ...padding }]);
    const link = `</v2/octo/app/referrers/${digest}?again>; rel="next"`;
    const many = { kind: "answer", status: 200, headers: { link }, body: page } as const;
    await withReferrers({ faults: [{ times: 99, fault: many }] }, async (repository, { registry }) => {
      await expect(repository.referrers(digest, { artifactType: SIGSTORE_BUNDLE_V03 })).rejects.toMatchObject({
        code: "LIMIT_EXCEEDED",
      });
      expect(registry.requests).toHaveLength(5);
    });
    const one = { kind: "answer", status: 200, body: new Uint8Array(5_000_000) } as const;
    await withReferrers({ faults: [{ fault: one }] }, async (repository) => {
      await expect(repository.referrers(digest)).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
    });
  });
});
