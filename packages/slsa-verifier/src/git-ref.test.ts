import { expect, it } from "vitest";
import { reasonOf } from "../test/reason.ts";
import { branchOf, gitUri, splitGitUri, splitRef, tagOf } from "./git-ref.ts";

it.each([
  ["github.com/octo/widgets", "git+https://github.com/octo/widgets"],
  ["https://github.com/octo/widgets", "git+https://github.com/octo/widgets"],
  ["git+https://github.com/octo/widgets", "git+https://github.com/octo/widgets"],
  ["ssh://git@github.com/octo/widgets", "git+ssh://git@github.com/octo/widgets"],
])("%s is %s", (text, uri) => {
  expect(gitUri(text)).toBe(uri);
});

it("the ref of a URI is what follows the first @", () => {
  expect(splitGitUri("git+https://github.com/o/w@refs/tags/a@b")).toEqual({
    uri: "git+https://github.com/o/w",
    ref: "refs/tags/a@b",
  });
  expect(splitGitUri("git+https://github.com/o/w")).toEqual({ uri: "git+https://github.com/o/w", ref: "" });
  expect(reasonOf(() => splitGitUri("https://github.com/o/w"))).toBe("ErrorMalformedURI");
});

it("a ref has a kind and a name, which may have slashes", () => {
  expect(splitRef("refs/heads/feature/x")).toEqual({ kind: "heads", name: "feature/x" });
  expect(splitRef("main")).toEqual({ kind: "", name: "main" });
  expect(splitRef("refs/heads")).toEqual({ kind: "", name: "refs/heads" });
});

it.each([
  [tagOf, "refs/tags/v1", "passed"],
  [tagOf, "refs/heads/v1", "ErrorInvalidRef"],
  [tagOf, "refs/tags/", "ErrorInvalidRef"],
  [tagOf, "v1", "ErrorInvalidRef"],
  [tagOf, "", "ErrorInvalidRef"],
  [branchOf, "refs/heads/main", "passed"],
  [branchOf, "refs/tags/main", "ErrorInvalidRef"],
  [branchOf, "refs/pull/1/merge", "ErrorInvalidRef"],
])("%o of %j: %s", (read, ref, expected) => {
  expect(reasonOf(() => read(ref))).toBe(expected);
});
