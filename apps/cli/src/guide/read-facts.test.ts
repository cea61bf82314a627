import type { CheckReport } from "@touchmark/engine";
import type { Host } from "@touchmark/plugin";
import { expect, it } from "vitest";
import { readFacts } from "./read-facts.ts";

const KEY = { name: "touchmark.pub", digest: `sha256:${"ab".repeat(32)}` };
const request = { targets: ["release"], bundles: [], ignore: [], trustedRoot: null, withoutLog: false };

const factsOf = (name: string, bundle: string) => {
  const statement = { bundle, signer: `key:${KEY.digest}`, predicateType: "https://slsa.dev/provenance/v1" };
  const artifact = { name, target: "release", status: "verified", digest: KEY.digest, statements: [statement] };
  const report = { artifacts: [artifact], release: null, inputs: { key: KEY } } as unknown as CheckReport;
  const host = { kind: async () => "file", readBytes: async () => new Uint8Array() } as unknown as Host;
  return readFacts(report, [], request, host);
};

it("names files and evidence", async () => {
  expect(await factsOf("tool", "tool.sigstore.json")).toMatchObject({
    files: [{ path: "release/tool", bundle: { path: "tool.sigstore.json" } }],
  });
});

it.each([
  ["a file", "to`ol", "tool.sigstore.json"],
  ["evidence", "tool", "to```\nol.sigstore.json"],
])("NAME_REFUSED: %s that would end what the page shows as it is", async (_what, name, bundle) => {
  await expect(factsOf(name, bundle)).rejects.toMatchObject({ code: "NAME_REFUSED" });
});
