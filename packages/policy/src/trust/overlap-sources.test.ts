import { expect, it } from "vitest";
import { commonSource, repositoryOf, sourcesMeet } from "./overlap-sources.ts";

const URL = "https://github.com/octo/widgets";

it.each<[string | null, string | null, boolean, string | null | undefined]>([
  [null, null, true, null],
  ["octo/widgets", null, true, "octo/widgets"],
  [null, "octo/widgets", true, "octo/widgets"],
  [`${URL}.git@refs/tags/v1`, `${URL}@refs/tags/v1`, true, `${URL}.git@refs/tags/v1`],
  ["octo/widgets", URL, true, URL],
  ["octo/widgets", `${URL}@refs/tags/v1`, true, `${URL}@refs/tags/v1`],
  [`${URL}@refs/tags/v1`, "octo/widgets", true, `${URL}@refs/tags/v1`],
  [`${URL}@refs/tags/v1`, "octo/widgets@refs/tags/v1", true, `${URL}@refs/tags/v1`],
  [`${URL}@refs/tags/v1`, "octo/widgets@refs/tags/v2", false, undefined],
  ["octo/widgets", "octo/widget", false, undefined],
  ["octo/widgets", "https://gitlab.com/octo/widgets", false, undefined],
  ["https://gitlab.com/a/b/c", "a/b/c", false, undefined],
])("of %s and %s a source satisfies both: %s", (left, right, meet, common) => {
  expect(sourcesMeet({ source: left }, { source: right })).toBe(meet);
  expect(sourcesMeet({ source: right }, { source: left })).toBe(meet);
  expect(commonSource(left, right)).toBe(common);
});

it.each([
  ["octo/widgets", "github.com/octo/widgets"],
  ["o-c.t_o/w@refs/heads/a@b", "github.com/o-c.t_o/w"],
  [`${URL}.git@refs/tags/v1`, "github.com/octo/widgets"],
])("the repository of %s is %s", (source, repository) => {
  expect(repositoryOf(source)).toBe(repository);
});
