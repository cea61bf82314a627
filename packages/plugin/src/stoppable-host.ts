import type { Host } from "./host.ts";

/** A host whose requests and pauses end with `ABORTED` by one more signal than its own and theirs. */
export function stoppableHost(host: Host, signal: AbortSignal): Host {
  const either = (own: AbortSignal | undefined) => (own === undefined ? signal : AbortSignal.any([own, signal]));
  return {
    ...host,
    fetch: (request) => host.fetch({ ...request, signal: either(request.signal) }),
    fetchStream: (request) => host.fetchStream({ ...request, signal: either(request.signal) }),
    wait: (ms, own) => host.wait(ms, either(own)),
  };
}
