import { spawn } from "node:child_process";
import type { Env } from "@touchmark/plugin";

/**
 * The program that opens an address in the user's browser.
 *
 * @param system - `process.platform`.
 * @returns null where there is none, or nothing to show a window on.
 */
export function browserProgram(system: string, env: Env): string | null {
  if (system === "darwin") return "open";
  const hasDisplay = Boolean(env["DISPLAY"]) || Boolean(env["WAYLAND_DISPLAY"]);
  return system === "linux" && hasDisplay ? "xdg-open" : null;
}

/**
 * Opens an address, without a shell and without waiting: some of these programs last as long as the browser.
 *
 * @returns once the program runs, or could not be started; then false.
 */
export function openBrowser(program: string, address: URL, env: Env): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, [address.href], { env, stdio: "ignore", detached: true });
    child.once("error", () => resolve(false));
    child.once("spawn", () => {
      child.unref();
      resolve(true);
    });
  });
}
