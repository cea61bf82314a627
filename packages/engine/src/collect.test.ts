import type { Checkout } from "@touchmark/core";
import { type Adapter, API_VERSION, defineAdapter, type Host, z } from "@touchmark/plugin";
import { expect, it } from "vitest";
import { collect, type Source } from "./collect.ts";

const CHECKOUT: Checkout = { repository: "https://example.com/o/r", commit: "a".repeat(40), dirty: false };

function sourceOf(work: Adapter["collect"]): Source {
  const adapter = defineAdapter({
    apiVersion: API_VERSION,
    name: "plain",
    completeness: "listing",
    marks: [],
    suggest: {},
    options: z.unknown(),
    fromArgument: () => ({}),
    collect: work,
  });
  return { adapter, options: {}, artifact: "plain", part: null, name: null, label: "plain" };
}

/** Notes what happens in which order. */
function noting(): { readonly host: Host; readonly events: string[] } {
  const events: string[] = [];
  class NotingHost {
    async run(command: string) {
      events.push(`runs ${command}`);
      return { stdout: new Uint8Array(), stderr: new Uint8Array() };
    }
    async kind() {
      events.push("looks");
      return "file";
    }
  }
  return { host: new NotingHost() as unknown as Host, events };
}

const output = () => ({
  subjects: [{ name: "tool", digest: { sha256: "0".repeat(64) } }],
  resolvedDependencies: [],
  byproducts: [],
});

it("lets an adapter look while the checkout is read, and run commands only after it", async () => {
  const { host, events } = noting();
  let known: (checkout: Checkout) => void = () => {};
  const checkout = new Promise<Checkout>((resolve) => {
    known = resolve;
  });
  const source = sourceOf(async (given) => {
    await given.kind("dist");
    await given.run("make", [], { timeoutMs: 1 });
    return output();
  });
  const collected = collect(source, { origin: null, checkout }, host);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(events).toEqual(["looks"]);
  events.push("checkout is known");
  known(CHECKOUT);
  expect((await collected).parts[0]?.checkouts).toEqual([CHECKOUT]);
  expect(events).toEqual(["looks", "checkout is known", "runs make"]);
});

it("states no checkout outside a repository, and fails where one cannot be read", async () => {
  const { host } = noting();
  const source = sourceOf(async () => output());
  const collected = await collect(source, { origin: null, checkout: Promise.resolve(null) }, host);
  expect(collected.parts[0]?.checkouts).toEqual([]);
  const unreadable = Promise.reject(new Error("unreadable"));
  await expect(collect(source, { origin: null, checkout: unreadable }, host)).rejects.toThrow("unreadable");
});
