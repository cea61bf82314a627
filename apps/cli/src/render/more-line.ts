import type { CheckReport } from "@touchmark/engine";
import { failingAmong } from "./failing.ts";
import { shellWord } from "./shell-word.ts";
import { safe } from "./terminal.ts";

/** What to type to know more of what does not hold; nothing where an explanation follows. */
export function moreLine({ artifacts, findings, explanation }: CheckReport): readonly string[] {
  const [first] = failingAmong(artifacts);
  const [finding] = [...(first?.findings ?? []), ...findings];
  if (finding === undefined || explanation !== undefined) return [];
  const walk = first === undefined ? "" : `; the same command with --explain ${safe(shellWord(first.name))}`;
  return [`  more          touchmark explain ${finding.code}${walk}`];
}
