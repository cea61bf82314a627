import { GITHUB_ISSUER } from "@touchmark/core";
import { describe, expect, it } from "vitest";
import { sourceExpectation } from "./source-expectation.ts";

describe("a source", () => {
  it.each([
    ["octo/widgets", "https://github.com/octo/widgets", null],
    ["octo/widgets@refs/tags/v1", "https://github.com/octo/widgets", "refs/tags/v1"],
    ["https://gitlab.example/a/b/c", "https://gitlab.example/a/b/c", null],
    ["https://gitlab.example:8443/group/tools", "https://gitlab.example:8443/group/tools", null],
    ["https://gitlab.example/a@refs/heads/x@y", "https://gitlab.example/a", "refs/heads/x@y"],
  ])("%s", (text, repository, ref) => {
    expect(sourceExpectation(text, GITHUB_ISSUER)).toEqual({ repository, ref });
  });

  it.each([
    "octo",
    "octo/widgets/more",
    "octo/widgets@v1",
    "octo/widgets@xrefs/tags/v1",
    "octo/widgets@",
    "octo/widgets@refs/",
    "http://gitlab.example/a",
    "xhttps://gitlab.example/a",
    "https://gitlab.example",
    "https://gitlab.example:port/a",
    "https://gitlab.example/a?b",
    "https://user@gitlab.example/a",
    "https://gitlab.example/a.git",
    "",
    "octo/wid gets",
  ])("is not %j", (text) => {
    expect(() => sourceExpectation(text, GITHUB_ISSUER)).toThrow(expect.objectContaining({ code: "USAGE" }));
  });

  it("names no host by its owner alone where the issuer is not GitHub's", () => {
    expect(() => sourceExpectation("octo/widgets", "https://gitlab.example")).toThrow(
      expect.objectContaining({ code: "USAGE" }),
    );
  });
});
