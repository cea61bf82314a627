import type { Host, HostEntry } from "@touchmark/plugin";
import { describe, expect, it } from "vitest";
import type { FileItem } from "./check-items.ts";
import { findCandidates } from "./find-evidence.ts";

/** A host that lists a folder and can do nothing else. */
function host(names: readonly string[]): Host {
  const list = async (): Promise<readonly HostEntry[]> =>
    names.map((name) => ({ path: `d/${name}`, name, kind: "file", size: 1 }));
  return { list } as Partial<Host> as Host;
}

describe("findCandidates", () => {
  it("puts evidence of a file's own name before other evidence", async () => {
    const item: FileItem = {
      kind: "file",
      target: "d/tool",
      name: "tool",
      place: "alone",
      file: { path: "d/tool", name: "tool", size: 1 },
    };
    const entries = ["a.intoto.jsonl", "tool", "tool.intoto.jsonl", "tool.sigstore.json", "x.sigstore", "y.json"];
    const found = await findCandidates([item], { named: null, further: [] }, host(entries));
    expect(found.map(({ name }) => name)).toEqual([
      "tool.intoto.jsonl",
      "tool.sigstore.json",
      "a.intoto.jsonl",
      "x.sigstore",
    ]);
  });
});
