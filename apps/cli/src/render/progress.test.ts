import { describe, expect, it } from "vitest";
import { hashProgress, progressLine, progressOption, showBytes } from "./progress.ts";
import type { Terminal } from "./terminal.ts";

describe("showBytes", () => {
  it.each([
    [0, "0 B"],
    [1023, "1023 B"],
    [1024, "1.0 KiB"],
    [1536 * 1024, "1.5 MiB"],
    [3 * 1024 ** 4, "3.0 TiB"],
  ])("%d is %s", (bytes, text) => {
    expect(showBytes(bytes)).toBe(text);
  });
});

describe("progressLine", () => {
  it("shows share, bytes, rate and time left", () => {
    expect(progressLine({ files: 1, filesTotal: 2, bytes: 1024, bytesTotal: 4096 }, 2)).toBe(
      "hashing  [####------------]  1.0 KiB of 4.0 KiB  512 B/s  6 s left",
    );
  });

  it("fits a terminal of 80 columns", () => {
    const gib = 1024 ** 3;
    const line = progressLine({ files: 0, filesTotal: 1, bytes: 1000 * gib, bytesTotal: 1023.9 * gib }, 1000);
    expect(line.length).toBeLessThan(80);
  });

  it("knows no rate before any time has passed", () => {
    expect(progressLine({ files: 0, filesTotal: 0, bytes: 0, bytesTotal: 0 }, 0)).toBe(
      "hashing  [################]  0 B of 0 B",
    );
  });
});

it.each([
  { interactive: true, quiet: false, watched: true },
  { interactive: true, quiet: true, watched: false },
  { interactive: false, quiet: false, watched: false },
])("is asked of a host only where somebody watches: %o", ({ watched, ...terminal }) => {
  expect("onProgress" in progressOption(terminal as Terminal)).toBe(watched);
});

describe("hashProgress", () => {
  it("draws at most ten times a second, and clears when done", () => {
    const drawn: (string | null)[] = [];
    let time = 0;
    const draw = hashProgress(
      { progress: (text: string | null) => drawn.push(text) } as unknown as Terminal,
      () => time,
    );
    for (const [at, bytes] of [
      [0, 1],
      [50, 2],
      [120, 3],
      [130, 4],
    ] as const) {
      time = at;
      draw({ files: 0, filesTotal: 1, bytes, bytesTotal: 4 });
    }
    expect(drawn).toHaveLength(3);
    expect(drawn[0]).toContain("1 B of 4 B");
    expect(drawn[1]).toContain("3 B of 4 B");
    expect(drawn[2]).toBeNull();
  });
});
