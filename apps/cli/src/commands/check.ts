import { TouchmarkError } from "@touchmark/core";
import { ADAPTERS } from "../builtins.ts";
import { adaptersOf, usedAdapters } from "../config/adapters.ts";
import { checkArtifactOptions } from "../config/artifact-options.ts";
import { DEFAULT_NAMES, loadConfig } from "../config/load.ts";
import type { Context } from "../context.ts";
import { counted } from "../render/counted.ts";
import { type CommonOptions, safe } from "../render/terminal.ts";
import { expectedPartsOf } from "../workbench.ts";

/** `touchmark check`: the configuration and nothing else; quick enough for a pre-commit hook. */
export async function check(
  context: Context,
  _positional: readonly string[],
  options: CommonOptions & { readonly config?: string },
): Promise<number> {
  const loaded = await loadConfig({ cwd: context.cwd, named: options.config ?? null, userCode: true });
  if (loaded === null) {
    throw new TouchmarkError("INPUT_MISSING", "there is no configuration here", {
      expected: DEFAULT_NAMES.join(", "),
      actual: "none of them",
    });
  }
  checkArtifactOptions(loaded, await adaptersOf(ADAPTERS, loaded, true, usedAdapters(loaded)));
  const artifacts = Object.keys(loaded.config.artifacts);
  const parts = expectedPartsOf(loaded.config).length;
  if (context.terminal.json) {
    context.terminal.result(JSON.stringify({ config: loaded.path, ok: true, artifacts, parts }, null, 2));
  } else {
    context.terminal.result(
      `${safe(loaded.path)}: ok    ${counted(artifacts.length, "artifact")}, ${counted(parts, "part")}`,
    );
  }
  return 0;
}
