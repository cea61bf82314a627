import { fileURLToPath } from "node:url";
import { type RunningServer, startServer } from "../server-process.ts";
import { PORTS } from "./addresses.ts";
import { ISSUERS } from "./claims.ts";
import { inNetworkOf } from "./network.ts";

/** The people whom the login server knows, by what they type; whoever has another password than this is refused. */
export const PEOPLE = {
  dev: "dev@touchmark.test",
  /** Whose address nobody has verified. */
  unverified: "unverified@touchmark.test",
} as const;

const PROGRAM = fileURLToPath(new URL("login-server.mjs", import.meta.url));
const BROWSER = fileURLToPath(new URL("login-browser.mjs", import.meta.url));

/** Starts the login server in the network of a process. */
export function startLoginServer(folder: string, pid: string): Promise<RunningServer> {
  const args = [PROGRAM, String(PORTS.real.login), ISSUERS.login, PEOPLE.unverified];
  const command = inNetworkOf(pid, folder, [process.execPath, ...args]);
  return startServer({ name: "login", folder, command, ready: /^ready$/m });
}

/** What a person's browser does at an address: the arguments of Node. */
export function browsing(address: string, answers: Readonly<Record<string, string>>): readonly string[] {
  return [BROWSER, address, JSON.stringify(answers)];
}
