import { TouchmarkError } from "@touchmark/core";
import type { BuildxOptions } from "./options.ts";

const FORM = "buildx:FILE, buildx:LAYOUT, buildx:- or buildx:HOST/REPOSITORY@sha256:DIGEST";
/** What may follow the path: `metadata.json,layout=image.tar,only=app`. */
const KEYS = ["layout", "repository", "only"] as const;

/**
 * Reads what follows `--from buildx:`. Only `,NAME=` with a name that reads like an option ends the path, so that
 * a comma may stand in one.
 *
 * @throws TouchmarkError `USAGE` without a path, for an option that does not exist, is empty or comes twice.
 */
export function optionsFromArgument(argument: string | null): Partial<BuildxOptions> {
  const [path = "", ...settings] = (argument ?? "").split(/,(?=[a-z]+=)/);
  if (path === "") throw usage("--from buildx does not say what to read", `--from ${FORM}`, "nothing after the colon");
  const given = settings.map(readSetting);
  const only = given.flatMap(({ key, value }) => (key === "only" ? [value] : []));
  const single = (key: "layout" | "repository") => {
    const [value, another] = given.filter((one) => one.key === key);
    if (another === undefined) return value === undefined ? {} : { [key]: value.value };
    throw usage(`--from buildx has ${key}= twice`, `one ${key}=`, `${value?.value} and ${another.value}`);
  };
  return {
    ...(/@sha(?:256|512):[^/]*$/.test(path) ? { image: path } : { metadata: path }),
    ...single("layout"),
    ...single("repository"),
    ...(only.length === 0 ? {} : { only }),
  };
}

function readSetting(text: string): { readonly key: (typeof KEYS)[number]; readonly value: string } {
  const equals = text.indexOf("=");
  const [name, value] = [text.slice(0, equals), text.slice(equals + 1)];
  const key = KEYS.find((one) => one === name);
  if (key !== undefined && value !== "") return { key, value };
  throw usage(
    `--from buildx cannot read ${JSON.stringify(text.slice(0, 200))}`,
    KEYS.map((one) => `,${one}=VALUE`).join(" "),
    key === undefined ? "an option that it does not have" : "an empty value",
  );
}

function usage(message: string, expected: string, actual: string): TouchmarkError {
  return new TouchmarkError("USAGE", message, { expected, actual });
}
