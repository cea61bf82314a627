// Loaded before the measured program: writes what the process needed, all its threads together, when it ends.
import { readFileSync, writeFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

/** proc(5): rchar counts what read(2) and its like returned, from the page cache or not. */
function bytesRead() {
  if (process.platform !== "linux") return null;
  return Number(/^rchar: ([0-9]+)$/m.exec(readFileSync("/proc/self/io", "utf8"))?.[1]);
}

if (isMainThread) {
  process.on("exit", () => {
    const { maxRSS: peakKib, userCPUTime, systemCPUTime } = process.resourceUsage();
    const needs = { peakKib, processorMs: (userCPUTime + systemCPUTime) / 1000, bytesRead: bytesRead() };
    writeFileSync(process.env.TOUCHMARK_BENCH_NEEDS, JSON.stringify(needs));
  });
}
