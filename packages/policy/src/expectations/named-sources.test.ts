import { expect, it } from "vitest";
import { namedSources } from "./named-sources.ts";

const of = (repository: string, repositoryId: string | null = null, ownerId: string | null = null) => ({
  repository,
  repositoryId,
  ownerId,
});

it("a source is expected where some rule takes it", () => {
  const expects = namedSources([
    {},
    { source: "github.com/octo/a" },
    { source: "https://github.com/octo/b", "source-id": "7" },
    { source: "github.com/octo/c", "owner-id": "9" },
  ]);
  expect(expects(of("https://github.com/octo/a", "1", "2"))).toBe(true);
  expect(expects(of("https://github.com/octo/a.git"))).toBe(true);
  expect(expects(of("https://github.com/octo/aa"))).toBe(false);
  expect(expects(of("https://gitlab.com/octo/a"))).toBe(false);
  // By the id alone, whatever it is called now; and never by the name of one that has another.
  expect(expects(of("https://github.com/octo/renamed", "7"))).toBe(true);
  expect(expects(of("https://github.com/octo/b", "8"))).toBe(false);
  expect(expects(of("https://github.com/octo/b"))).toBe(false);
  expect(expects(of("https://evil.example/octo/b", "7"))).toBe(false);
  expect(expects(of("https://github.com/octo/c", null, "9"))).toBe(true);
  expect(expects(of("https://github.com/octo/c", null, "8"))).toBe(false);
});

it("one source may stand in several rules, each with its owner", () => {
  for (const owners of [
    ["8", "9"],
    ["9", "8"],
  ]) {
    const expects = namedSources(owners.map((owner) => ({ source: "github.com/octo/c", "owner-id": owner })));
    for (const owner of owners) expect(expects(of("https://github.com/octo/c", null, owner))).toBe(true);
    expect(expects(of("https://github.com/octo/c", null, "7"))).toBe(false);
  }
});

it("none is where no rule names one", () => {
  expect(namedSources([{}])(of("https://github.com/octo/a"))).toBe(false);
});
