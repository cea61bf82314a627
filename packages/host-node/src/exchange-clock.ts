import type { HttpRequest } from "@touchmark/plugin";
import { throwIfAborted } from "./file-error.ts";
import { unavailable } from "./http-parts.ts";

/** Timers of Node end at once above this. Unit: milliseconds. */
const MAX_TIMEOUT = 2 ** 31 - 1;

/** Ends an exchange in which nothing happens for too long, or that nobody wants any more. */
export interface ExchangeClock {
  /** For the request. */
  readonly signal: AbortSignal;
  /** True when the host or the request was aborted. */
  isAborted(): boolean;
  /** True when the time limit has passed. */
  isLate(): boolean;
  /** Runs again from 0; it rests. */
  start(): void;
  /** Who is slow to take the bytes is not counted. */
  rest(): void;
  /** Also ends what is left of a body that nobody reads to its end. */
  end(): void;
}

/**
 * A clock that runs.
 *
 * @throws TouchmarkError `ABORTED` where that has happened already, `NETWORK_UNAVAILABLE` without a time limit above 0.
 */
export function startClock({ signal: alone, timeoutMs }: HttpRequest, url: URL, ofHost: AbortSignal): ExchangeClock {
  const signal = alone === undefined ? ofHost : AbortSignal.any([ofHost, alone]);
  throwIfAborted(signal);
  if (!(timeoutMs > 0)) throw unavailable(url, "a time limit above 0", `${timeoutMs} ms`);
  const stop = new AbortController();
  let late = false;
  let timer: NodeJS.Timeout | null = null;
  const interrupt = () => stop.abort();
  signal.addEventListener("abort", interrupt, { once: true });
  const expire = () => {
    late = true;
    stop.abort();
  };
  const clock: ExchangeClock = {
    signal: stop.signal,
    isAborted: () => signal.aborted,
    isLate: () => late,
    start: () => {
      timer = setTimeout(expire, Math.min(timeoutMs, MAX_TIMEOUT));
    },
    rest: () => {
      if (timer !== null) clearTimeout(timer);
      timer = null;
    },
    end: () => {
      clock.rest();
      signal.removeEventListener("abort", interrupt);
      stop.abort();
    },
  };
  clock.start();
  return clock;
}
