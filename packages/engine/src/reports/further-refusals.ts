import type { ArtifactReport } from "../report.ts";
import { findingText } from "./finding-text.ts";

/** What the findings of an artifact leave out: why other evidence about it does not count, a line each. */
export function furtherRefusals({ findings, refusals }: ArtifactReport): readonly string[] {
  const [first, ...others] = refusals.listed;
  if (first === undefined) return [];
  const isShown = findings.some(({ code, message }) => code === first.code && message.endsWith(first.message));
  const listed = isShown ? others : refusals.listed;
  const more = refusals.count - refusals.listed.length;
  return [
    ...listed.map((one) => `also refused: ${one.bundle}: ${findingText(one)}`),
    ...(more > 0 ? [`and ${more} more ${more === 1 ? "refusal" : "refusals"}`] : []),
  ];
}
