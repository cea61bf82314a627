import { cp, symlink } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Adapter } from "@touchmark/plugin";
import { adapterLaws, shuffleArray } from "@touchmark/testkit";
import { nix } from "./nix.ts";

const GREET = fileURLToPath(new URL("../fixtures/greet", import.meta.url));
const FLAKE_LOCK = fileURLToPath(new URL("../fixtures/flake/flake.lock", import.meta.url));

const OUT = "1ggshvppq6b5hx1xmp22k8q5lp1caf9w-greet-1.0.0";
const DEV = "kg2kl05h2c2359w0ykkgmn82pbm37jm4-greet-1.0.0-dev";
const DOC = "hkhqfxgir7hghpa772anj9k6pyb2sjyj-greet-1.0.0-doc";
const LIST = "j4i7ga0z0glyz67qrdshnjj9h3h8cjmq-greet-list.txt";
const CA = "0ifh0ickspjnxzr422y8yp3dzjpc1yw4-greet-ca";

/** `nix hash path --type sha256 --base16` of Nix 2.8.0, and sha256sum. */
const SUBJECTS = {
  [OUT]: "narSha256:4d92f34bf2f75b3b7227236e47eb1793bb6e9b4b40f9ada2f140eeaf63c7a72c",
  [DEV]: "narSha256:eb7801d33b5ca9ea6182cacad83fac28865cc225533f105e2a12686e719a6fd0",
  [DOC]: "narSha256:663ace3cbddb8d29c6dc94f91420fee121dc207d29de952882ae6248e8a639ff",
  [LIST]: "sha256:4a1e67f2fe1d1cc7b31d0ca2ec441da4778203a036a77da10344c85e24ff0f92",
  [CA]: "sha256:314a01b67979d4ecc6667666046246e726d9848903e33d0e63fab1165aea9d94",
};

/** Of a folder, one of its files stands for all. */
const ARTIFACTS = {
  [OUT]: `store/${OUT}/bin/greet`,
  [DEV]: `store/${DEV}/include/greet.h`,
  [DOC]: `store/${DOC}/share/doc.txt`,
  [LIST]: `store/${LIST}`,
  [CA]: `store/${CA}`,
};

const DERIVATION = "store/237nmr226pzppyb4ja2blnigsid8zpla-greet-1.0.0.drv";

async function withLinks(folder: string): Promise<void> {
  await cp(GREET, folder, { recursive: true, verbatimSymlinks: true });
  await cp(FLAKE_LOCK, join(folder, "flake.lock"));
  // Relative, since the store is a copy; nix-build writes /nix/store.
  for (const [link, base] of [
    ["result", OUT],
    ["result-dev", DEV],
    ["result-doc", DOC],
    ["result-2", LIST],
  ] as const) {
    await symlink(join("store", base), join(folder, link));
  }
}

adapterLaws(nix as Adapter, [
  {
    name: "nix build --json, with what the store recorded",
    fixture: "fixtures/greet",
    options: { path: "build.json", store: "store", pathInfo: "path-info.json" },
    subjects: SUBJECTS,
    artifacts: ARTIFACTS,
    metadata: ["build.json", "path-info.json", DERIVATION],
    shuffle: async (folder, order) => {
      await shuffleArray("build.json")(folder, order);
      await shuffleArray("path-info.json")(folder, order);
    },
    absent: "INPUT_MISSING",
  },
  {
    // Without a recorded hash only what is a file, and so found by its bytes, can be missed.
    name: "nix build --json alone",
    fixture: "fixtures/greet",
    options: { path: "build.json", store: "store" },
    subjects: SUBJECTS,
    metadata: ["build.json", DERIVATION],
    shuffle: shuffleArray("build.json"),
    absent: "INPUT_MISSING",
    undeclared: "all",
  },
  {
    name: "a narinfo file",
    fixture: "fixtures/greet",
    options: { path: "outputs.narinfo", store: "store", expect: 4 },
    artifacts: ARTIFACTS,
    metadata: ["outputs.narinfo"],
    absent: "INPUT_MISSING",
  },
  {
    name: "result links",
    fixture: withLinks,
    options: { store: "store", pathInfo: "path-info.json" },
    subjects: { [OUT]: SUBJECTS[OUT], [DEV]: SUBJECTS[DEV], [DOC]: SUBJECTS[DOC], [LIST]: SUBJECTS[LIST] },
    artifacts: ARTIFACTS,
    metadata: ["path-info.json", "flake.lock"],
    shuffle: shuffleArray("path-info.json"),
  },
  {
    name: "a tree with its files",
    fixture: withLinks,
    options: {
      path: `store/${DOC}`,
      store: "none",
      files: true,
      expect: [DOC, `${DOC}/share/doc.txt`, `${DOC}/share/doc/tables.txt`],
    },
    artifacts: { [DOC]: `store/${DOC}/share/doc.txt` },
    metadata: [`flake.lock`],
    absent: "INPUT_MISSING",
    undeclared: "all",
  },
]);
