import { access, constants } from "node:fs/promises";
import path from "node:path";
import { isTouchmarkError } from "@touchmark/core";
import type { NodeHost } from "@touchmark/host-node";
import { ADAPTERS, detectPlatform, PLATFORMS, readCheckout } from "../builtins.ts";
import { adaptersOf, usedAdapters } from "../config/adapters.ts";
import { checkArtifactOptions } from "../config/artifact-options.ts";
import { type LoadedConfig, loadConfig } from "../config/load.ts";
import type { Context } from "../context.ts";
import { type CommonOptions, safe } from "../render/terminal.ts";
import { runOfKey } from "../signing.ts";
import { openHost } from "../workbench.ts";

interface Diagnosis {
  readonly what: string;
  readonly state: "ok" | "absent" | "bad";
  readonly detail: string;
}

/** `touchmark doctor`: what Touchmark needs and finds on this machine. Exit 2 when something is wrong, not when it is absent. */
export async function doctorCommand(
  context: Context,
  _positional: readonly string[],
  options: CommonOptions & { readonly config?: string },
): Promise<number> {
  const host = openHost(context, [], true);
  try {
    const config = await diagnoseConfig(context, options.config ?? null);
    const run = runOfKey(detectPlatform(context.env, PLATFORMS, null));
    const diagnoses: readonly Diagnosis[] = [
      {
        what: "node",
        state: supported(process.versions.node) ? "ok" : "bad",
        detail: `${process.versions.node}, 20.19 or newer is wanted`,
      },
      await diagnoseTool("git", "source and commit are stated", () =>
        host.run("git", ["--version"], { timeoutMs: 10_000 }),
      ),
      await diagnoseTool("npm", "npm-pack+run packs", () => host.run("npm", ["--version"], { timeoutMs: 30_000 })),
      await diagnoseCheckout(host),
      { what: "platform", state: "ok", detail: `${run.platform}, SLSA Build L${run.level.build}: ${run.level.reason}` },
      config.diagnosis,
      await diagnoseKey(context, config.loaded),
      { what: "adapters", state: "ok", detail: ADAPTERS.map((adapter) => adapter.name).join(", ") },
    ];
    if (context.terminal.json) context.terminal.result(JSON.stringify({ diagnoses }, null, 2));
    else for (const one of diagnoses) context.terminal.result(diagnosisLine(context, one));
    return diagnoses.some((one) => one.state === "bad") ? 2 : 0;
  } finally {
    await host.close();
  }
}

function diagnosisLine(context: Context, { what, state, detail }: Diagnosis): string {
  const colour = { ok: "green", absent: "dim", bad: "red" } as const;
  return `  ${context.terminal.paint(colour[state], state.padEnd(7))} ${what.padEnd(14)} ${safe(detail)}`;
}

function supported(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 20 || (major === 20 && minor >= 19);
}

async function diagnoseTool(
  what: string,
  use: string,
  run: () => Promise<{ readonly stdout: Uint8Array }>,
): Promise<Diagnosis> {
  try {
    const { stdout } = await run();
    const version = new TextDecoder().decode(stdout).trim().split("\n")[0] ?? "";
    return { what, state: "ok", detail: version };
  } catch (error) {
    if (!isTouchmarkError(error) || error.code === "ABORTED") throw error;
    return { what, state: "absent", detail: `not found; without it nothing but this is lost: ${use}` };
  }
}

async function diagnoseCheckout(host: NodeHost): Promise<Diagnosis> {
  const what = "repository";
  let checkout: Awaited<ReturnType<typeof readCheckout>>;
  try {
    checkout = await readCheckout(host, ".");
  } catch (error) {
    if (!isTouchmarkError(error) || error.code === "ABORTED") throw error;
    return {
      what,
      state: "bad",
      detail: `${error.code}: ${error.message}; ${error.expected ?? "git status says more"}`,
    };
  }
  if (checkout === null) return { what, state: "absent", detail: "no git repository here; the source is not stated" };
  return {
    what,
    state: "ok",
    detail: `${checkout.commit}${checkout.dirty ? ", with changes that are not committed" : ""}`,
  };
}

async function diagnoseConfig(
  context: Context,
  named: string | null,
): Promise<{ readonly diagnosis: Diagnosis; readonly loaded: LoadedConfig | null }> {
  const what = "configuration";
  try {
    const loaded = await loadConfig({ cwd: context.cwd, named, userCode: true });
    if (loaded === null)
      return { loaded, diagnosis: { what, state: "absent", detail: "none here; touchmark init writes one" } };
    if (loaded.config.adapters === undefined) {
      checkArtifactOptions(loaded, await adaptersOf(ADAPTERS, loaded, false, usedAdapters(loaded)));
    }
    return { loaded, diagnosis: { what, state: "ok", detail: loaded.path } };
  } catch (error) {
    if (!isTouchmarkError(error)) throw error;
    return { loaded: null, diagnosis: { what, state: "bad", detail: `${error.code}: ${error.message}` } };
  }
}

async function diagnoseKey(context: Context, loaded: LoadedConfig | null): Promise<Diagnosis> {
  const key = loaded?.config.sign?.key;
  if (key === undefined) return { what: "key", state: "absent", detail: "none in the configuration; --key names one" };
  try {
    await access(path.resolve(context.cwd, key), constants.R_OK);
    return { what: "key", state: "ok", detail: key };
  } catch {
    return { what: "key", state: "bad", detail: `${key} cannot be read` };
  }
}
