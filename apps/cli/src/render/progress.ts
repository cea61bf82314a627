import type { Terminal } from "./terminal.ts";

/** How far hashing is. Units: files and bytes. */
export interface HashProgress {
  readonly files: number;
  readonly filesTotal: number;
  readonly bytes: number;
  readonly bytesTotal: number;
}

/** The shortest time between two drawings. Unit: milliseconds. */
const REDRAW_MS = 100;
/** With the longest sizes and rates the line fits 80 columns. Unit: characters. */
const BAR_WIDTH = 16;

/** The option of a host that draws its progress; none where nobody watches, since it looks up the size of every file. */
export function progressOption(terminal: Terminal): { readonly onProgress?: (progress: HashProgress) => void } {
  if (!terminal.interactive || terminal.quiet) return {};
  return { onProgress: hashProgress(terminal, () => performance.now()) };
}

/**
 * Draws a bar with bytes, rate and time left.
 *
 * @param now - milliseconds of a monotonic clock.
 */
export function hashProgress(terminal: Terminal, now: () => number): (progress: HashProgress) => void {
  const started = now();
  let drawn = Number.NEGATIVE_INFINITY;
  return (progress) => {
    const time = now();
    if (progress.bytes >= progress.bytesTotal) {
      terminal.progress(null);
      return;
    }
    if (time - drawn < REDRAW_MS) return;
    drawn = time;
    terminal.progress(progressLine(progress, (time - started) / 1000));
  };
}

/** `hashing  [######------]  1.2 GiB of 4.0 GiB  2.1 GiB/s  1 s left`. */
export function progressLine(progress: HashProgress, seconds: number): string {
  const share = progress.bytesTotal === 0 ? 1 : progress.bytes / progress.bytesTotal;
  const filled = Math.round(share * BAR_WIDTH);
  const rate = seconds > 0 ? progress.bytes / seconds : 0;
  const left = rate > 0 ? Math.ceil((progress.bytesTotal - progress.bytes) / rate) : null;
  return [
    "hashing",
    `[${"#".repeat(filled)}${"-".repeat(BAR_WIDTH - filled)}]`,
    `${showBytes(progress.bytes)} of ${showBytes(progress.bytesTotal)}`,
    ...(rate > 0 ? [`${showBytes(rate)}/s`] : []),
    ...(left === null ? [] : [`${left} s left`]),
  ].join("  ");
}

/** `1.5 MiB`; whole bytes below 1 KiB. */
export function showBytes(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}
