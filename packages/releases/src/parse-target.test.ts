import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseReleaseTarget } from "./parse-target.ts";
import { askedRelease, packageOf, releaseText } from "./release-target.ts";

describe("a target", () => {
  it.each([
    ["gh:octo/tool@v1.0.0", "gh:octo/tool@v1.0.0"],
    ["gh:octo/tool@pkg/v1.0.0", "gh:octo/tool@pkg/v1.0.0"],
    ["gh:octo/tool@pkg@1.0.0", "gh:octo/tool@pkg@1.0.0"],
    ["gl:octo/deep/tool@v1", "gl:octo/deep/tool@v1"],
    ["gl:https://git.example.com/octo/tool@v1", "gl:https://git.example.com/octo/tool@v1"],
    ["gl:https://git.example.com:8443/octo/tool@v1", "gl:https://git.example.com:8443/octo/tool@v1"],
    ["npm:pad@1.0.0", "npm:pad@1.0.0"],
    ["npm:@octo/pad@1.0.0-rc.1", "npm:@octo/pad@1.0.0-rc.1"],
    ["pypi:octo-pad@1.0.0", "pypi:octo-pad@1.0.0"],
    ["pypi:octo-pad@1.0.0#octo_pad-1.0.0.tar.gz", "pypi:octo-pad@1.0.0#octo_pad-1.0.0.tar.gz"],
    ["https://github.com/octo/tool/releases/tag/v1.0.0", "gh:octo/tool@v1.0.0"],
    ["https://github.com/octo/tool/releases/tag/pkg%401.0.0?expanded=true#top", "gh:octo/tool@pkg@1.0.0"],
    ["https://github.com/octo/tool/releases/tag/pkg%2Fv1", "gh:octo/tool@pkg/v1"],
    ["https://gitlab.com/octo/deep/tool/-/releases/v1", "gl:octo/deep/tool@v1"],
    ["https://git.example.com/octo/tool/-/releases/v1", "gl:https://git.example.com/octo/tool@v1"],
    ["https://www.npmjs.com/package/pad/v/1.0.0", "npm:pad@1.0.0"],
    ["https://www.npmjs.com/package/@octo/pad/v/1.0.0", "npm:@octo/pad@1.0.0"],
    ["https://pypi.org/project/octo-pad/1.0.0/", "pypi:octo-pad@1.0.0"],
  ])("%s is read", (text, name) => {
    expect(releaseText(parseReleaseTarget(text))).toBe(name);
  });

  it.each([
    ["gh:octo@v1", "INPUT_INVALID"],
    ["gh:octo/tool", "INPUT_INVALID"],
    ["gh:octo/tool@", "INPUT_INVALID"],
    ["gh:octo/..@v1", "INPUT_INVALID"],
    ["gh:octo/tool@../../x", "INPUT_INVALID"],
    ["gh:octo/tool@v1\n", "INPUT_INVALID"],
    ["gh:octo/tool@a b", "INPUT_INVALID"],
    ["gh:octo/tool@-v1", "INPUT_INVALID"],
    ["gl:tool@v1", "INPUT_INVALID"],
    ["gl:octo/../tool@v1", "INPUT_INVALID"],
    ["gl:https://user:secret@git.example.com/octo/tool@v1", "INPUT_INVALID"],
    ["npm:pad", "INPUT_INVALID"],
    ["npm:pad@^1", "INPUT_INVALID"],
    ["npm:pad@v1.0.0", "INPUT_INVALID"],
    ["npm:pad@latest", "TAG_UNPINNED"],
    ["npm:../pad@1.0.0", "INPUT_INVALID"],
    ["pypi:pad", "INPUT_INVALID"],
    ["pypi:pad@", "INPUT_INVALID"],
    ["pypi:pad@1.0#", "INPUT_INVALID"],
    ["pypi:p/ad@1.0", "INPUT_INVALID"],
    ["https://github.com/octo/tool/releases/latest", "TAG_UNPINNED"],
    ["https://github.com/octo/tool", "INPUT_INVALID"],
    ["https://www.npmjs.com/package/pad", "TAG_UNPINNED"],
    ["https://pypi.org/project/pad/", "TAG_UNPINNED"],
    ["https://example.com/tool.tgz", "INPUT_INVALID"],
    ["http://github.com/octo/tool/releases/tag/v1", "INPUT_INVALID"],
    ["https://github.com/octo/tool/releases/tag/%E0", "INPUT_INVALID"],
    [`gh:octo/tool@${"v".repeat(2_000)}`, "INPUT_INVALID"],
  ])("%s is refused", (text, code) => {
    expect(() => parseReleaseTarget(text)).toThrow(expect.objectContaining({ code }));
  });

  it("with userinfo is refused, and nothing of it is said", () => {
    for (const text of [
      "https://user:hush@github.com/octo/tool/releases/tag/v1",
      "gl:https://user:hush@git.example.com/octo/tool@v1",
    ]) {
      try {
        parseReleaseTarget(text);
        expect.unreachable();
      } catch (error) {
        expect(JSON.stringify(error) + String(error)).not.toContain("hush");
      }
    }
  });

  it("is called so that it is read as the same again", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("gh:a/b@", "gl:a/b@", "npm:a@", "pypi:a@", ""),
        fc.string({ maxLength: 40 }),
        (start, end) => {
          let name: string;
          try {
            name = releaseText(parseReleaseTarget(start + end));
          } catch (error) {
            expect((error as { code: string }).code).toMatch(/^(?:INPUT_INVALID|TAG_UNPINNED)$/);
            return;
          }
          expect(releaseText(parseReleaseTarget(name))).toBe(name);
        },
      ),
    );
  });
});

it("of a registry stands for one package", () => {
  expect(packageOf(parseReleaseTarget("npm:@octo/pad@1.0.0"))).toBe("pkg:npm/%40octo/pad@1.0.0");
  expect(packageOf(parseReleaseTarget("pypi:Octo_Pad@1.0.0"))).toBe("pkg:pypi/octo-pad@1.0.0");
  expect(packageOf(parseReleaseTarget("gh:octo/tool@v1"))).toBeNull();
});

it("names the repository and the tag that the files of a release are asked for by", () => {
  const asked = (text: string) => askedRelease(parseReleaseTarget(text));
  expect(asked("gh:octo/tool@cli/v1")).toEqual({ repository: "octo/tool", tag: "cli/v1" });
  expect(asked("gl:https://git.example/a/b/c@v1")).toEqual({ repository: "a/b/c", tag: "v1" });
  expect([asked("npm:pad@1.0.0"), asked("pypi:pad@1.0.0")]).toEqual([null, null]);
});
