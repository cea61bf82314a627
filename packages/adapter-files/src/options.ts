import { TouchmarkError } from "@touchmark/core";
import * as z from "zod";

/** The option `expect` of every adapter here. */
export const Expect = z
  .union([z.array(z.string().min(1)).min(1), z.number().int().positive()])
  .describe("names of the artifacts that must be there and no others, or how many");

/** A path in the options: as the user wrote it, relative to the workspace or absolute. */
export const Path = z.string().min(1).max(4096);

/**
 * The text after the colon of `--from NAME:PATH`, for adapters that read nothing unless told where.
 *
 * @throws TouchmarkError `USAGE` when there is none.
 */
export function requireArgument(argument: string | null, form: string): string {
  if (argument !== null && argument !== "") return argument;
  throw new TouchmarkError("USAGE", `--from ${form.split(":")[0]} does not say what to read`, {
    expected: `--from ${form}`,
    actual: "nothing after the colon",
  });
}

/** The last segment of a path, for messages and names. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
