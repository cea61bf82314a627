import type { CheckReport } from "@touchmark/engine";
import { isIdentityTrust, releasesIn } from "@touchmark/verify";
import type { Context } from "../context.ts";
import { safe } from "../render/terminal.ts";
import type { StateFile } from "../state-file.ts";
import type { Belief } from "./belief.ts";
import type { AuthenticPolicy } from "./signed-policy.ts";

/**
 * Before the verdict is printed: one that could not be remembered would let an older release pass the next time. A signed
 * policy or trust file counts as seen whatever it led to.
 */
export async function remember(
  context: Context,
  state: StateFile,
  report: CheckReport,
  { trust, trustFiles }: Belief,
  signed: AuthenticPolicy | null,
): Promise<void> {
  const { recordRules, recordSeen } = await import("../state-file.ts");
  const files = trustFiles.flatMap((file) => file.signed ?? []);
  await recordRules(context, state.name, signed, files);
  if (report.result !== "verified") return;
  const statements = report.artifacts.flatMap((artifact) => artifact.statements);
  const { listedIn } = await import("./listed-in.ts");
  const releases = { ...releasesIn(statements), ...listedIn(report) };
  const roots = trust.filter(isIdentityTrust).flatMap(({ roots: one }) => one.instances());
  await recordSeen(context, state.name, { roots, releases });
  const { terminal } = context;
  if (state.digest === null)
    terminal.note(`${safe(state.name)} is new: nothing was seen before that could be compared`);
  if (Object.keys(releases).length === 0) {
    terminal.note("no artifact names a release (a tag with a version), so none can be compared with another");
  }
}
