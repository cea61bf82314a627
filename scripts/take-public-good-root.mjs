// Writes packages/verify/src/roots/public-good.ts and packages/roots-tuf/src/public-good.ts from the seeds that @sigstore/tuf
// carries: the public-good instance's trusted_root.json, and the root of the TUF repository that it is from, byte for byte. Run
// it by hand after a new version of that package, with the day it was published:
//   node scripts/take-public-good-root.mjs 2026-11-05T00:19:12Z [SEEDS.json]
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const MIRROR = "https://tuf-repo-cdn.sigstore.dev";

const [date, seedsFile] = process.argv.slice(2);
if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(date ?? "")) throw new Error("which day? such as 2026-11-05T00:19:12Z");

const seeds = seedsIn(seedsFile);
const text = decoded(seeds.targets["trusted_root.json"]);
write(
  "../packages/verify/src/roots/public-good.ts",
  `/**
 * Written by scripts/take-public-good-root.mjs; do not edit.
 *
 * The trusted_root.json of Sigstore's public-good instance, byte for byte: the target of that name in the TUF repository
 * ${MIRROR}, as the npm package @sigstore/tuf carries it in seeds.json. Apache-2.0.
 * SHA-256: ${sha256(text)}
 */
export const PUBLIC_GOOD_ROOT = ${JSON.stringify(text)};

/** When the newest version of @sigstore/tuf was published that carries these roots. RFC 3339, UTC. */
export const PUBLIC_GOOD_DATE = "${date}";
`,
);

const tufRoot = decoded(seeds["root.json"]);
write(
  "../packages/roots-tuf/src/public-good.ts",
  `/** Sigstore's public-good TUF repository. */
export const PUBLIC_GOOD_MIRROR = "${MIRROR}";

/**
 * Written by scripts/take-public-good-root.mjs; do not edit.
 *
 * Version ${JSON.parse(tufRoot).signed.version} of its root.json, byte for byte, as the npm package @sigstore/tuf carries it in seeds.json. Apache-2.0. From
 * here on each newer root is signed by those whom the one before names.
 * SHA-256: ${sha256(tufRoot)}
 */
export const PUBLIC_GOOD_TUF_ROOT = ${JSON.stringify(tufRoot)};
`,
);

/** @param file - seeds.json; the installed one when absent. */
function seedsIn(file) {
  const installed = createRequire(new URL("../packages/verify/package.json", import.meta.url));
  return JSON.parse(readFileSync(file ?? installed.resolve("@sigstore/tuf/seeds.json"), "utf8"))[MIRROR];
}

function decoded(base64) {
  return Buffer.from(base64, "base64").toString("utf8");
}

function sha256(content) {
  return createHash("sha256").update(content).digest("hex");
}

function write(path, source) {
  const target = new URL(path, import.meta.url);
  writeFileSync(target, source);
  console.log(`wrote ${target.pathname}`);
}
