import { rootOf, testSigstore } from "@touchmark/testkit/sigstore";
import { describe, expect, it } from "vitest";
import { rootsFrom, sigstore } from "../../test/certificate-cases.ts";
import { openRoots, publicGoodSource } from "../open-roots.ts";

const withLog = (baseUrl: string) => {
  const root = structuredClone(rootOf(sigstore)) as { tlogs: { baseUrl: string }[] };
  for (const log of root.tlogs) log.baseUrl = baseUrl;
  return root;
};

describe("askableLogs", () => {
  it("are the logs of Rekor v1: of the public-good instance one", async () => {
    const roots = await openRoots(await publicGoodSource());
    expect(roots.askableLogs()).toEqual(["https://rekor.sigstore.dev"]);
  });

  it("are addresses, also where the roots leave the scheme out, and each once", async () => {
    expect((await rootsFrom(withLog("rekor.example"))).askableLogs()).toEqual(["https://rekor.example"]);
    const both = [withLog("https://rekor.example"), { ...rootOf(testSigstore()), tlogs: [] }];
    const bytes = new TextEncoder().encode(both.map((root) => JSON.stringify(root)).join("\n"));
    const roots = await openRoots({ bytes, label: "roots.jsonl", asOf: null });
    expect(roots.askableLogs()).toEqual(["https://rekor.example"]);
  });
});
