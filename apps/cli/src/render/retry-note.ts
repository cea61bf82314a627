import type { ServiceRetry } from "@touchmark/plugin";
import { safe, type Terminal } from "./terminal.ts";

/** The option of a host that says whom it waits for: once for each service and what is wrong with it. */
export function retryOption(terminal: Terminal): { readonly onRetry: (retry: ServiceRetry) => void } {
  const told = new Set<string>();
  return {
    onRetry: ({ failure, pauseMs }) => {
      if (told.has(failure.message)) return;
      told.add(failure.message);
      terminal.note(`note: ${safe(retryLine(failure, pauseMs))}`);
    },
  };
}

function retryLine({ message, expected, actual }: ServiceRetry["failure"], pauseMs: number): string {
  const when = pauseMs < 1_000 ? "now" : `in ${Math.ceil(pauseMs / 1_000)} s`;
  return `${message}: expected ${expected}, got ${actual}; it is asked again ${when}`;
}
