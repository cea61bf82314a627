import { posix, win32 } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { checkSubjectName, isPurl, lastSegment } from "./subject-name.ts";

test.each([
  "tool",
  "linux/tool.exe",
  ".hidden",
  "...",
  "a..b/c..",
  " spaced name ",
  "Größe/日本.txt",
  "می‌خواهم.txt",
  "localhost:5000/octo/app",
  "C++",
  "~/x",
  "100%",
  "package:x",
  "a".repeat(4096),
  "pkg:npm/widgets@1.0.0",
  "pkg:npm/%40octo/widgets@1.0.0",
  "pkg:golang/github.com/octo/widgets/v2@v2.0.0%2Bincompatible#cmd/tool",
  "pkg:oci/app@sha256%3Aabc?repository_url=ghcr.io/octo/app&platform=linux/amd64",
  "pkg:deb/debian/curl@7.88.1-10+deb12u4?arch=amd64",
  "pkg:generic/a@1?download_url=https://example.com//x",
])("%j is a name", (name) => {
  expect(() => checkSubjectName(name)).not.toThrow();
});

test.each([
  ["", "an empty name"],
  ["a".repeat(4097), "4097 characters, more than 4096"],
  ["a\ud800", "a lone surrogate"],
  ["a\nb", "a control character"],
  ["a\u0000", "a control character"],
  ["a\u009bb", "a control character"],
  ["a\u2028b", "a control character"],
  ["a\u202etxt.exe", "a mark that changes the direction of text"],
  ["a\u2066b", "a mark that changes the direction of text"],
  ["a\u200fb", "a mark that changes the direction of text"],
  ["a\u061cb", "a mark that changes the direction of text"],
  ["to\u200bol", "an invisible character"],
  ["to\u2060ol", "an invisible character"],
  ["\ufefftool", "an invisible character"],
  ["a\\b", "a backslash"],
  ["/etc/passwd", "an absolute path"],
  ["C:/x", "an absolute path"],
  ["c:x", "an absolute path"],
  ["..", "a .. segment"],
  ["a/../b", "a .. segment"],
  ["a/.", "a . segment"],
  ["./a", "a . segment"],
  ["a//b", "an empty segment"],
  ["a/", "an empty segment"],
  ["pkg:", "something that starts like a purl and is none"],
  ["pkg:npm", "something that starts like a purl and is none"],
  ["pkg:npm/", "something that starts like a purl and is none"],
  ["pkg:npm?x=1", "something that starts like a purl and is none"],
  ["pkg:../x", "something that starts like a purl and is none"],
  ["pkg:NPM/x", "something that starts like a purl and is none"],
  ["PKG:npm/x", "something that starts like a purl and is none"],
  ["Pkg:x", "something that starts like a purl and is none"],
  ["pkg:npm/%ff", "something that starts like a purl and is none"],
  ["pkg:npm/%4", "something that starts like a purl and is none"],
  ["pkg://npm/x", "something that starts like a purl and is none"],
  ["pkg:npm//x", "an empty segment"],
  ["pkg:npm/x/", "an empty segment"],
  ["pkg:npm/../../x", "a .. segment"],
  ["pkg:npm/%2e%2e/x", "a .. segment"],
  ["pkg:npm/a%2F..%2Fx", "a .. segment"],
  ["pkg:npm/./x", "a . segment"],
  ["pkg:npm/x@1#../../etc", "a .. segment"],
  ["pkg:npm/x@1?a=b&file=%2e%2e/etc", "a .. segment"],
  ["pkg:npm/x@1?file=..", "a .. segment"],
  ["pkg:npm/x%0ay", "a control character"],
  ["pkg:npm/x#%1b[31m", "a control character"],
  ["pkg:npm/x%5cy", "a backslash"],
  ["pkg:npm/x%E2%80%AEy", "a mark that changes the direction of text"],
])("%j is refused: %s", (name, actual) => {
  expect(() => checkSubjectName(name)).toThrow(expect.objectContaining({ code: "NAME_REFUSED", actual }));
});

test("the message escapes the name and cuts it", () => {
  expect(() => checkSubjectName(`\u001b[31m${"x".repeat(5000)}`)).toThrow(
    expect.objectContaining({ message: `the subject name "\\u001b[31m${"x".repeat(195)}" is refused` }),
  );
});

test("a name that is accepted stays below the folder that it is joined to", () => {
  const piece = fc.constantFrom("a", "..", ".", "/", "\\", "%2e", "%2f", "C:", "pkg:", "npm/", "?", "#", "\u202e", "@");
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 7 }), (chosen) => {
      const name = chosen.join("");
      try {
        checkSubjectName(name);
      } catch {
        return;
      }
      const decoded = isPurl(name) ? decodeURIComponent(name) : name;
      // The subpath and each qualifier are joined to something as well.
      const behind = isPurl(name) ? decoded.split(/[?#]/).slice(1) : [];
      for (const path of [decoded, decoded.replace(/^pkg:[^/]*/, "."), ...behind.map((part) => `./x/${part}`)]) {
        expect(posix.resolve("/root/folder", path).startsWith("/root/folder/")).toBe(true);
        expect(win32.resolve("C:\\root\\folder", path).startsWith("C:\\root\\folder\\")).toBe(true);
      }
    }),
    { numRuns: 5000 },
  );
});

test.each([
  ["tool", "tool"],
  ["linux/amd64/tool", "tool"],
  ["pkg:npm/%40octo/widgets@1.0.0", "pkg:npm/%40octo/widgets@1.0.0"],
])("the last segment of %j", (name, segment) => {
  expect(lastSegment(name)).toBe(segment);
});

test("a purl is known by its scheme", () => {
  expect(isPurl("pkg:npm/x")).toBe(true);
  expect(isPurl("pkgs/x")).toBe(false);
});
