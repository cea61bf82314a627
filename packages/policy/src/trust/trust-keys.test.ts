import { isTouchmarkError } from "@touchmark/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keysIn, misspelt, renamed } from "../../test/misspelt.ts";
import { trustDocument } from "./trust-document.ts";

const ISSUER = "https://token.actions.githubusercontent.com";
const WORKFLOW = "github.com/octo/builder/.github/workflows/build.yml";
const window = { from: "2026-09-01", until: "2026-09-30" };
const certified = { ...window, "without-log": true, roots: "roots.json" };
const built = { operator: "Octo", "max-level": 2 };

/** Every key that there is, in every form of an entry. */
const FULL = {
  version: 1,
  trust: [
    {
      name: "workflow",
      signer: { issuer: ISSUER, workflow: WORKFLOW, at: { tags: ">=1.4 <2", commits: ["ab".repeat(20)] } },
      ...{ builder: "same-as-signer", runners: "github-hosted", source: "octo/widgets", ...built, ...certified },
    },
    {
      name: "exact",
      signer: { issuer: ISSUER, identity: "https://github.com/octo/a/.github/workflows/b.yml@refs/tags/v1" },
      ...{ builder: ["https://ci.example.com/v1"], source: "octo/a", ...built, ...certified },
    },
    {
      name: "pattern",
      signer: { issuer: ISSUER, "identity-pattern": String.raw`https://gitlab\.com/octo/.+` },
      ...{ builder: "same-as-signer", source: "https://gitlab.com/octo/b", ...built, ...certified },
    },
    {
      name: "own workflow",
      signer: { issuer: ISSUER, workflow: "any-of-source" },
      ...{ builder: "same-as-signer", source: "octo/own", ...built, ...certified },
    },
    {
      name: "key",
      signer: { key: "keys/a.pub" },
      ...{ builder: "https://ci.example.com/v2", source: "octo/c", roots: "roots.json", ...built, ...window },
    },
    { name: "gcb", signer: { "cloud-build": true }, source: "octo/d", ...built },
    {
      name: "verifier",
      signer: { issuer: "https://accounts.example.com", identity: "verifier@example.com" },
      verifier: {
        ...{ id: "https://v.example.com", levels: ["SLSA_BUILD_LEVEL_2"], resources: ["pkg:npm/*"] },
        "max-age": "8w",
      },
      ...certified,
    },
    { preset: "slsa-github-generator@2026-11" },
  ],
};

const read = (data: unknown) => trustDocument(data, { label: "trust.yaml", digest: "00".repeat(32) });

/** What a file is read as, without its places; the code where it is refused. */
function readOrCode(data: unknown): string {
  try {
    return JSON.stringify(read(data));
  } catch (error) {
    if (isTouchmarkError(error)) return error.code;
    throw error;
  }
}

/** What may be left out. Each makes the entry believe more or less. */
const OPTIONAL = [
  "from",
  "until",
  "without-log",
  "roots",
  "operator",
  "runners",
  "source",
  "max-age",
  "tags",
  "commits",
];

describe("a trust file", () => {
  it("is read whole", () => {
    const { entries, presets } = read(FULL);
    const written = ["workflow", "exact", "pattern", "own workflow", "key", "gcb", "verifier"];
    expect(entries.slice(0, written.length).map(({ name }) => name)).toEqual(written);
    expect(entries.length).toBeGreaterThan(written.length);
    expect(presets).toEqual(["slsa-github-generator@2026-11"]);
  });

  it("has no key that can be misspelt unseen", () => {
    const keys = keysIn(FULL);
    const known = new Set(keys.map((path) => path.at(-1)));
    fc.assert(
      fc.property(
        fc.constantFrom(...keys).chain((path) => fc.tuple(fc.constant(path), misspelt(String(path.at(-1))))),
        ([path, name]) => {
          fc.pre(!known.has(name));
          expect(readOrCode(renamed(FULL, path, name))).toBe("TRUST_INVALID");
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each(keysIn(FULL).map((path) => [path.join("."), path] as const))("reads %s, and misses it", (_shown, path) => {
    const without = readOrCode(renamed(FULL, path, null));
    if (OPTIONAL.includes(String(path.at(-1)))) expect([readOrCode(FULL), "TRUST_INVALID"]).not.toContain(without);
    else expect(without).toBe("TRUST_INVALID");
  });
});
