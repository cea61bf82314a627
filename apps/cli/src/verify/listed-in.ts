import type { CheckReport } from "@touchmark/engine";
import { listedRelease, type SeenReleases } from "@touchmark/verify";

/** The release that a list names. A list that nobody demanded decided nothing, and is not remembered. */
export function listedIn({ release }: CheckReport): SeenReleases {
  const [list] = release?.required === true ? release.lists : [];
  return list === undefined ? {} : listedRelease(list);
}
