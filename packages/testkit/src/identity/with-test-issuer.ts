import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Host } from "@touchmark/plugin";
import { withTestHost } from "../test-host.ts";
import { startTestIssuer, type TestIssuer } from "./test-issuer.ts";

export interface IssuerBench {
  readonly issuer: TestIssuer;
  /** May talk to the issuer and to nobody else, over real sockets. Its `wait` only notes how long it should have been. */
  readonly host: Host;
  /** Unit: milliseconds. */
  readonly pauses: readonly number[];
}

/** Runs something with a fresh issuer and a host that may talk to it, and ends both after it. */
export async function withTestIssuer<T>(run: (bench: IssuerBench) => Promise<T>): Promise<T> {
  const issuer = await startTestIssuer();
  const folder = mkdtempSync(join(tmpdir(), "test-issuer-"));
  const pauses: number[] = [];
  try {
    return await withTestHost(
      folder,
      (real) => {
        const wait = async (ms: number) => {
          pauses.push(ms);
        };
        return run({ issuer, host: { ...real, wait }, pauses });
      },
      { network: { kind: "services", hosts: [issuer.host] } },
    );
  } finally {
    rmSync(folder, { recursive: true });
    await issuer.close();
  }
}
