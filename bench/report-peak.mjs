// Loaded before the measured program: writes the peak memory of the process, in KiB, when it ends.
import { writeFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

if (isMainThread) {
  process.on("exit", () => writeFileSync(process.env.TOUCHMARK_BENCH_PEAK, String(process.resourceUsage().maxRSS)));
}
