import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createOpener, isInside } from "./open-contained.mjs";

let top: string;

beforeEach(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), "open-")));
  mkdirSync(join(top, "in", "folder"), { recursive: true });
  mkdirSync(join(top, "out"));
  writeFileSync(join(top, "in", "folder", "a"), "mine");
  writeFileSync(join(top, "in", "folder", "b"), "mine too");
  writeFileSync(join(top, "out", "b"), "secret");
});
afterEach(() => rmSync(top, { recursive: true }));

function read(opener: ReturnType<typeof createOpener>, path: string): string {
  const fd = opener.open(path);
  try {
    return readFileSync(fd, "utf8");
  } finally {
    closeSync(fd);
  }
}

it("opens what lies inside and refuses a folder that leads out", () => {
  const opener = createOpener([join(top, "in")]);
  expect(read(opener, join(top, "in", "folder", "a"))).toBe("mine");
  symlinkSync(join(top, "out"), join(top, "in", "link"));
  expect(() => opener.open(join(top, "in", "link", "b"))).toThrowError(expect.objectContaining({ reason: "outside" }));
  opener.close();
});

it("refuses a link as the last segment, also one that stays inside", () => {
  symlinkSync("a", join(top, "in", "folder", "link"));
  const opener = createOpener([join(top, "in")]);
  expect(() => opener.open(join(top, "in", "folder", "link"))).toThrowError(
    expect.objectContaining({ reason: "link" }),
  );
  opener.close();
});

it.skipIf(process.platform !== "linux")("keeps the folder that it looked at when a link takes its place", () => {
  const opener = createOpener([join(top, "in")]);
  read(opener, join(top, "in", "folder", "a"));
  renameSync(join(top, "in", "folder"), join(top, "in", "moved"));
  symlinkSync(join(top, "out"), join(top, "in", "folder"));
  expect(read(opener, join(top, "in", "folder", "b"))).toBe("mine too");
  opener.close();
});

it("takes a path for inside only below a root or as the root itself", () => {
  expect(isInside("/a/b", ["/a"])).toBe(true);
  expect(isInside("/a", ["/a"])).toBe(true);
  expect(isInside("/a", ["/"])).toBe(true);
  expect(isInside("/ab", ["/a"])).toBe(false);
  expect(isInside("/", ["/a"])).toBe(false);
  expect(isInside("/a", [])).toBe(false);
});
