import { createHost, type HostOptions, type NetworkGrant } from "@touchmark/host-node";
import type { Host } from "@touchmark/plugin";

export interface TestHostOptions {
  readonly signal?: AbortSignal;
  readonly userCode?: boolean;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Folders beside the workspace that the adapter may read. */
  readonly roots?: readonly string[];
  /** Whom the plugin may talk to; nobody when absent. */
  readonly network?: NetworkGrant;
  /** What is piped in; nothing when absent. */
  readonly stdin?: HostOptions["stdin"];
}

/**
 * Runs something with the real host over a folder, and closes the host after it.
 *
 * @param folder - absolute; the workspace.
 */
export async function withTestHost<T>(
  folder: string,
  run: (host: Host) => Promise<T>,
  options: TestHostOptions = {},
): Promise<T> {
  const host = createHost({
    workspace: folder,
    roots: options.roots ?? [],
    signal: options.signal ?? new AbortController().signal,
    userCode: options.userCode ?? false,
    env: options.env ?? { PATH: process.env["PATH"] },
    ...(options.network === undefined ? {} : { network: options.network }),
    ...(options.stdin === undefined ? {} : { stdin: options.stdin }),
    workers: 1,
  });
  try {
    return await run(host);
  } finally {
    await host.close();
  }
}
