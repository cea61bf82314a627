import { describe, expect, it } from "vitest";
import type { Fault } from "./faults.ts";
import { startTestRegistry } from "./test-registry.ts";

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

/** Runs something against a registry of octo/app with one blob. */
async function fetching<T>(faults: readonly Fault[], run: (url: string, digest: string) => Promise<T>): Promise<T> {
  const registry = await startTestRegistry({ faults });
  try {
    const digest = registry.addBlob("octo/app", encode("content"));
    return await run(`http://${registry.host}/v2/octo/app/blobs/${digest}`, digest);
  } finally {
    await registry.close();
  }
}

describe("a fault", () => {
  it("strikes as often as it says, after as many good answers as it says", async () => {
    const fault: Fault = { method: "GET", after: 1, times: 2, fault: { kind: "answer", status: 503 } };
    await fetching([fault], async (url) => {
      const statuses: number[] = [];
      for (let times = 0; times < 4; times += 1) statuses.push((await fetch(url)).status);
      expect(statuses).toEqual([200, 503, 503, 200]);
    });
  });

  it("strikes only what it names", async () => {
    const other: Fault = { path: /manifests/, times: 9, fault: { kind: "answer", status: 503 } };
    const elsewhere: Fault = { server: "blobs", times: 9, fault: { kind: "answer", status: 503 } };
    await fetching([other, elsewhere], async (url) => {
      expect((await fetch(url)).status).toBe(200);
    });
  });

  it.each<[Fault["fault"]]>([[{ kind: "hang-up" }], [{ kind: "half-body" }], [{ kind: "lost-answer" }]])(
    "of $kind leaves no whole answer",
    async (fault) => {
      await fetching([{ fault }], async (url) => {
        await expect(fetch(url).then((response) => response.arrayBuffer())).rejects.toThrow(TypeError);
      });
    },
  );
});

it("keeps what is uploaded only under its own digest", async () => {
  await fetching([], async (url, digest) => {
    const uploads = new URL("uploads/", url);
    const begun = await fetch(uploads, { method: "POST" });
    const location = new URL(`${begun.headers.get("location")}&digest=${digest}`, url);
    expect((await fetch(location, { method: "PUT", body: "other content" })).status).toBe(400);
  });
});
