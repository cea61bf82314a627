import { readFileSync } from "node:fs";
import { satisfies } from "semver";
import { expect, test } from "vitest";
import { parse } from "yaml";

/** The oldest Node that we promise. */
const FLOOR = "20.19.0";

/**
 * Dependencies whose `engines` exclude the floor and which run there all the same: name → why we believe it.
 * What we publish bundles them, so that no user meets the warning.
 */
const allowed: Record<string, string> = {
  "@sigstore/bundle": "plain CommonJS; the tests use it on the floor",
  "@sigstore/core": "plain CommonJS; the tests use it on the floor",
  "@sigstore/tuf": "only its data is read, by tests and by scripts/take-public-good-root.mjs",
  "@sigstore/verify": "plain CommonJS; the tests use it on the floor",
  "@tufjs/models": "version 5, which tuf-js brings; ours is 4",
  "tuf-js": "plain CommonJS; the tests use it on the floor",
};

const lock: { packages: Record<string, { engines?: { node?: string } }> } = parse(
  readFileSync(new URL("../pnpm-lock.yaml", import.meta.url), "utf8"),
);

test("every dependency that excludes the floor is named here, and every name is needed", () => {
  expect(Object.keys(lock.packages).length).toBeGreaterThan(50);
  expect([...excluding(lock)]).toEqual(Object.keys(allowed).sort());
});

test("a dependency for newer Node alone is found", () => {
  const planted = {
    packages: {
      "@a/new@1.0.0": { engines: { node: "^22.22.2 || ^24.15.0 || >=26.0.0" } },
      "both@1.0.0": { engines: { node: "^20.19.0 || >=22.12.0" } },
      "silent@1.0.0": {},
    },
  };
  expect([...excluding(planted)]).toEqual(["@a/new"]);
});

/** @returns names, sorted, each once. */
function excluding({ packages }: typeof lock): Set<string> {
  const entries = Object.entries(packages).filter(([, { engines }]) => !satisfies(FLOOR, engines?.node ?? "*"));
  return new Set(entries.map(([key]) => key.slice(0, key.lastIndexOf("@"))).sort());
}
