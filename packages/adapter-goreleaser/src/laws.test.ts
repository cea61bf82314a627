import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { adapterLaws, type LawCase, shuffleArray } from "@touchmark/testkit";
import type { Files } from "../test/memory-host.ts";
import { smallDist, syntheticDist } from "../test/synthetic-dist.ts";
import { goreleaser } from "./goreleaser.ts";

adapterLaws(goreleaser, [
  {
    name: "one of each kind",
    fixture: (folder) => write(folder, smallDist()),
    options: { dist: "dist" },
    metadata: ["dist/artifacts.json", "dist/metadata.json", "dist/checksums.txt"],
    shuffle: shuffleArray("dist/artifacts.json"),
    undeclared: ["checksums.txt.sig"],
  },
  { ...recorded("v2.16.0-basic"), name: "v2.16.0-basic" },
]);

async function write(folder: string, files: Files): Promise<void> {
  for (const [path, bytes] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
}

/** What GoReleaser recorded, over made-up bytes. */
function recorded(name: string): LawCase {
  const text = (file: string) => readFile(new URL(`../fixtures/${name}/${file}`, import.meta.url), "utf8");
  return {
    fixture: async (folder) =>
      write(
        folder,
        syntheticDist({
          artifacts: await text("artifacts.json"),
          metadata: await text("metadata.json"),
          config: await text("config.yaml"),
          lists: { "checksums.txt": await text("checksums.txt") },
        }),
      ),
    options: { dist: "dist" },
    metadata: ["dist/artifacts.json", "dist/metadata.json", "dist/config.yaml", "dist/checksums.txt"],
    shuffle: shuffleArray("dist/artifacts.json"),
    undeclared: ["checksums.txt.sig"],
  };
}
