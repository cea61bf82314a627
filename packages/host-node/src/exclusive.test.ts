import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { exclusively } from "./exclusive.ts";
import { wait } from "./wait.ts";

vi.mock("./wait.ts", { spy: true });

let folder: string;
const { signal } = new AbortController();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "exclusive-"));
});
afterEach(() => {
  vi.mocked(wait).mockReset(); // it waits again
  rmSync(folder, { recursive: true, force: true });
});

it("lets one in at a time, and makes the folder", async () => {
  const path = join(folder, "new", "state.json");
  const events: string[] = [];
  const work = (name: string) =>
    exclusively(path, "state.json", signal, async () => {
      events.push(`${name} in`);
      await sleep(40);
      events.push(`${name} out`);
    });
  await Promise.all([work("a"), work("b"), work("c")]);
  expect(events).toHaveLength(6);
  for (let at = 0; at < 6; at += 2) expect(events[at + 1]).toBe(events[at]?.replace("in", "out"));
  expect(existsSync(`${path}.lock`)).toBe(false);
});

it("gives the lock back when the work fails", async () => {
  const path = join(folder, "state.json");
  await expect(exclusively(path, "s", signal, () => Promise.reject(new RangeError("no")))).rejects.toThrow(RangeError);
  expect(existsSync(`${path}.lock`)).toBe(false);
});

it("waits for a lock, and no longer when interrupted", async () => {
  const path = join(folder, "state.json");
  writeFileSync(`${path}.lock`, "");
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 60);
  await expect(exclusively(path, "state.json", abort.signal, async () => "in")).rejects.toMatchObject({
    code: "ABORTED",
  });
  expect(existsSync(`${path}.lock`)).toBe(true);
});

it("says what to delete where a killed process left one, after 10 seconds", async () => {
  const path = join(folder, "state.json");
  writeFileSync(`${path}.lock`, "");
  const waits = vi.mocked(wait).mockResolvedValue();
  await expect(exclusively(path, "state.json", signal, async () => "in")).rejects.toMatchObject({
    code: "OUTPUT_UNWRITABLE",
    expected: expect.stringContaining("state.json.lock"),
  });
  expect(waits.mock.calls.reduce((sum, [ms]) => sum + ms, 0)).toBe(10_000);
});
