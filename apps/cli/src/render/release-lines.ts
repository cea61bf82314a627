import type { CheckReport } from "@touchmark/engine";
import { someOf } from "./some-of.ts";
import { safe } from "./terminal.ts";

/** Which release it is, and what a list that nobody demanded has to say. */
export function releaseLines({ required, lists }: NonNullable<CheckReport["release"]>): readonly string[] {
  return lists.flatMap(({ series, version, bundle, absent, unlisted }) => [
    `  release       ${safe(`${series} ${version}, as ${bundle} lists it`)}`,
    ...(required || absent.count === 0
      ? []
      : [`  listed        and not here: ${someOf(absent.names, absent.count)} (--release wants them all)`]),
    ...(required || unlisted.count === 0
      ? []
      : [`  not listed    ${someOf(unlisted.names, unlisted.count)} (--release wants no others)`]),
  ]);
}
