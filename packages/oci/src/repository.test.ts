import { type Fault, type RegistryBench, type RegistryBenchOptions, withTestRegistry } from "@touchmark/testkit";
import { describe, expect, it } from "vitest";
import { sha256Text } from "./image-digest.ts";
import { MAX_MANIFEST_BYTES } from "./limits.ts";
import { OCI_INDEX, OCI_MANIFEST } from "./media-types.ts";
import { openRegistry } from "./registry.ts";
import type { Repository } from "./repository.ts";

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const INDEX = encode({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [] });
const DIGEST = sha256Text(INDEX);
const BLOB = new TextEncoder().encode("some content");
const BLOB_DIGEST = sha256Text(BLOB);

/** A registry whose repository holds {@link INDEX} as `v1`, and {@link BLOB}. */
function withContent<T>(
  options: RegistryBenchOptions,
  run: (repository: Repository, bench: RegistryBench) => Promise<T>,
): Promise<T> {
  return withTestRegistry(options, (bench) => {
    bench.registry.addManifest("octo/app", INDEX, { mediaType: OCI_INDEX, tag: "v1" });
    bench.registry.addBlob("octo/app", BLOB);
    return run(openRegistry(bench.registry.host, bench.host).repository("octo/app", { push: true }), bench);
  });
}

const readManifest = (repository: Repository) => repository.manifest({ digest: DIGEST, size: INDEX.byteLength });
const readBlob = (repository: Repository) =>
  repository.blob({ digest: BLOB_DIGEST, size: BLOB.byteLength }, { max: 1_000 });

describe("a repository", () => {
  it("gives what it has", async () => {
    await withContent({}, async (repository, { registry }) => {
      expect(repository.label).toBe(`${registry.host}/octo/app`);
      expect(await readManifest(repository)).toEqual({ bytes: INDEX, mediaType: OCI_INDEX, digest: DIGEST });
      expect(await repository.manifest({ digest: DIGEST })).toMatchObject({ digest: DIGEST });
      expect(await readBlob(repository)).toEqual(BLOB);
      expect(await repository.resolveTag("v1")).toEqual({
        mediaType: OCI_INDEX,
        digest: DIGEST,
        size: INDEX.byteLength,
      });
      expect(await repository.manifestByTag("v1")).toMatchObject({ digest: DIGEST });
      expect(await repository.hasManifest(DIGEST)).toBe(true);
    });
  });

  it("says what it has not", async () => {
    await withContent({}, async (repository) => {
      const other = sha256Text(encode("other"));
      expect(await repository.resolveTag("v2")).toBeNull();
      expect(await repository.manifestByTag("v2")).toBeNull();
      expect(await repository.hasManifest(other)).toBe(false);
      await expect(repository.manifest({ digest: other })).rejects.toMatchObject({ code: "IMAGE_MISSING" });
      await expect(repository.blob({ digest: other, size: 1 }, { max: 1 })).rejects.toMatchObject({
        code: "IMAGE_MISSING",
      });
    });
  });

  it("asks for manifests of all four kinds", async () => {
    await withContent({}, async (repository, { registry }) => {
      await readManifest(repository);
      const accept = registry.requests.at(-1)?.headers["accept"]?.split(", ");
      expect(accept).toHaveLength(4);
      expect(accept).toEqual(expect.arrayContaining([OCI_INDEX, OCI_MANIFEST]));
    });
  });

  it("takes the kind of a manifest from its bytes, whatever the registry says", async () => {
    const fault = { kind: "headers", headers: { "content-type": "text/html" } } as const;
    await withContent({ faults: [{ fault }] }, async (repository) => {
      expect(await readManifest(repository)).toMatchObject({ mediaType: OCI_INDEX });
    });
  });

  it("is asked for nothing that is too large", async () => {
    await withContent({}, async (repository, { registry }) => {
      await expect(repository.manifest({ digest: DIGEST, size: MAX_MANIFEST_BYTES + 1 })).rejects.toMatchObject({
        code: "INPUT_TOO_LARGE",
      });
      await expect(repository.blob({ digest: BLOB_DIGEST, size: 11 }, { max: 10 })).rejects.toMatchObject({
        code: "INPUT_TOO_LARGE",
      });
      await expect(
        repository.pushManifest(new Uint8Array(MAX_MANIFEST_BYTES + 1), { mediaType: OCI_INDEX }),
      ).rejects.toMatchObject({ code: "INPUT_TOO_LARGE" });
      expect(registry.requests).toEqual([]);
    });
  });

  it("that sends too large a manifest is not read to its end", async () => {
    const fault = { kind: "bytes", bytes: new Uint8Array(MAX_MANIFEST_BYTES + 1) } as const;
    await withContent({ faults: [{ fault }] }, async (repository) => {
      await expect(repository.manifest({ digest: DIGEST })).rejects.toMatchObject({ code: "INPUT_TOO_LARGE" });
    });
  });

  it.each(["../x", "Octo/app", "octo//app", "octo/app/", "", "octo/app?x", "a".repeat(256), "octo/%2e%2e"])(
    "is not called %j",
    async (path) => {
      await withTestRegistry({}, async ({ registry, host }) => {
        expect(() => openRegistry(registry.host, host).repository(path)).toThrow(
          expect.objectContaining({ code: "INPUT_INVALID" }),
        );
      });
    },
  );

  it.each(["../v1", "v1/x", "", "-v1", "v1?x", "a".repeat(129), DIGEST])("has no tag %j", async (tag) => {
    await withContent({}, async (repository, { registry }) => {
      await expect(repository.resolveTag(tag)).rejects.toMatchObject({ code: "INPUT_INVALID" });
      await expect(repository.pushManifest(INDEX, { mediaType: OCI_INDEX, tag })).rejects.toMatchObject({
        code: "INPUT_INVALID",
      });
      expect(registry.requests).toEqual([]);
    });
  });

  it.each(["v1", "md5:0123", `sha256:${"A".repeat(64)}`, `${DIGEST}/../x`])("has no digest %j", async (digest) => {
    await withContent({}, async (repository, { registry }) => {
      for (const ask of [
        () => repository.manifest({ digest }),
        () => repository.hasManifest(digest),
        () => repository.blob({ digest, size: 1 }, { max: 1 }),
        () => repository.referrers(digest),
      ]) {
        await expect(ask()).rejects.toMatchObject({ code: "INPUT_INVALID" });
      }
      expect(registry.requests).toEqual([]);
    });
  });
});

describe("bytes that are not what was asked for", () => {
  it.each<[string, Uint8Array]>([
    ["another digest", BLOB.map((byte) => byte ^ 1)],
    ["fewer bytes", BLOB.slice(1)],
    ["more bytes", new Uint8Array([...BLOB, 0])],
    ["no bytes", new Uint8Array()],
  ])("%s", async (_, bytes) => {
    await withContent({ faults: [{ fault: { kind: "bytes", bytes } }] }, async (repository) => {
      await expect(readBlob(repository)).rejects.toMatchObject({ code: "DIGEST_MISMATCH" });
    });
  });

  it("of a manifest, also when a header says that they are", async () => {
    const bytes = encode({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [], annotations: {} });
    const fault = { kind: "answer", status: 200, headers: { "docker-content-digest": DIGEST }, body: bytes } as const;
    await withContent({ faults: [{ fault }] }, async (repository) => {
      await expect(repository.manifest({ digest: DIGEST })).rejects.toMatchObject({ code: "DIGEST_MISMATCH" });
    });
  });

  it("of a manifest, of another size than its descriptor says", async () => {
    await withContent({}, async (repository) => {
      await expect(repository.manifest({ digest: DIGEST, size: 1 })).rejects.toMatchObject({ code: "DIGEST_MISMATCH" });
    });
  });

  it("under a tag count as they are, whatever a header says", async () => {
    const other = sha256Text(encode("other"));
    const fault = { kind: "headers", headers: { "docker-content-digest": other } } as const;
    await withContent({ faults: [{ fault }] }, async (repository) => {
      expect(await repository.resolveTag("v1")).toMatchObject({ digest: DIGEST });
    });
  });
});

describe("an answer that says no", () => {
  it.each([
    [400, "REGISTRY_INVALID", 1],
    [401, "REGISTRY_DENIED", 1],
    [403, "REGISTRY_DENIED", 1],
    [404, "IMAGE_MISSING", 1],
    [405, "REGISTRY_INVALID", 1],
    [429, "REGISTRY_UNAVAILABLE", 5],
    [500, "REGISTRY_UNAVAILABLE", 5],
    [501, "REGISTRY_UNAVAILABLE", 1],
    [502, "REGISTRY_UNAVAILABLE", 5],
    [503, "REGISTRY_UNAVAILABLE", 5],
    [504, "REGISTRY_UNAVAILABLE", 5],
    [204, "REGISTRY_INVALID", 1],
  ])("%i is %s after %i attempts", async (status, code, attempts) => {
    const body = JSON.stringify({ errors: [{ code: "WHY", message: "because\u001b[2J\r\nof it" }] });
    await withContent(
      { faults: [{ times: 99, fault: { kind: "answer", status, body } }] },
      async (repository, bench) => {
        const error = await repository.manifest({ digest: DIGEST }).catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({ code });
        if (status !== 204) expect(error).toMatchObject({ actual: `status ${status}: WHY, because [2J of it` });
        expect(bench.registry.requests).toHaveLength(attempts);
        expect(bench.pauses).toEqual([250, 500, 1_000, 2_000].slice(0, attempts - 1));
      },
    );
  });

  it("is shown in part when it is long, and not at all when it is no error of the specification", async () => {
    const long = JSON.stringify({ errors: Array(50).fill({ code: "X", message: "y".repeat(5_000) }) });
    const fault = (body: string): Fault => ({ fault: { kind: "answer", status: 400, body } });
    await withContent({ faults: [fault(long), fault("<html>nothing for a terminal")] }, async (repository) => {
      const first = await repository.manifest({ digest: DIGEST }).catch((thrown: Error & { actual: string }) => thrown);
      expect("actual" in first && first.actual.length).toBeLessThan(400);
      await expect(repository.manifest({ digest: DIGEST })).rejects.toMatchObject({ actual: "status 400" });
    });
  });
});

describe("a failure that passes", () => {
  it.each<[string, Fault["fault"]]>([
    ["of the registry", { kind: "answer", status: 503 }],
    ["of the connection", { kind: "hang-up" }],
    ["in the middle of an answer", { kind: "half-body" }],
    ["by too many requests", { kind: "answer", status: 429 }],
  ])("%s is not seen", async (_, fault) => {
    await withContent({ faults: [{ times: 4, fault }] }, async (repository, { pauses }) => {
      expect(await readManifest(repository)).toMatchObject({ digest: DIGEST });
      expect(pauses).toEqual([250, 500, 1_000, 2_000]);
    });
  });

  it("that does not pass is an error", async () => {
    await withContent({ faults: [{ times: 5, fault: { kind: "half-body" } }] }, async (repository) => {
      await expect(readManifest(repository)).rejects.toMatchObject({ code: "REGISTRY_INVALID" });
    });
    await withContent({ faults: [{ times: 5, fault: { kind: "hang-up" } }] }, async (repository) => {
      await expect(readManifest(repository)).rejects.toMatchObject({ code: "NETWORK_UNAVAILABLE" });
    });
  });

  it("is waited for as long as the registry asks, by its own clock", async () => {
    const later = (headers: Record<string, string>): Fault => ({ fault: { kind: "answer", status: 429, headers } });
    const faults = [
      later({ "retry-after": "7" }),
      later({ "retry-after": "Thu, 26 Nov 2026 10:00:09 GMT", date: "Thu, 26 Nov 2026 10:00:00 GMT" }),
      later({ "retry-after": "Thu, 26 Nov 2026 09:00:00 GMT", date: "Thu, 26 Nov 2026 10:00:00 GMT" }),
      later({ "retry-after": "soon" }),
    ];
    await withContent({ faults }, async (repository, { pauses }) => {
      await readManifest(repository);
      expect(pauses).toEqual([7_000, 9_000, 0, 2_000]);
    });
  });

  it("is not waited for when the registry asks for too long", async () => {
    const fault = { kind: "answer", status: 429, headers: { "retry-after": "61" } } as const;
    await withContent({ faults: [{ fault }] }, async (repository, { pauses, registry }) => {
      await expect(readManifest(repository)).rejects.toMatchObject({ code: "REGISTRY_UNAVAILABLE" });
      expect([pauses, registry.requests.length]).toEqual([[], 1]);
    });
  });
});

describe("a blob that lies elsewhere", () => {
  it("is got from there", async () => {
    await withContent({ blobsElsewhere: true }, async (repository, { registry }) => {
      expect(await readBlob(repository)).toEqual(BLOB);
      expect(registry.requests.map((one) => one.server)).toEqual(["registry", "blobs"]);
    });
  });

  it.each([
    ["to itself without end", () => ({ location: "?again" })],
    ["to another protocol", () => ({ location: "file:///etc/passwd" })],
    ["nowhere", () => ({}) as Record<string, string>],
    ["to plain http on another machine", () => ({ location: "http://cdn.example/" })],
  ])("is refused when it is said to lie %s", async (_, headers) => {
    const fault = { kind: "answer", status: 307, headers: headers() } as const;
    await withContent({ faults: [{ times: 99, fault }] }, async (repository, { registry }) => {
      await expect(readBlob(repository)).rejects.toMatchObject({ code: "REGISTRY_INVALID" });
      expect(registry.requests.length).toBeLessThanOrEqual(6);
    });
  });

  it("is not followed to a third host", async () => {
    await withContent({ blobsElsewhere: true }, async (repository, { registry }) => {
      const location = `http://${registry.tokenHost}/`;
      registry.fail({ server: "blobs", fault: { kind: "answer", status: 307, headers: { location } } });
      await expect(readBlob(repository)).rejects.toMatchObject({ code: "NETWORK_REFUSED" });
      expect(registry.requests.map((one) => one.server)).toEqual(["registry", "blobs"]);
    });
  });
});

describe("pushing a manifest", () => {
  const MANIFEST = encode({
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: { mediaType: "a/b", digest: BLOB_DIGEST, size: BLOB.byteLength },
    layers: [],
    subject: { mediaType: OCI_INDEX, digest: DIGEST, size: INDEX.byteLength },
  });
  const push = (repository: Repository, tag?: string) =>
    repository.pushManifest(MANIFEST, { mediaType: OCI_MANIFEST, ...(tag === undefined ? {} : { tag }) });

  it("keeps its bytes, under a digest or a tag", async () => {
    await withContent({}, async (repository, { registry }) => {
      expect(await push(repository)).toEqual({ digest: sha256Text(MANIFEST), subject: DIGEST });
      expect(await push(repository, "v2")).toEqual({ digest: sha256Text(MANIFEST), subject: DIGEST });
      const { manifests, tags } = registry.repository("octo/app");
      expect(manifests.get(sha256Text(MANIFEST))?.bytes).toEqual(MANIFEST);
      expect(tags.get("v2")).toBe(sha256Text(MANIFEST));
    });
  });

  it("says where the registry does not know what it refers to", async () => {
    await withContent({ referrers: false }, async (repository) => {
      expect(await push(repository)).toMatchObject({ subject: null });
    });
  });

  it("goes on after a break, also one of the answer", async () => {
    const faults: Fault[] = [{ fault: { kind: "hang-up" } }, { fault: { kind: "lost-answer" } }];
    await withContent({ faults }, async (repository) => {
      expect(await push(repository)).toMatchObject({ digest: sha256Text(MANIFEST) });
    });
  });

  it("fails when it was stored as something else", async () => {
    const fault = { kind: "headers", headers: { "docker-content-digest": DIGEST } } as const;
    await withContent({ faults: [{ fault }] }, async (repository) => {
      await expect(push(repository)).rejects.toMatchObject({ code: "REGISTRY_INVALID" });
    });
  });

  it.each([
    [404, "IMAGE_MISSING"],
    [413, "REGISTRY_INVALID"],
    [307, "REGISTRY_INVALID"],
    [200, "REGISTRY_INVALID"],
  ])("fails when the registry answers %i", async (status, code) => {
    const fault = { kind: "answer", status, headers: { location: "/elsewhere" } } as const;
    await withContent({ faults: [{ fault }] }, async (repository, { registry }) => {
      await expect(push(repository)).rejects.toMatchObject({ code });
      expect(registry.requests).toHaveLength(1);
    });
  });
});

it("stops at once when the user interrupts", async () => {
  await withContent({ faults: [{ times: 9, fault: { kind: "hang-up" } }] }, async (_, { registry, host }) => {
    const interrupted = Object.assign(new Error("x"), { name: "TouchmarkError", code: "ABORTED" });
    const wait = async () => {
      throw interrupted;
    };
    const repository = openRegistry(registry.host, { ...host, wait }).repository("octo/app");
    await expect(readManifest(repository)).rejects.toBe(interrupted);
    expect(registry.requests).toHaveLength(1);
  });
});
