import { TouchmarkError } from "@touchmark/core";
import { argumentSettings } from "@touchmark/plugin";
import type { BuildxOptions } from "./options.ts";

const FORM = "buildx:FILE, buildx:LAYOUT, buildx:- or buildx:HOST/REPOSITORY@sha256:DIGEST";
/** What may follow the path: `metadata.json,layout=image.tar,only=app`. */
const KEYS = ["layout", "repository", "only"];

/**
 * Reads what follows `--from buildx:`.
 *
 * @throws TouchmarkError `USAGE` without a path; as `argumentSettings`.
 */
export function optionsFromArgument(argument: string | null): Partial<BuildxOptions> {
  const { path, settings } = argumentSettings(argument ?? "", "buildx", KEYS, ["only"]);
  if (path === "") {
    throw new TouchmarkError("USAGE", "--from buildx does not say what to read", {
      expected: `--from ${FORM}`,
      actual: "nothing after the colon",
    });
  }
  const only = settings.flatMap(({ key, value }) => (key === "only" ? [value] : []));
  const single = settings.filter(({ key }) => key !== "only").map(({ key, value }) => [key, value]);
  return {
    ...(/@sha(?:256|512):[^/]*$/.test(path) ? { image: path } : { metadata: path }),
    ...Object.fromEntries(single),
    ...(only.length === 0 ? {} : { only }),
  };
}
