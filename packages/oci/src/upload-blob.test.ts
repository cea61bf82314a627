import { isTouchmarkError } from "@touchmark/core";
import { registryAddress } from "@touchmark/plugin";
import { type Fault, type RegistryBench, type RegistryBenchOptions, withTestRegistry } from "@touchmark/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sha256Text } from "./image-digest.ts";
import { openRegistry } from "./registry.ts";
import { UPLOAD_CHUNK_BYTES } from "./registry-limits.ts";
import { registryLogin } from "./registry-login.ts";
import { registrySession } from "./registry-session.ts";
import type { Repository } from "./repository.ts";
import { uploadBlob } from "./upload-blob.ts";

const SMALL = new TextEncoder().encode("a small blob");
/** Three parts, the last of them short. Every byte depends on its place. */
const LARGE = Uint8Array.from({ length: 2 * UPLOAD_CHUNK_BYTES + 100 }, (_, at) => (at * 7 + (at >> 12)) & 0xff);

function pushing<T>(
  options: RegistryBenchOptions,
  run: (repository: Repository, bench: RegistryBench) => Promise<T>,
): Promise<T> {
  return withTestRegistry(options, (bench) =>
    run(openRegistry(bench.registry.host, bench.host).repository("octo/app", { push: true }), bench),
  );
}

/** `PATCH 0-99`: method, and the range or the length that was sent. */
const linesOf = ({ registry }: RegistryBench) =>
  registry.requests.map(({ method, headers, body }) =>
    `${method} ${headers["content-range"] ?? (body.byteLength === 0 ? "" : body.byteLength)}`.trim(),
  );

const stored = ({ registry }: RegistryBench, bytes: Uint8Array) =>
  registry.repository("octo/app").blobs.get(sha256Text(bytes));

const MiB4 = UPLOAD_CHUNK_BYTES;

describe("a blob", () => {
  it("that is small goes in one request", async () => {
    await pushing({}, async (repository, bench) => {
      expect(await repository.pushBlob(SMALL)).toEqual({
        descriptor: { digest: sha256Text(SMALL), size: SMALL.byteLength },
        existed: false,
      });
      expect(linesOf(bench)).toEqual(["HEAD", "POST", "PUT 12"]);
      expect(stored(bench, SMALL)).toEqual(SMALL);
    });
  });

  it("that is there is not sent again", async () => {
    await pushing({}, async (repository, bench) => {
      bench.registry.addBlob("octo/app", SMALL);
      expect(await repository.pushBlob(SMALL)).toMatchObject({ existed: true });
      expect(linesOf(bench)).toEqual(["HEAD"]);
    });
  });

  it("may be empty", async () => {
    await pushing({}, async (repository, bench) => {
      await repository.pushBlob(new Uint8Array());
      expect(stored(bench, new Uint8Array())?.byteLength).toBe(0);
    });
  });

  it("that is large goes in parts", async () => {
    await pushing({}, async (repository, bench) => {
      await repository.pushBlob(LARGE);
      expect(linesOf(bench)).toEqual([
        "HEAD",
        "POST",
        `PATCH 0-${MiB4 - 1}`,
        `PATCH ${MiB4}-${2 * MiB4 - 1}`,
        `PATCH ${2 * MiB4}-${LARGE.byteLength - 1}`,
        "PUT",
      ]);
      expect(Buffer.compare(stored(bench, LARGE) ?? SMALL, LARGE)).toBe(0);
    });
  });

  it("goes in parts as large as the registry wants them", async () => {
    await pushing({ chunkMinLength: MiB4 + 50 }, async (repository, bench) => {
      await repository.pushBlob(LARGE);
      expect(linesOf(bench)).toContain(`PATCH 0-${MiB4 + 49}`);
      expect(stored(bench, LARGE)?.byteLength).toBe(LARGE.byteLength);
    });
    await pushing({ chunkMinLength: 2 * LARGE.byteLength }, async (repository, bench) => {
      await repository.pushBlob(LARGE);
      expect(linesOf(bench)).toEqual(["HEAD", "POST", `PUT ${LARGE.byteLength}`]);
    });
    await pushing({ chunkMinLength: 10 ** 11 }, async (repository) => {
      await expect(repository.pushBlob(LARGE)).rejects.toMatchObject({ code: "REGISTRY_INVALID" });
    });
  });

  it("uses the last address that the registry gave, as it is", async () => {
    const location = "/v2/octo/app/blobs/uploads/one?_state=a%2Bb+c=";
    const fault: Fault = { method: "POST", fault: { kind: "answer", status: 202, headers: { location } } };
    const done: Fault = { method: "PUT", fault: { kind: "answer", status: 201 } };
    await pushing({ faults: [fault, done] }, async (repository, { registry }) => {
      await repository.pushBlob(SMALL);
      expect(registry.requests.at(-1)?.path).toBe(`${location}&digest=${encodeURIComponent(sha256Text(SMALL))}`);
    });
  });
});

describe("an upload that breaks", () => {
  it("goes on from where the registry says it is", async () => {
    const fault: Fault = { method: "PATCH", after: 1, fault: { kind: "broken-upload", kept: 1_000 } };
    await pushing({ faults: [fault] }, async (repository, bench) => {
      await repository.pushBlob(LARGE);
      const resumed = MiB4 + 1_000;
      expect(linesOf(bench)).toEqual([
        "HEAD",
        "POST",
        `PATCH 0-${MiB4 - 1}`,
        `PATCH ${MiB4}-${2 * MiB4 - 1}`,
        "HEAD",
        "GET",
        `PATCH ${resumed}-${LARGE.byteLength - 1}`,
        "PUT",
      ]);
      expect(bench.pauses).toEqual([250]);
      expect(Buffer.compare(stored(bench, LARGE) ?? SMALL, LARGE)).toBe(0);
    });
  });

  it("is done when only the last answer was lost", async () => {
    await pushing({ faults: [{ method: "PUT", fault: { kind: "lost-answer" } }] }, async (repository, bench) => {
      expect(await repository.pushBlob(SMALL)).toMatchObject({ existed: false });
      expect(linesOf(bench)).toEqual(["HEAD", "POST", "PUT 12", "HEAD"]);
    });
  });

  it("begins again when the registry has forgotten it", async () => {
    const faults: Fault[] = [
      { method: "PATCH", after: 1, fault: { kind: "hang-up" } },
      { method: "GET", fault: { kind: "answer", status: 404 } },
    ];
    await pushing({ faults }, async (repository, bench) => {
      await repository.pushBlob(LARGE);
      expect(linesOf(bench).filter((line) => line === "POST")).toHaveLength(2);
      expect(stored(bench, LARGE)?.byteLength).toBe(LARGE.byteLength);
    });
  });

  it.each([
    ["that it has more than it was sent", "0-99999999"],
    ["nothing that can be read", "bytes 5"],
    ["that it has nothing, or one byte", "0-0"],
  ])("begins again when the registry says %s", async (_, range) => {
    const faults: Fault[] = [
      { method: "PATCH", fault: { kind: "broken-upload", kept: 10 } },
      { method: "GET", fault: { kind: "headers", headers: { range } } },
    ];
    await pushing({ faults }, async (repository, bench) => {
      await repository.pushBlob(LARGE);
      expect(linesOf(bench).filter((line) => line === "POST")).toHaveLength(2);
      expect(stored(bench, LARGE)?.byteLength).toBe(LARGE.byteLength);
    });
  });

  it("is given up after eight breaks", async () => {
    await pushing({ faults: [{ times: 99, method: "PUT", fault: { kind: "hang-up" } }] }, async (repository, bench) => {
      await expect(repository.pushBlob(SMALL)).rejects.toMatchObject({ code: "NETWORK_UNAVAILABLE" });
      expect(linesOf(bench).filter((line) => line === "PUT 12")).toHaveLength(8);
      expect(stored(bench, SMALL)).toBeUndefined();
    });
    const fault = { kind: "answer", status: 503 } as const;
    await pushing({ faults: [{ times: 99, method: "PATCH", fault }] }, async (repository) => {
      await expect(repository.pushBlob(LARGE)).rejects.toMatchObject({ code: "REGISTRY_UNAVAILABLE" });
    });
  });
});

describe("an upload in parts of 64 bytes", () => {
  const bytes = LARGE.slice(0, 1_000);
  const digest = sha256Text(bytes);

  /** @returns the error, null when it went well; what was stored is looked at either way. */
  async function outcomeOf(faults: readonly Fault[]): Promise<unknown> {
    return withTestRegistry({ faults }, async ({ registry, host }) => {
      const address = registryAddress(registry.host);
      const login = registryLogin(address, host);
      const session = registrySession({
        address,
        host,
        login,
        repository: "octo/app",
        scope: "repository:octo/app:pull",
      });
      const error = await uploadBlob({ bytes, digest, chunk: 64, what: "it" }, session, host).then(
        () => null,
        (thrown: unknown) => thrown,
      );
      const { blobs } = registry.repository("octo/app");
      expect([...blobs.keys()].filter((one) => one !== digest)).toEqual([]);
      if (error === null) expect(blobs.get(digest)).toEqual(bytes);
      return error;
    });
  }

  it("that breaks in whatever places ends with the same bytes or a clear error", async () => {
    const fault = fc.oneof(
      fc.record({ kind: fc.constant("broken-upload" as const), kept: fc.nat(64) }),
      fc.constantFrom({ kind: "hang-up" as const }, { kind: "lost-answer" as const }, { kind: "half-body" as const }),
      fc.record({ kind: fc.constant("answer" as const), status: fc.constantFrom(404, 416, 429, 500, 503) }),
    );
    const method = fc.constantFrom("HEAD", "POST", "PATCH", "PUT", "GET");
    const faults = fc.array(fc.record({ method, after: fc.nat(9), fault }), { minLength: 1, maxLength: 12 });
    const clear = ["NETWORK_UNAVAILABLE", "REGISTRY_UNAVAILABLE", "REGISTRY_INVALID", "IMAGE_MISSING"];
    await fc.assert(
      fc.asyncProperty(faults, async (list) => {
        const error = await outcomeOf(list);
        if (error !== null && !isTouchmarkError(error)) throw error;
        if (error !== null) expect(clear).toContain(error.code);
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it("that breaks fewer than eight times ends with the same bytes", async () => {
    const breaks = fc.array(fc.record({ after: fc.nat(9), kept: fc.nat(64) }), { minLength: 1, maxLength: 7 });
    await fc.assert(
      fc.asyncProperty(breaks, async (list) => {
        const faults = list.map(({ after, kept }): Fault => {
          return { method: "PATCH", after, fault: { kind: "broken-upload", kept } };
        });
        expect(await outcomeOf(faults)).toBeNull();
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});

describe("an upload is refused", () => {
  it.each<[string, Fault, string]>([
    [
      "to another host",
      { method: "POST", fault: { kind: "answer", status: 202, headers: { location: "https://cdn.example/" } } },
      "REGISTRY_INVALID",
    ],
    [
      "to another port",
      { method: "POST", fault: { kind: "answer", status: 202, headers: { location: "http://127.0.0.1:1/" } } },
      "REGISTRY_INVALID",
    ],
    ["to nowhere", { method: "POST", fault: { kind: "answer", status: 202 } }, "REGISTRY_INVALID"],
    ["where it does not begin", { method: "POST", fault: { kind: "answer", status: 200 } }, "REGISTRY_INVALID"],
    [
      "by its redirect",
      { method: "POST", fault: { kind: "answer", status: 307, headers: { location: "/x" } } },
      "REGISTRY_INVALID",
    ],
    ["by who lets us not", { method: "POST", fault: { kind: "answer", status: 403 } }, "REGISTRY_DENIED"],
    ["where there is no repository", { method: "POST", fault: { kind: "answer", status: 404 } }, "IMAGE_MISSING"],
    ["by a question with no answer", { method: "HEAD", fault: { kind: "answer", status: 400 } }, "REGISTRY_INVALID"],
    [
      "that is stored as something else",
      { method: "PUT", fault: { kind: "headers", headers: { "docker-content-digest": sha256Text(LARGE.slice(1)) } } },
      "REGISTRY_INVALID",
    ],
    [
      "whose parts are dropped",
      { method: "PATCH", fault: { kind: "headers", headers: { range: "0-0" } } },
      "REGISTRY_INVALID",
    ],
    [
      "whose parts are not confirmed",
      { method: "PATCH", fault: { kind: "answer", status: 202, headers: { location: "/x" } } },
      "REGISTRY_INVALID",
    ],
    [
      "whose parts go elsewhere",
      { method: "PATCH", fault: { kind: "headers", headers: { location: "http://127.0.0.1:1/" } } },
      "REGISTRY_INVALID",
    ],
  ])("%s", async (_, fault, code) => {
    await pushing({ faults: [fault] }, async (repository) => {
      await expect(repository.pushBlob(LARGE)).rejects.toMatchObject({ code });
    });
  });
});
