import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { kindAt } from "./kind-at.ts";

it("says what a path leads to, and nothing of links in a circle", () => {
  const folder = mkdtempSync(join(tmpdir(), "touchmark-kind-"));
  try {
    const at = (name: string) => join(folder, name);
    writeFileSync(at("file"), "");
    symlinkSync("file", at("link"));
    symlinkSync("two", at("one"));
    symlinkSync("one", at("two"));
    expect([folder, at("file"), at("link"), "/dev/null", at("one"), at("none"), at("file/none")].map(kindAt)).toEqual([
      "folder",
      "file",
      "file",
      "other",
      null,
      null,
      null,
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
