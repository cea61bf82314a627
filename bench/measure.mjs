// Runs commands to their end and says how long they took or how much memory they needed.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

const { NODE_EXTRA_CA_CERTS: _unmeasured, ...env } = process.env;
const needs = join(tmpdir(), `touchmark-bench-${process.pid}`);

/** True when a program can be started here. */
export function isInstalled(program) {
  return spawnSync(program, ["--version"], { stdio: "ignore" }).error === undefined;
}

/** Waits until the processors are idle, which they are not right after a build; at most a minute. */
export async function settle() {
  for (let second = 0; second < 60; second += 1) {
    const before = processorTimes();
    await setTimeout(1000);
    const after = processorTimes();
    if (after.idle - before.idle >= 0.95 * (after.all - before.all)) return;
  }
}

/** Of all processors together, in milliseconds. */
function processorTimes() {
  const each = cpus().map(({ times }) => times);
  const sum = (values) => values.reduce((total, value) => total + value, 0);
  return { idle: sum(each.map(({ idle }) => idle)), all: sum(each.flatMap((times) => Object.values(times))) };
}

/**
 * Medians of the wall time of commands, by their names, in milliseconds; the first round does not count.
 *
 * @param commands - `{name: {args: [program, ...arguments], cwd}}`; those without a value are left out.
 */
export function medianTimes(commands, rounds) {
  const entries = Object.entries(commands).filter(([, command]) => command !== null);
  const times = Object.fromEntries(entries.map(([name]) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, command] of entries) {
      const took = timeOf(command);
      if (round > 0) {
        times[name].push(took);
      }
    }
  }
  return Object.fromEntries(entries.map(([name]) => [name, median(times[name])]));
}

/** Wall time of one run, in milliseconds. */
export function timeOf(command) {
  const began = performance.now();
  runToEnd(command, env);
  return performance.now() - began;
}

/**
 * What one run of a Node program needed: its peak memory, in MiB; the processor time of all its threads, in milliseconds; how
 * many bytes it read, null where nobody says.
 */
export function needsOf(command) {
  const [program, ...rest] = command.args;
  const preload = new URL("./report-needs.mjs", import.meta.url).href;
  runToEnd({ ...command, args: [program, "--import", preload, ...rest] }, { ...env, TOUCHMARK_BENCH_NEEDS: needs });
  const { peakKib, processorMs, bytesRead } = JSON.parse(readFileSync(needs, "utf8"));
  return { peak: peakKib / 1024, processorMs, bytesRead };
}

function runToEnd({ args: [program, ...args], cwd }, variables) {
  const result = spawnSync(program, args, {
    cwd,
    env: variables,
    stdio: ["ignore", "ignore", "pipe"],
    maxBuffer: 2 ** 28,
  });
  if (result.status !== 0) {
    const why = result.error?.message ?? result.signal ?? `exit code ${result.status}`;
    console.error(`${[program, ...args].join(" ").slice(0, 500)}\nended with ${why}\n${result.stderr}`);
    process.exit(1);
  }
}

export function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function median(values) {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
