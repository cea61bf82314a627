import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { isTouchmarkError } from "@touchmark/core";
import { check } from "@touchmark/engine";
import { withTestHost } from "@touchmark/testkit";
import { trustedKey } from "@touchmark/verify";
import { handOver } from "../src/verify/hand-over.ts";
import { recordingTerminal } from "./recording-terminal.ts";

/** What became of many tries to verify a file and hand it over, while somebody swaps it. */
export interface Race {
  /** Contents that were handed over, each once. */
  readonly contents: readonly string[];
  readonly handedOver: number;
  /** It was verified, and then it was another. */
  readonly changedAfter: number;
  /** It was another while it was verified. */
  readonly refused: number;
  /** Times that who verifies the file and then reads it gets something else: what handing over is for. */
  readonly readAfter: number;
}

/**
 * Verifies and hands over, again and again.
 *
 * @param folder - holds key.pub and bundle.sigstore.json.
 * @param target - the file, relative to the folder.
 * @param good - what was signed.
 */
export async function race(folder: string, target: string, good: string, tries: number): Promise<Race> {
  const trust = [trustedKey(await readFile(join(folder, "key.pub")), "key.pub")];
  const lax = { complete: false, anyName: false, recursive: false, fetchers: [], ignore: [] };
  const options = { targets: [target], bundles: ["bundle.sigstore.json"], trust, ...lax };
  const context = { terminal: recordingTerminal(), env: {}, cwd: folder, signal: new AbortController().signal };
  const contents = new Set<string>();
  const counts = { handedOver: 0, changedAfter: 0, refused: 0, readAfter: 0 };
  await withTestHost(folder, async (host) => {
    for (let tried = 0; tried < tries; tried += 1) {
      const handing = handOver(context, options.targets, { into: "out" });
      try {
        const report = await check(options, host);
        if (report.result === "verified" && (await readFile(join(folder, target), "utf8")) !== good) {
          counts.readAfter += 1;
        }
        await handing.copy(report, new Map(), host);
        handing.place();
        if (report.result !== "verified") counts.refused += 1;
        else counts.handedOver += 1;
      } catch (error) {
        if (!isTouchmarkError(error) || error.code !== "FILE_CHANGED") throw error;
        counts.changedAfter += 1;
      } finally {
        await handing.close();
      }
      const out = await readFile(join(folder, "out/tool"), "utf8").catch(() => null);
      if (out !== null) contents.add(out);
      await rm(join(folder, "out"), { recursive: true, force: true });
    }
  });
  return { contents: [...contents], ...counts };
}
