import { join } from "node:path";
import { afterAll, afterEach, beforeAll } from "vitest";
import { newFolder } from "../touchmark-process.ts";
import { type PeerCommands, peerCommands } from "./sigstore/peer-commands.ts";
import { hasRekorV1 } from "./sigstore/rekor-v1.ts";
import { type Sigstore, startSigstore } from "./sigstore.ts";

/** A local Sigstore with a folder for files; its members are there once the tests run. */
export interface SigstoreBench {
  readonly sigstore: Sigstore;
  readonly peers: PeerCommands;
  readonly folder: string;
  /** A path in the folder. */
  readonly at: (...parts: string[]) => string;
}

interface BenchOptions {
  /** Also the older log, where this machine can have it. */
  readonly rekorV1?: boolean;
  /** Writes what the tests need into the folder, before anything is started. */
  readonly prepare: (folder: string) => Promise<void>;
}

/** One Sigstore for the tests of a `describe`, mended after each of them. */
export function sigstoreBench({ rekorV1 = false, prepare }: BenchOptions): SigstoreBench {
  let folder: Awaited<ReturnType<typeof newFolder>> | undefined;
  let sigstore: Sigstore | undefined;

  beforeAll(async () => {
    folder = await newFolder();
    await prepare(folder.path);
    sigstore = await startSigstore(join(folder.path, "sigstore"), { rekorV1: rekorV1 && hasRekorV1() });
  });
  afterEach(() => sigstore?.mend());
  afterAll(async () => {
    await sigstore?.stop();
    await folder?.remove();
  });

  const bench: SigstoreBench = {
    get sigstore() {
      return started(sigstore);
    },
    get peers() {
      return peerCommands(bench.sigstore, bench.folder);
    },
    get folder() {
      return started(folder).path;
    },
    at: (...parts) => join(bench.folder, ...parts),
  };
  return bench;
}

function started<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("the tests have not begun");
  return value;
}
