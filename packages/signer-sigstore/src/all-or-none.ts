import type { Host } from "@touchmark/plugin";

/**
 * Asks several services at once, where one answer is of no use without the others: when one fails, the requests and pauses
 * of all others are ended. All of them are waited for, so that nothing runs on behind an error.
 *
 * @param ask - starts everything, over the host that it is handed.
 * @returns the answers, in their order.
 * @throws the error that came first.
 */
export async function allOrNone<A, B>(
  host: Host,
  ask: (host: Host) => readonly [readonly Promise<A>[], readonly Promise<B>[]],
): Promise<readonly [readonly A[], readonly B[]]> {
  const stop = new AbortController();
  const { signal } = stop;
  const [first, second] = ask({
    ...host,
    fetch: (request) => host.fetch({ ...request, signal }),
    wait: (ms) => host.wait(ms, signal),
  });
  const failures: unknown[] = [];
  const noting = async (answer: Promise<unknown>) => {
    try {
      await answer;
    } catch (error) {
      failures.push(error);
      stop.abort();
    }
  };
  await Promise.all([...first, ...second].map(noting));
  if (failures.length > 0) throw failures[0];
  return [await Promise.all(first), await Promise.all(second)];
}
