import { describe, expect, it } from "vitest";
import type { CoveringStatement } from "../artifact.ts";
import { releaseRollback, releasesIn, withReleases } from "./seen-releases.ts";

const REPOSITORY = "https://github.com/octo/widgets";
const of = (ref: string | null, source: string | null = REPOSITORY) => ({ source, ref }) as CoveringStatement;
const tag = (name: string, source: string | null = REPOSITORY) => of(`refs/tags/${name}`, source);
const seen = { [REPOSITORY]: { "": "1.2.0", "cli@": "3.0.0" } };
const code = (...statements: readonly CoveringStatement[]) => releaseRollback("tool", statements, seen)?.code ?? null;

describe("an artifact", () => {
  it("of a lower version is a rollback, and both versions are said", () => {
    expect(releaseRollback("tool", [tag("v1.1.9")], seen)).toMatchObject({
      code: "ROLLBACK",
      message: "tool is of an older release than one that was verified before",
      expected: "https://github.com/octo/widgets 1.2.0 or newer",
      actual: "1.1.9",
    });
  });

  it.each([
    ["of a pre-release of the seen version", tag("v1.2.0-rc.1"), "ROLLBACK"],
    ["of the same version", tag("v1.2.0"), null],
    ["of the same version with other build metadata", tag("v1.2.0+b"), null],
    ["of a higher version", tag("v1.10.0"), null],
    ["of a series by itself", tag("cli@2.9.9"), "ROLLBACK"],
    ["of a series that was not seen", tag("lib@0.1.0"), null],
    ["of the repository in other words", tag("v1.1.9", "git+https://GitHub.com/octo/widgets.git"), "ROLLBACK"],
    ["of another repository", tag("v0.1.0", "https://github.com/octo/widgets-evil"), null],
    ["without a tag", of("refs/heads/main"), null],
    ["without a ref", of(null), null],
    ["without a source", tag("v0.1.0", null), null],
    ["of a source that is a word of JavaScript", tag("v0.1.0", "constructor"), null],
  ])("%s", (_, statement, expected) => {
    expect(code(statement)).toBe(expected);
  });

  it("that two releases share is as new as the newer one", () => {
    expect(code(tag("v1.1.0"), tag("v1.2.0"))).toBeNull();
    expect(code(tag("v1.1.0"), tag("v1.1.5"))).toBe("ROLLBACK");
  });
});

it("is compared with the highest of all ways to write the repository", () => {
  const twice = { "https://github.com/octo/widgets.git": { "": "1.3.0" }, ...seen };
  expect(releaseRollback("tool", [tag("v1.2.9")], twice)?.code).toBe("ROLLBACK");
  expect(releaseRollback("tool", [tag("v1.3.0")], twice)).toBeNull();
});

describe("what was seen", () => {
  it("is the highest version of each series", () => {
    expect(releasesIn([tag("v1.0.0"), tag("v1.10.0"), tag("v1.9.0"), tag("cli@0.1.0"), of(null)])).toEqual({
      [REPOSITORY]: { "": "1.10.0", "cli@": "0.1.0" },
    });
    expect(releasesIn([tag("v1.0.0", "__proto__"), tag("v1.0.0", "constructor")])).toEqual({});
  });

  it("is one of two versions that differ in build metadata alone, whichever comes first", () => {
    for (const tags of [
      ["v1.0.0+a", "v1.0.0+b", "v1.0.0"],
      ["v1.0.0", "v1.0.0+b", "v1.0.0+a"],
    ]) {
      expect(releasesIn(tags.map((name) => tag(name)))).toEqual({ [REPOSITORY]: { "": "1.0.0+b" } });
    }
    const [a, b] = ["1.0.0+a", "1.0.0+b"].map((version) => ({ [REPOSITORY]: { "": version } }));
    expect(withReleases(a ?? {}, b ?? {})).toEqual(b);
    expect(withReleases(b ?? {}, a ?? {})).toEqual(b);
  });

  it("only moves forward, whichever comes first", () => {
    const more = {
      [REPOSITORY]: { "": "1.1.0", "cli@": "3.1.0", "lib@": "0.1.0" },
      "https://x.example/y": { "": "1.0.0" },
    };
    const both = {
      [REPOSITORY]: { "": "1.2.0", "cli@": "3.1.0", "lib@": "0.1.0" },
      "https://x.example/y": { "": "1.0.0" },
    };
    expect(withReleases(seen, more)).toEqual(both);
    expect(withReleases(more, seen)).toEqual(both);
  });
});
