import { describe, expect, it } from "vitest";
import { allOrNone } from "./all-or-none.ts";
import type { Host } from "./host.ts";
import { stoppableHost } from "./stoppable-host.ts";

/** Its exchanges and pauses end when they are stopped, and not before; each notes that it ended. */
function endless() {
  const ended: string[] = [];
  const until = (name: string, signal: AbortSignal | undefined) =>
    new Promise<never>((_, reject) => {
      const end = () => {
        ended.push(name);
        reject(new Error(`${name} was stopped`));
      };
      if (signal?.aborted) end();
      signal?.addEventListener("abort", end);
    });
  const host = {
    fetch: ({ signal }: { signal?: AbortSignal }) => until("fetch", signal),
    fetchStream: ({ signal }: { signal?: AbortSignal }) => until("fetchStream", signal),
    wait: (_ms: number, signal?: AbortSignal) => until("wait", signal),
  } as unknown as Host;
  return { host, ended };
}

const request = { method: "GET", url: "https://a.example/", maxBody: 1, timeoutMs: 1, referredBy: null } as const;

describe("all or none", () => {
  it("gives the answers in their order", async () => {
    const { host } = endless();
    expect(await allOrNone(host, () => [Promise.resolve(1), Promise.resolve("b")])).toEqual([1, "b"]);
    expect(await allOrNone(host, () => [])).toEqual([]);
  });

  it("ends the others when one fails, also those within, and waits for their end", async () => {
    const { host, ended } = endless();
    const asking = allOrNone(host, (joint) => [
      Promise.reject(new Error("no")),
      joint.wait(60_000),
      allOrNone(joint, (inner) => [inner.fetch(request), inner.fetchStream(request)]),
    ]);
    await expect(asking).rejects.toThrow("no");
    expect(ended.sort()).toEqual(["fetch", "fetchStream", "wait"]);
  });
});

it("a stoppable host ends by its own signal and by those of requests and pauses", async () => {
  for (const which of ["host", "own"] as const) {
    const { host, ended } = endless();
    const signals = { host: new AbortController(), own: new AbortController() };
    const { signal } = signals.own;
    const stoppable = stoppableHost(host, signals.host.signal);
    const started = [stoppable.fetch({ ...request, signal }), stoppable.wait(1, signal)];
    signals[which].abort();
    expect((await Promise.allSettled(started)).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(ended).toEqual(["fetch", "wait"]);
  }
});
