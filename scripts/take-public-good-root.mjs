// Writes packages/verify/src/roots/public-good.ts from the seeds that @sigstore/tuf carries: the public-good instance's
// trusted_root.json, byte for byte. Run it by hand after a new version of that package, with the day it was published:
//   node scripts/take-public-good-root.mjs 2026-11-05T00:19:12Z [SEEDS.json]
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const [date, seedsFile] = process.argv.slice(2);
if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(date ?? "")) throw new Error("which day? such as 2026-11-05T00:19:12Z");

const target = new URL("../packages/verify/src/roots/public-good.ts", import.meta.url);
const text = publicGoodRoot(seedsFile);
const digest = createHash("sha256").update(text).digest("hex");
writeFileSync(
  target,
  `/**
 * Written by scripts/take-public-good-root.mjs; do not edit.
 *
 * The trusted_root.json of Sigstore's public-good instance, byte for byte: the target of that name in the TUF repository
 * https://tuf-repo-cdn.sigstore.dev, as the npm package @sigstore/tuf carries it in seeds.json. Apache-2.0.
 * SHA-256: ${digest}
 */
export const PUBLIC_GOOD_ROOT = ${JSON.stringify(text)};

/** When the newest version of @sigstore/tuf was published that carries these roots. RFC 3339, UTC. */
export const PUBLIC_GOOD_DATE = "${date}";
`,
);
console.log(`wrote ${target.pathname}: sha256:${digest}`);

/** @param file - seeds.json; the installed one when absent. */
function publicGoodRoot(file) {
  const installed = createRequire(new URL("../packages/verify/package.json", import.meta.url));
  const path = file ?? installed.resolve("@sigstore/tuf/seeds.json");
  const seeds = JSON.parse(readFileSync(path, "utf8"));
  const encoded = seeds["https://tuf-repo-cdn.sigstore.dev"].targets["trusted_root.json"];
  return Buffer.from(encoded, "base64").toString("utf8");
}
