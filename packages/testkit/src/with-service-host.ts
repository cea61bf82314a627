import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NetworkGrant } from "@touchmark/host-node";
import type { Host } from "@touchmark/plugin";
import { withTestHost } from "./test-host.ts";

/** What the tests of everything that talks to servers have in hand. */
export interface ServiceBench {
  /**
   * May talk to these servers and to nobody else, over real sockets. Its `wait` only notes how long
   * it should have been, and no other time passes on its clock.
   */
  readonly host: Host;
  /** Unit: milliseconds. */
  readonly pauses: readonly number[];
}

interface ServiceHostOptions {
  readonly network: NetworkGrant;
  /** What the host's environment has, once its folder is there; nothing when absent. */
  readonly env?: (folder: string) => Readonly<Record<string, string>>;
  /** Ends the servers. */
  readonly close: () => Promise<unknown>;
}

/** Runs something with a host in an empty folder, and ends it and the servers after it. */
export async function withServiceHost<T>(
  { network, env = () => ({}), close }: ServiceHostOptions,
  run: (bench: ServiceBench) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "test-service-"));
  const pauses: number[] = [];
  const wait = async (ms: number) => {
    pauses.push(ms);
  };
  try {
    const elapsed = () => pauses.reduce((sum, ms) => sum + ms, 0);
    return await withTestHost(folder, (real) => run({ host: { ...real, wait, elapsed }, pauses }), {
      env: env(folder),
      network,
    });
  } finally {
    rmSync(folder, { recursive: true });
    await close();
  }
}
