import { realpath } from "node:fs/promises";
import path from "node:path";
import { TouchmarkError } from "@touchmark/core";
import type { PolicyPlace } from "./policy-place.ts";

/**
 * A release must not bring the rules by which it is judged, links followed on both sides; nor a link that leads to them: which
 * rules count would be its choice.
 *
 * @param place.file - absolute.
 * @param targets - paths that are verified.
 * @throws TouchmarkError `POLICY_INSIDE_TARGET`
 */
export async function refuseInside(
  cwd: string,
  { file, label }: PolicyPlace,
  targets: readonly string[],
): Promise<void> {
  const own = await placesOf(file);
  for (const target of targets) {
    const place = await real(path.resolve(cwd, target));
    if (!own.some((one) => one === place || one.startsWith(place.endsWith(path.sep) ? place : place + path.sep)))
      continue;
    throw new TouchmarkError("POLICY_INSIDE_TARGET", `${label} lies in what is to be verified`, {
      expected: "one from a place of your own",
      actual: `one in ${target}`,
    });
  }
}

/** Where a file truly lies, and where each link lies that may lead to it. */
async function placesOf(file: string): Promise<readonly string[]> {
  const places = [await real(file)];
  for (let at = file; path.dirname(at) !== at; at = path.dirname(at)) {
    places.push(path.join(await real(path.dirname(at)), path.basename(at)));
  }
  return places;
}

/** Nothing there: whoever reads it says so. */
function real(file: string): Promise<string> {
  return realpath(file).catch(() => file);
}
