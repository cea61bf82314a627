import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Host } from "@touchmark/plugin";
import { startTestRegistry, type TestRegistry, type TestRegistryOptions, withTestHost } from "@touchmark/testkit";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { sha256Text } from "./image-digest.ts";
import { OCI_INDEX, OCI_MANIFEST } from "./media-types.ts";
import { openRegistry } from "./registry.ts";
import type { Repository } from "./repository.ts";

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const EMPTY_INDEX = encode({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [] });

let folder: string;
let registry: TestRegistry | null = null;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "registry-"));
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(async () => {
  await registry?.close();
  registry = null;
});

/** Runs something with a fresh registry, as a host that may talk to it and does not really wait. */
async function withRegistry<T>(
  options: TestRegistryOptions,
  run: (repository: Repository, registry: TestRegistry, pauses: readonly number[]) => Promise<T>,
): Promise<T> {
  const started = await startTestRegistry(options);
  registry = started;
  const pauses: number[] = [];
  return withTestHost(
    folder,
    (real) => {
      const host: Host = { ...real, wait: async (ms) => void pauses.push(ms) };
      return run(openRegistry(started.host, host).repository("octo/app", { push: true }), started, pauses);
    },
    { network: { kind: "registries", hosts: [started.host] } },
  );
}

describe("a repository", () => {
  it("gives back what was pushed to it", async () => {
    await withRegistry({}, async (repository, { repository: content }) => {
      const blob = new TextEncoder().encode("content");
      const pushed = await repository.pushBlob(blob);
      expect(pushed).toEqual({ descriptor: { digest: sha256Text(blob), size: 7 }, existed: false });
      expect(await repository.pushBlob(blob)).toMatchObject({ existed: true });
      expect([...(await repository.blob(pushed.descriptor, { max: 7 }))]).toEqual([...blob]);
      const { digest } = await repository.pushManifest(EMPTY_INDEX, { mediaType: OCI_INDEX, tag: "v1" });
      expect(await repository.manifest({ digest, size: EMPTY_INDEX.byteLength })).toMatchObject({ digest });
      expect(await repository.resolveTag("v1")).toEqual({ mediaType: OCI_INDEX, digest, size: EMPTY_INDEX.byteLength });
      expect(await repository.resolveTag("v2")).toBeNull();
      expect(content("octo/app").tags.get("v1")).toBe(digest);
    });
  });

  it("lists what refers to a digest", async () => {
    await withRegistry({ referrersPage: 1 }, async (repository) => {
      const { digest } = await repository.pushManifest(EMPTY_INDEX, { mediaType: OCI_INDEX });
      const subject = { mediaType: OCI_INDEX, digest, size: EMPTY_INDEX.byteLength };
      for (const artifactType of ["a/b", "c/d", "a/b2"]) {
        const bytes = encode({
          schemaVersion: 2,
          mediaType: OCI_MANIFEST,
          artifactType,
          subject,
          config: subject,
          layers: [],
        });
        expect(await repository.pushManifest(bytes, { mediaType: OCI_MANIFEST })).toMatchObject({ subject: digest });
      }
      const all = await repository.referrers(digest);
      expect(all.kind).toBe("api");
      expect(all.descriptors.map((one) => one.artifactType)).toEqual(["a/b", "c/d", "a/b2"]);
      expect((await repository.referrers(digest, { artifactType: "c/d" })).descriptors).toHaveLength(1);
    });
  });
});
