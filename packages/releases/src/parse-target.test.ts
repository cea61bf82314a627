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
    ["https://npmjs.com/package/%40octo%2Fpad/v/1.0.0/", "npm:@octo/pad@1.0.0"],
    ["http://git.example.com/octo/tool/-/releases/a/b", "gl:http://git.example.com/octo/tool@a/b"],
    ["https://gitlab.com:8443/octo/tool/-/releases/v1", "gl:https://gitlab.com:8443/octo/tool@v1"],
    ["gl:http://[::1]:80/octo/tool@v1", "gl:http://[::1]/octo/tool@v1"],
    [`gh:${"o".repeat(100)}/t@v1`, `gh:${"o".repeat(100)}/t@v1`],
    [`gh:o_-/${"t".repeat(255)}@v1`, `gh:o_-/${"t".repeat(255)}@v1`],
    [`gh:octo/tool@${"v".repeat(255)}`, `gh:octo/tool@${"v".repeat(255)}`],
    ["gh:octo/.github@v1.lock.2", "gh:octo/.github@v1.lock.2"],
    ["gh:octo/tool@a.b/c-@d", "gh:octo/tool@a.b/c-@d"],
    ["npm:@octo/pad@10.0.0", "npm:@octo/pad@10.0.0"],
    ["npm:a@1.0.0", "npm:a@1.0.0"],
    [`gl:${"a/".repeat(997)}b@v`, `gl:${"a/".repeat(997)}b@v`],
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
    ["pypi:pad@1.0@2.0", "INPUT_INVALID"],
    ["pypi:x#pad@1.0", "INPUT_INVALID"],
    ["pypi:pad@1.0@#f", "INPUT_INVALID"],
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

  it.each([
    "gh:octo/tool@.v1",
    "gh:octo/tool@a/.b",
    "gh:octo/tool@a//b",
    "gh:octo/tool@/a",
    "gh:octo/tool@a/",
    "gh:octo/tool@a.",
    "gh:octo/tool@a..b",
    "gh:octo/tool@a@{b",
    "gh:octo/tool@a.lock",
    "gh:octo/tool@a.lock/b",
    "gh:octo/tool@a~b",
    "gh:octo/tool@a^b",
    "gh:octo/tool@a:b",
    "gh:octo/tool@a?b",
    "gh:octo/tool@a*b",
    "gh:octo/tool@a[b",
    "gh:octo/tool@a\\b",
    "gh:octo/tool@a\u202eb",
    "gh:octo/tool@a\u2028b",
    "gh:octo/tool@a\ud800",
    `gh:octo/tool@${"v".repeat(256)}`,
  ])("%j names no tag", (text) => {
    expect(() => parseReleaseTarget(text)).toThrow(
      expect.objectContaining({ code: "INPUT_INVALID", expected: "the name of a tag" }),
    );
  });

  const FORMS =
    "gh:OWNER/REPO@TAG, gl:GROUP/PROJECT@TAG, npm:NAME@VERSION, pypi:NAME@VERSION, or the address of a release's page on GitHub, GitLab, npmjs.com or pypi.org";
  const GITHUB = "gh:OWNER/REPO@TAG";
  const GITLAB = "gl:GROUP/PROJECT@TAG or gl:https://HOST/GROUP/PROJECT@TAG";
  const NPM_PAGE = "https://www.npmjs.com/package/NAME/v/VERSION";
  const PAGE = "https://github.com/OWNER/REPO/releases/tag/TAG";

  it.each<[string, string, string]>([
    [`gh:octo/tool@${"v".repeat(2_000)}`, "a target of at most 2,000 characters", "2013"],
    ["gh:octo/tool@", "a tag after @", "none"],
    ["gl:octo/tool@", "a tag after @", "none"],
    [`gh:octo/tool@${"~".repeat(200)}`, "the name of a tag", JSON.stringify("~".repeat(100))],
    ["gh:-octo/tool@v1", GITHUB, "another form"],
    ["gh:x octo/tool@v1", GITHUB, "another form"],
    ["gh:octo /tool@v1", GITHUB, "another form"],
    [`gh:${"o".repeat(101)}/tool@v1`, GITHUB, "another form"],
    [`gh:octo/${"t".repeat(256)}@v1`, GITHUB, "another form"],
    ["gh:octo/.@v1", GITHUB, "another form"],
    ["gh:octo/a b@v1", GITHUB, "another form"],
    ["gh:octo/tool/x@v1", GITHUB, "another form"],
    ["gl:octo//tool@v1", GITLAB, "another form"],
    ["gl:tool@v1", GITLAB, "another form"],
    ["gl:x https://x/octo/tool@v1", GITLAB, "another form"],
    ["gl:https:///octo/tool@v1", "gl:https://HOST/GROUP/PROJECT@TAG", "an address that names no host in this way"],
    ["gl:https://a b/octo/tool@v1", "gl:https://HOST/GROUP/PROJECT@TAG", "an address that names no host in this way"],
    [
      "gl:https://a:99999/octo/tool@v1",
      "gl:https://HOST/GROUP/PROJECT@TAG",
      "an address that names no host in this way",
    ],
    ["npm:pad", "npm:NAME@VERSION", "no version"],
    ["npm:@octo/pad", "npm:NAME@VERSION", "no version"],
    ["npm:pad@latest", "npm:NAME@VERSION", "the tag latest"],
    ["npm:pad@v1.0.0", "a version such as 1.2.3", '"v1.0.0"'],
    ["pypi:pad@", "pypi:NAME@VERSION or pypi:NAME@VERSION#FILE", "no version"],
    ["pypi:pad@1.0#", "pypi:NAME@VERSION#FILE", "no file after #"],
    ["pypi:p/ad@1.0", "pypi:NAME@VERSION", "a name or a version that PyPI would not take"],
    ["tool.tgz", FORMS, "another address"],
    ["ftp://github.com/octo/tool/releases/tag/v1", FORMS, "another address"],
    ["https://github.com/octo/tool/releases/tag/%E0", FORMS, "an address that is not encoded well"],
    ["https://github.com.evil.example/octo/tool/releases/tag/v1", FORMS, "a page of github.com.evil.example"],
    ["https://u@github.com/octo/tool/releases/tag/v1", "an address without userinfo", "one with it"],
    ["https://:p@github.com/octo/tool/releases/tag/v1", "an address without userinfo", "one with it"],
    ["http://github.com/octo/tool/releases/tag/v1", "an https address", "an http address"],
    ["https://github.com/octo/tool/releases/latest", PAGE, "the latest release"],
    ["https://github.com/octo/tool/releases", PAGE, "the latest release"],
    ["https://github.com/octo/tool/releases/tag", PAGE, "another page of github.com"],
    ["https://github.com/octo/tool/releases/download/v1/x.tgz", PAGE, "another page of github.com"],
    ["https://github.com/octo/tool/tree/tag/v1", PAGE, "another page of github.com"],
    ["https://gitlab.com/octo/tool/-/releases", "https://HOST/GROUP/PROJECT/-/releases/TAG", "another page"],
    ["https://gitlab.com/octo/tool/-/tags/v1", "https://HOST/GROUP/PROJECT/-/releases/TAG", "another page"],
    ["https://www.npmjs.com/package/pad", "npm:NAME@VERSION", "a page of its newest version"],
    ["https://www.npmjs.com/package/@octo/pad", "npm:NAME@VERSION", "a page of its newest version"],
    ["https://www.npmjs.com/package/pad/v", NPM_PAGE, "another page"],
    ["https://www.npmjs.com/package/pad/x/1.0.0", NPM_PAGE, "another page"],
    ["https://www.npmjs.com/search/pad/v/1.0.0", NPM_PAGE, "another page"],
    ["https://www.npmjs.com/search", NPM_PAGE, "another page"],
    ["https://pypi.org/project/pad/", "pypi:NAME@VERSION", "a page of its newest version"],
    ["https://pypi.org/user/pad/1.0.0/", "https://pypi.org/project/NAME/VERSION/", "another page"],
  ])("%s: expected %s, and there is %s", (text, expected, actual) => {
    expect(() => parseReleaseTarget(text)).toThrow(expect.objectContaining({ expected, actual }));
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
