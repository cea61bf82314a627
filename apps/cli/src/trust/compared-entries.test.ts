import { describe, expect, it } from "vitest";
import { compareEntries } from "./compared-entries.ts";
import type { DescribedEntry } from "./described-entry.ts";

const entry = (changed: Partial<DescribedEntry> = {}): DescribedEntry => ({
  name: "a",
  place: "t.yaml:3",
  kind: "builder",
  signer: "the key sha256:ab",
  builders: ["https://b.example", "https://c.example"],
  maxLevel: 1,
  operator: null,
  runners: null,
  source: null,
  from: null,
  until: null,
  withoutLog: false,
  roots: null,
  verifier: null,
  ...changed,
});
const kinds = (before: DescribedEntry[], after: DescribedEntry[]) =>
  compareEntries(before, after).map(({ kind }) => kind);

describe("two trust files", () => {
  it("come to the same under other names, in another order", () => {
    const other = entry({ signer: "the key sha256:cd" });
    const renamed = entry({ name: "b", place: "u.yaml:9", builders: ["https://c.example", "https://b.example"] });
    expect(compareEntries([entry(), other], [other, renamed])).toEqual([]);
  });

  it.each<[string, Partial<DescribedEntry>]>([
    ["another signer", { signer: "the key sha256:cd" }],
    ["another builder", { builders: ["https://b.example"] }],
  ])("differ in whom they believe: %s", (_what, changed) => {
    expect(kinds([entry()], [entry(changed)])).toEqual(["lost", "gained"]);
  });

  it.each<[Partial<DescribedEntry>, string]>([
    [{ maxLevel: 3 }, "level 1 -> 3"],
    [{ maxLevel: 0 }, "level 1 -> 0"],
    [{ runners: "github-hosted" }, "runners any -> github-hosted"],
    [{ source: "octo/a" }, "source any -> octo/a"],
    [{ from: "2026-01-01T00:00:00.000Z" }, "from any -> 2026-01-01T00:00:00.000Z"],
    [{ until: "2026-01-01T00:00:00.000Z" }, "until any -> 2026-01-01T00:00:00.000Z"],
    [{ operator: "Octo" }, "operator any -> Octo"],
    [{ withoutLog: true }, "without a log false -> true"],
    [{ roots: "r.json" }, "roots any -> r.json"],
  ])("differ in what it is worth: %j", (changed, words) => {
    expect(compareEntries([entry()], [entry(changed)])).toMatchObject([{ kind: "changed", changes: [words] }]);
  });

  it("differ in what a verifier may say", () => {
    const verifier = (levels: string[], resources: string[]) =>
      entry({
        kind: "verifier",
        maxLevel: null,
        verifier: { id: "https://v.example", levels, resources, maxAge: null },
      });
    expect(compareEntries([verifier(["A"], ["x"])], [verifier(["B"], ["x", "y"])])).toMatchObject([
      { changes: ["levels: no longer A", "levels: now also B", "resources: now also y"] },
    ]);
  });

  it("differ in how old a verifier's summaries may be", () => {
    const verifier = (maxAge: string | null) =>
      entry({ kind: "verifier", verifier: { id: "https://v.example", levels: ["A"], resources: ["x"], maxAge } });
    expect(compareEntries([verifier("90d")], [verifier(null)])).toMatchObject([{ changes: ["max age 90d -> any"] }]);
  });

  it("are compared entry by entry where several are about one signer", () => {
    const [one, other] = [entry({ source: "octo/a" }), entry({ source: "octo/b" })];
    expect(compareEntries([one, other], [entry({ source: "octo/b", maxLevel: 2 }), one])).toMatchObject([
      { kind: "changed", before: other, changes: ["level 1 -> 2"] },
    ]);
  });
});
