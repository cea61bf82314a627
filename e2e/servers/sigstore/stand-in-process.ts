import { writeFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { type RunningServer, startServer } from "../server-process.ts";
import { HOSTS } from "./addresses.ts";
import { inNewNetwork } from "./network.ts";
import type { StandInCommand, StandInConfiguration } from "./stand-ins.ts";
import type { TrustDomain } from "./trust-domain.ts";

/** The process that makes the network, and keeps it. */
export interface StandIns {
  /** Of the process, to run another one in its network. */
  readonly pid: string;
  readonly send: (command: StandInCommand) => Promise<unknown>;
  readonly stop: RunningServer["stop"];
}

export async function startStandIns(folder: string, { files }: TrustDomain): Promise<StandIns> {
  const [program, configuration] = [join(folder, "stand-ins.mjs"), join(folder, "stand-ins.json")];
  const socket = join(folder, "stand-ins.sock");
  // Plain Node takes no types: the program is built as the command line is.
  await build({
    entryPoints: [fileURLToPath(new URL("stand-ins.ts", import.meta.url))],
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    outfile: program,
    logLevel: "silent",
  });
  const written: StandInConfiguration = { socket, ...files };
  await writeFile(configuration, JSON.stringify(written));
  const { ready, stop } = await startServer({
    name: "stand-ins",
    folder,
    command: await inNewNetwork(folder, HOSTS, [process.execPath, program, configuration]),
    ready: /^ready as (\d+)/m,
  });
  return { pid: ready[1] ?? "", send: (command) => sendCommand(socket, command), stop };
}

function sendCommand(socketPath: string, command: StandInCommand): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, method: "POST", path: "/" }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk)).on("error", reject);
      answer.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        if (answer.statusCode === 200) resolve(JSON.parse(text));
        else reject(new Error(`the stand-ins: ${text}`));
      });
    });
    sent.on("error", reject).end(JSON.stringify(command));
  });
}
