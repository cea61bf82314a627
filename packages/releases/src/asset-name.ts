import { checkSubjectName, compareText, TouchmarkError } from "@touchmark/core";
import { MAX_ASSETS, MAX_FILE_NAME_BYTES } from "./limits.ts";

/**
 * Refuses a name that would not be one file in one folder: a separator, `.` and `..`, a colon, which is one on Windows.
 *
 * @returns the name.
 * @throws TouchmarkError `NAME_REFUSED`, with the name escaped.
 */
function checkAssetName(name: string): string {
  checkSubjectName(name);
  const length = new TextEncoder().encode(name).byteLength;
  if (!/[/:]/.test(name) && length <= MAX_FILE_NAME_BYTES) return name;
  throw new TouchmarkError("NAME_REFUSED", `the file name ${JSON.stringify(name.slice(0, 200))} is refused`, {
    expected: `one name of at most ${MAX_FILE_NAME_BYTES} bytes, without / and :`,
    actual: length > MAX_FILE_NAME_BYTES ? `${length} bytes` : "a separator in it",
  });
}

/**
 * The same for all files of a release, in one order.
 *
 * @throws TouchmarkError `NAME_REFUSED`; `LIMIT_EXCEEDED`; `SERVICE_INVALID` for a name that comes twice.
 */
export function checkAssets<Named extends { readonly name: string }>(assets: readonly Named[], label: string) {
  if (assets.length > MAX_ASSETS) throw tooMany(label);
  const sorted = [...assets].sort((left, right) => compareText(left.name, right.name));
  for (const [index, { name }] of sorted.entries()) {
    checkAssetName(name);
    if (sorted[index - 1]?.name !== name) continue;
    throw new TouchmarkError("SERVICE_INVALID", `${label} has two files of one name`, {
      expected: "each name once",
      actual: JSON.stringify(name),
    });
  }
  return sorted;
}

export function tooMany(label: string): TouchmarkError {
  return new TouchmarkError("LIMIT_EXCEEDED", `${label} has too many files`, {
    expected: `at most ${MAX_ASSETS}`,
    actual: "more",
  });
}
