import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkStem, safeFileName, uniqueFileNames } from "./file-name.ts";

const names = (subjects: readonly string[]) => Object.fromEntries(uniqueFileNames(subjects, (key) => key));

describe("a file name for a subject", () => {
  it.each([
    ["tool", "tool"],
    ["linux/tool", "linux-tool"],
    ["tool_1.0.0_linux_amd64.tar.gz", "tool_1.0.0_linux_amd64.tar.gz"],
    ["pkg:npm/%40demo/core@2.0.0-rc.1", "npm-demo-core-2.0.0-rc.1"],
    [
      "pkg:oci/app?repository_url=ghcr.io/o/app&platform=linux/amd64",
      "oci-app-repository_url-ghcr.io-o-app-platform-linux-amd64",
    ],
    ["ghcr.io/o/app", "ghcr.io-o-app"],
    [".hidden", "hidden"],
    ["..hidden", "hidden"],
    ["-rf", "rf"],
    ["a/.b", "a-.b"],
    ["nul.txt", "_nul.txt"],
    ["COM1", "_COM1"],
    ["console.txt", "console.txt"],
    ["ends.", "ends"],
    ["lib++-1.0+deb", "lib++-1.0+deb"],
  ])("%s → %s", (subject, expected) => {
    expect(safeFileName(subject)).toBe(expected);
  });

  it.each(["файл", "...", "-", "@", "日本語"])(
    "%s has no letter that is safe everywhere, and gets a name of its own",
    (subject) => {
      expect(safeFileName(subject)).toMatch(/^subject-[0-9a-f]{16}$/);
    },
  );

  it("a long one is cut, and differs where the cut part differs", () => {
    const [left, right] = [safeFileName(`${"x".repeat(3000)}a`), safeFileName(`${"x".repeat(3000)}b`)];
    expect(left).toHaveLength(180);
    expect(left).not.toBe(right);
  });

  it("is safe for every text", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: fc.constantFrom(..."./\\-:%4é\0 aN") })),
        (text) => {
          const name = safeFileName(text);
          expect(name).toMatch(/^[A-Za-z0-9_+][A-Za-z0-9._+-]*$/);
          expect(name.length).toBeLessThanOrEqual(181);
          expect(() => checkStem(name.slice(0, 180))).not.toThrow();
        },
      ),
    );
  });
});

describe("names of several subjects", () => {
  it("equal ones get the start of their digest, others stay", () => {
    expect(names(["a/b", "a-b", "c"])).toEqual({
      "a/b": expect.stringMatching(/^a-b-[0-9a-f]{16}$/),
      "a-b": expect.stringMatching(/^a-b-[0-9a-f]{16}$/),
      c: "c",
    });
  });

  it("ones that differ by case alone are told apart", () => {
    const { Tool, tool } = names(["Tool", "tool"]);
    expect(Tool?.toLowerCase()).not.toBe(tool?.toLowerCase());
  });

  it("long ones that are equal at the start are told apart within the length", () => {
    const long = names([`${"x/".repeat(90)}`, `${"x-".repeat(89)}x`]);
    expect(new Set(Object.values(long)).size).toBe(2);
    for (const name of Object.values(long)) expect(name.length).toBeLessThanOrEqual(180);
  });

  it("one that was made to look like another's is refused", () => {
    const taken = names(["a/b", "a-b"])["a/b"] ?? "";
    expect(() => names(["a/b", "a-b", taken])).toThrow(expect.objectContaining({ code: "OUTPUT_CONFLICT" }));
  });

  it("are all different, by case too, and independent of order", () => {
    const subject = fc.string({ unit: fc.constantFrom("a", "A", "b", "/", "-", ".", "@"), minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.uniqueArray(subject, { maxLength: 30 }), (subjects) => {
        const given = names(subjects);
        expect(names(subjects.toReversed())).toEqual(given);
        expect(new Set(Object.values(given).map((name) => name.toLowerCase())).size).toBe(subjects.length);
      }),
    );
  });
});

describe("a chosen name", () => {
  it.each(["tool-1.2.3", "tool 1.2", "werkzeug-ä", "x", "a..b", "@demo", "x".repeat(180)])("takes %s", (stem) => {
    expect(() => checkStem(stem)).not.toThrow();
  });

  it.each<[string, string, RegExp]>([
    ["nothing", "", /empty/],
    ["a folder", "out/tool", /separator/],
    ["the folder above", "../tool", /separator/],
    ["a Windows folder", "out\\tool", /separator/],
    ["a leading dot", ".tool", /dot/],
    ["dots alone", "..", /dot/],
    ["an option", "-rf", /hyphen/],
    ["a line end", "a\nb", /control/],
    ["NUL", "a\0b", /control/],
    ["text that turns around", "a\u202eb", /control/],
    ["a drive or a stream", "c:tool", /Windows does not allow/],
    ["a wildcard", "tool*", /Windows does not allow/],
    ["a device", "NUL", /device/],
    ["a device with an ending", "con.1", /device/],
    ["white space before", " tool", /white space/],
    ["white space after", "tool ", /white space/],
    ["half a character", "a\ud800", /surrogate/],
    ["181 bytes", "x".repeat(181), /181 bytes/],
    ["181 bytes in fewer characters", `${"ä".repeat(90)}x`, /181 bytes/],
  ])("refuses %s", (_name, stem, actual) => {
    expect(() => checkStem(stem)).toThrow(
      expect.objectContaining({ code: "NAME_REFUSED", actual: expect.stringMatching(actual) }),
    );
  });
});
