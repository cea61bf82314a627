import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sample } from "../artifacts.ts";
import { withFixture } from "../fixture-copy.ts";
import { KEPT, type Law, type LawResult } from "../law.ts";
import { baseline, listing, metadataSubjects, run, showOutcome } from "../outcome.ts";

/** Lengths that are tried for each metadata file, besides the line ends. Unit: runs of the adapter. */
const EVEN_CUTS = 24;
const LINE_CUTS = 12;

export const truncation: Law = {
  number: 5,
  title: "metadata that was cut off never gives a shorter list",
  why: "a disk that filled up or an upload that broke must not become a signed statement about half a release",
  async check(adapter, lawCase) {
    const metadata = lawCase.metadata ?? [];
    if (metadata.length === 0) {
      return adapter.completeness === "listing"
        ? { status: "skipped", reason: "a listing reads no list" }
        : broken("looked for metadata to cut", "none in the case", "name the tool's own lists in the case: metadata");
    }
    return withFixture(lawCase, async (copy) => {
      const output = await baseline(adapter, lawCase, copy);
      if ("broken" in output) return broken("cut nothing yet", output.broken, "");
      const itself = metadataSubjects(output, lawCase, copy);
      const whole = listing(adapter, output, itself);
      for (const path of metadata) {
        const bytes = await readFile(join(copy.folder, path));
        for (const length of cutsOf(bytes)) {
          await writeFile(join(copy.folder, path), bytes.subarray(0, length));
          const outcome = await run(adapter, lawCase, copy.folder);
          const kept =
            outcome.kind === "null" ||
            outcome.kind === "refused" ||
            (outcome.kind === "output" && listing(adapter, outcome.output, itself) === whole);
          if (!kept) return broken(`cut ${path} to ${length} of ${bytes.length} bytes`, showOutcome(outcome), REMEDY);
        }
        await writeFile(join(copy.folder, path), bytes);
      }
      return KEPT;
    });
  },
};

const REMEDY =
  "parse the whole file before you use any of it, with parseJson for JSON; for a format of lines, which looks whole wherever it ends, compare with options.expect";

/** Nothing, all but one byte, evenly between, and after each line: where a format of lines still looks whole. */
function cutsOf(bytes: Uint8Array): readonly number[] {
  const all = Array.from({ length: bytes.length }, (_, length) => length);
  const lines = all.filter((length) => length > 0 && bytes[length - 1] === 0x0a);
  return [...new Set([...sample(all, EVEN_CUTS), ...sample(lines, LINE_CUTS)])].sort((left, right) => left - right);
}

function broken(did: string, got: string, remedy: string): LawResult {
  return { status: "broken", did, got, expected: "an error, null, or the whole list", remedy };
}
