import type { CheckReport } from "@touchmark/engine";
import { isIdentityTrust, releasesIn, type Trust } from "@touchmark/verify";
import type { Context } from "../context.ts";
import { safe } from "../render/terminal.ts";
import type { StateFile } from "../state-file.ts";
import type { AuthenticPolicy } from "./signed-policy.ts";

/**
 * Before the verdict is printed: one that could not be remembered would let an older release pass the next time. A signed
 * policy counts as seen whatever it led to.
 */
export async function remember(
  context: Context,
  state: StateFile,
  report: CheckReport,
  trust: readonly Trust[],
  signed: AuthenticPolicy | null,
): Promise<void> {
  const policies =
    signed === null ? {} : { policies: { [signed.key]: { revision: signed.revision, digest: signed.digest } } };
  if (report.result !== "verified") {
    if (signed !== null) await (await import("../state-file.ts")).recordSeen(context, state.name, policies);
    return;
  }
  const statements = report.artifacts.flatMap((artifact) => artifact.statements);
  const { listedIn } = await import("./listed-in.ts");
  const releases = { ...releasesIn(statements), ...listedIn(report) };
  const roots = trust.filter(isIdentityTrust).flatMap(({ roots: one }) => one.instances());
  const { recordSeen } = await import("../state-file.ts");
  await recordSeen(context, state.name, { roots, releases, ...policies });
  const { terminal } = context;
  if (state.digest === null)
    terminal.note(`${safe(state.name)} is new: nothing was seen before that could be compared`);
  if (Object.keys(releases).length === 0) {
    terminal.note("no artifact names a release (a tag with a version), so none can be compared with another");
  }
}
