import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { BuildOutput } from "@touchmark/core";
import type { Adapter, Host } from "@touchmark/plugin";
import { type FixtureCopy, withFixture } from "../fixture-copy.ts";
import { KEPT, type Law, type LawCase, type LawResult, type Order } from "../law.ts";
import { baseline, canonical, listing, metadataSubjects, type Outcome, run, showOutcome } from "../outcome.ts";

export const order: Law = {
  number: 2,
  title: "any order of files and entries gives the same output",
  why: "tools write their lists in another order at every run; a release must not depend on it",
  async check(adapter, lawCase) {
    return withFixture(lawCase, async (copy) => {
      const output = await baseline(adapter, lawCase, copy);
      if ("broken" in output) return broken("nothing yet", output.broken);
      return (
        (await inListings(adapter, lawCase, copy, output)) ?? (await inMetadata(adapter, lawCase, copy, output)) ?? KEPT
      );
    });
  },
};

/** Files made in another order, and every listing of the host turned round. */
async function inListings(
  adapter: Adapter,
  lawCase: LawCase,
  copy: FixtureCopy,
  output: BuildOutput,
): Promise<LawResult | null> {
  const same = (outcome: Outcome) =>
    outcome.kind === "output" && canonical(adapter, outcome.output) === canonical(adapter, output);
  const turned = await run(adapter, lawCase, copy.folder, { wrap: backwards });
  if (!same(turned)) return broken("turned round what host.glob and host.list answer", showOutcome(turned));
  const remade = await withFixture(lawCase, ({ folder }) => run(adapter, lawCase, folder), "backward");
  return same(remade) ? null : broken("made the fixture's files in another order", showOutcome(remade));
}

function backwards(host: Host): Host {
  return {
    ...host,
    glob: async (pattern) => (await host.glob(pattern)).toReversed(),
    list: async (folder, options) => (await host.list(folder, options)).toReversed(),
  };
}

const ORDERS: readonly Order[] = [
  (items) => items.toReversed(),
  (items) => [...items.slice(1), ...items.slice(0, 1)],
  (items) => [...items.filter((_, index) => index % 2 === 1), ...items.filter((_, index) => index % 2 === 0)],
];

async function inMetadata(
  adapter: Adapter,
  lawCase: LawCase,
  copy: FixtureCopy,
  output: BuildOutput,
): Promise<LawResult | null> {
  const { shuffle } = lawCase;
  if (shuffle === undefined) return null;
  const itself = metadataSubjects(output, lawCase, copy);
  for (const reorder of ORDERS) {
    const result = await withFixture(lawCase, async (fresh) => {
      const before = await contents(fresh);
      await shuffle(fresh.folder, reorder);
      if ((await contents(fresh)) === before) return broken("ran the case's shuffle", "the same bytes in every file");
      const outcome = await run(adapter, lawCase, fresh.folder);
      const same =
        outcome.kind === "output" && listing(adapter, outcome.output, itself) === listing(adapter, output, itself);
      return same ? null : broken("put the entries of the metadata into another order", showOutcome(outcome));
    });
    if (result !== null) return result;
  }
  return null;
}

async function contents({ folder, files }: FixtureCopy): Promise<string> {
  const texts = await Promise.all(files.map((path) => readFile(join(folder, path), "base64")));
  return texts.join("\n");
}

function broken(did: string, got: string): LawResult {
  return {
    status: "broken",
    did,
    got,
    expected: "the output of the fixture as it is",
    remedy: "do not let the first or the last of several win: compare all of them, or refuse two that differ",
  };
}
