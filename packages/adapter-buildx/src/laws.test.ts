import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { adapterLaws, type LawCase, type Order, shuffleArray, shuffleLines } from "@touchmark/testkit";
import { buildx } from "./buildx.ts";

const GREET = "sha256:22773817e4c3a99471e02a34393cb7639b3c8e0c2c780a87d5ad87da8df23a91";
const AMD64 = "sha256:71aa18d4b2a6daac7c78eb9d8c220652ca17882cf42cb6549b4e70d68e24ecbb";
const ARM64 = "sha256:2516c063f9484235084eb8abfe70be5bda24fda888e591027998b6b08abc02a0";

const greet = {
  "ghcr.io/octo/greet": GREET,
  [purl("greet", AMD64, "linux%2Famd64", "ghcr.io%2Focto%2Fgreet")]: AMD64,
  [purl("greet", ARM64, "linux%2Farm64", "ghcr.io%2Focto%2Fgreet")]: ARM64,
};

/** Written out: not by the code that the laws judge. */
function purl(name: string, digest: string, platform: string, repository: string): string {
  return `pkg:oci/${name}@${digest.replace(":", "%3A")}?platform=${platform}&repository_url=${repository}`;
}

const twoPlatforms: LawCase = {
  name: "metadata of two platforms, beside a layout",
  fixture: "fixtures/two-platforms",
  options: { metadata: "metadata.json", layout: "layout" },
  metadata: ["metadata.json"],
  subjects: greet,
  absent: "INPUT_MISSING",
};

adapterLaws(buildx, [
  twoPlatforms,
  {
    ...twoPlatforms,
    name: "a layout alone",
    options: { layout: "layout" },
    metadata: ["layout/index.json"],
    shuffle: shuffleArray("layout/index.json", "manifests"),
  },
  {
    name: "bake, with all its images in one layout",
    fixture: "fixtures/bake",
    options: { metadata: "metadata.json", layout: "layout", only: ["app", "docs"] },
    metadata: ["metadata.json"],
    shuffle: shuffleTargets,
    absent: "INPUT_MISSING",
  },
  {
    name: "a list of references, with what to expect",
    fixture: async (folder) => {
      await cp(fileURLToPath(new URL("../fixtures/two-platforms", import.meta.url)), folder, { recursive: true });
      const lines = [GREET, AMD64, ARM64].map((digest) => `ghcr.io/octo/greet@${digest}\n`);
      await writeFile(join(folder, "images.txt"), lines.join(""));
    },
    options: {
      metadata: "images.txt",
      layout: "layout",
      expect: ["ghcr.io/octo/greet"],
      platforms: ["linux/amd64", "linux/arm64"],
    },
    metadata: ["images.txt"],
    shuffle: shuffleLines("images.txt"),
    subjects: greet,
    absent: "INPUT_MISSING",
  },
]);

async function shuffleTargets(folder: string, order: Order): Promise<void> {
  const path = join(folder, "metadata.json");
  const targets = Object.entries(JSON.parse(await readFile(path, "utf8")) as object);
  await writeFile(path, JSON.stringify(Object.fromEntries(order(targets))));
}
