// Writes packages/verify/src/npm/npm-registry-keys.ts from the seeds that @sigstore/tuf carries: the keys of npm's registry,
// byte for byte. Run it by hand after a new version of that package: node scripts/take-npm-keys.mjs [SEEDS.json]
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const [seedsFile] = process.argv.slice(2);
const installed = createRequire(new URL("../packages/verify/package.json", import.meta.url));
const seeds = JSON.parse(readFileSync(seedsFile ?? installed.resolve("@sigstore/tuf/seeds.json"), "utf8"));
const encoded = seeds["https://tuf-repo-cdn.sigstore.dev"].targets["registry.npmjs.org%2Fkeys.json"];
const text = Buffer.from(encoded, "base64").toString("utf8");
const digest = createHash("sha256").update(text).digest("hex");
const target = new URL("../packages/verify/src/npm/npm-registry-keys.ts", import.meta.url);
writeFileSync(
  target,
  `/**
 * Written by scripts/take-npm-keys.mjs; do not edit.
 *
 * The keys of npm's registry, byte for byte: the target registry.npmjs.org/keys.json in the TUF repository
 * https://tuf-repo-cdn.sigstore.dev, as the npm package @sigstore/tuf carries it in seeds.json. Apache-2.0.
 * SHA-256: ${digest}
 */
export const NPM_REGISTRY_KEYS = ${JSON.stringify(text)};
`,
);
console.log(`wrote ${target.pathname}: sha256:${digest}`);
