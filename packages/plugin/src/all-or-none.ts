import type { Host } from "./host.ts";
import { stoppableHost } from "./stoppable-host.ts";

/**
 * Asks several services at once, where one answer is of no use without the others: when one fails, the requests and pauses
 * of all others are ended. All of them are waited for, so that nothing runs on behind an error.
 *
 * @param ask - starts everything, over the host that it is handed.
 * @returns the answers, in their order.
 * @throws the error that came first.
 */
export async function allOrNone<T extends readonly unknown[] | []>(
  host: Host,
  ask: (host: Host) => T,
): Promise<{ readonly [K in keyof T]: Awaited<T[K]> }> {
  const stop = new AbortController();
  const asked = ask(stoppableHost(host, stop.signal));
  const failures: unknown[] = [];
  const noting = async (answer: unknown) => {
    try {
      await answer;
    } catch (error) {
      failures.push(error);
      stop.abort();
    }
  };
  await Promise.all(asked.map(noting));
  if (failures.length > 0) throw failures[0];
  return Promise.all(asked);
}
