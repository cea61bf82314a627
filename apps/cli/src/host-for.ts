import { createHost, type HostOptions, type NodeHost } from "@touchmark/host-node";
import type { Context } from "./context.ts";

/**
 * The machine for a command: its working directory, and no network, no code of the user's and nothing else but what is granted.
 * Who opens it closes it.
 *
 * @param granted.env - empty where nobody is contacted and nothing is run.
 */
export function hostFor(
  { cwd, env, signal }: Context,
  granted: Partial<Omit<HostOptions, "workspace">> = {},
): NodeHost {
  return createHost({ workspace: cwd, roots: [], signal, userCode: false, env, ...granted });
}
