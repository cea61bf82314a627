import type { Host } from "@touchmark/plugin";
import { sample } from "../artifacts.ts";
import { withFixture } from "../fixture-copy.ts";
import { KEPT, type Law, type LawResult } from "../law.ts";
import { baseline, type Outcome, run, showOutcome } from "../outcome.ts";

/** Places where a run is interrupted. Unit: runs of the adapter. */
const MAX_INTERRUPTIONS = 12;

export const abort: Law = {
  number: 8,
  title: "an interruption ends it at once",
  why: "Ctrl-C must stop the work, and what was seen until then must not pass for all there is",
  async check(adapter, lawCase) {
    return withFixture(lawCase, async (copy) => {
      const output = await baseline(adapter, lawCase, copy);
      if ("broken" in output) return broken("before anything", output.broken);
      let calls = 0;
      await run(adapter, lawCase, copy.folder, { wrap: (host) => counting(host, () => (calls += 1)) });
      if (calls === 0) return { status: "skipped", reason: "it asks the host for nothing" };
      const places = Array.from({ length: calls }, (_, index) => index + 1);
      for (const place of sample(places, MAX_INTERRUPTIONS)) {
        const outcome = await interrupted(place, (signal, wrap) =>
          run(adapter, lawCase, copy.folder, { signal, wrap }),
        );
        if (outcome.kind === "refused" && outcome.error.code === "ABORTED") continue;
        return broken(`before call ${place} of ${calls} to the host`, showOutcome(outcome));
      }
      return KEPT;
    });
  },
};

/** Runs with a signal that is aborted right before the given call to the host. */
async function interrupted(
  place: number,
  start: (signal: AbortSignal, wrap: (host: Host) => Host) => Promise<Outcome>,
): Promise<Outcome> {
  const controller = new AbortController();
  let calls = 0;
  const wrap = (host: Host) =>
    counting(host, () => {
      calls += 1;
      if (calls === place) controller.abort();
    });
  return start(controller.signal, wrap);
}

function counting(host: Host, onCall: () => void): Host {
  const counted =
    <Args extends readonly unknown[], Result>(call: (...args: Args) => Result) =>
    (...args: Args): Result => {
      onCall();
      return call(...args);
    };
  return {
    signal: host.signal,
    userCode: host.userCode,
    kind: counted(host.kind),
    file: counted(host.file),
    glob: counted(host.glob),
    list: counted(host.list),
    readBytes: counted(host.readBytes),
    readText: counted(host.readText),
    readStdin: counted(host.readStdin),
    realPath: counted(host.realPath),
    openRead: counted(host.openRead),
    digest: counted(host.digest),
    digestTree: counted(host.digestTree),
    fetch: counted(host.fetch),
    fetchStream: counted(host.fetchStream),
    credentials: counted(host.credentials),
    wait: counted(host.wait),
    elapsed: host.elapsed,
    run: counted(host.run),
  };
}

function broken(when: string, got: string): LawResult {
  return {
    status: "broken",
    did: `interrupted it ${when}`,
    got,
    expected: "ABORTED",
    remedy: "do not catch what the host throws; where you must, throw ABORTED on",
  };
}
