import { checkSubjectName, isPurl, TouchmarkError } from "@touchmark/core";

/**
 * Refuses what core refuses in any subject's name, and a file's name that verifiers would read as a package's: a file
 * could otherwise pass for `pkg:npm/left-pad@1.3.0`.
 *
 * @throws TouchmarkError `NAME_REFUSED`, with the name escaped.
 */
export function checkFileName(name: string): void {
  checkSubjectName(name);
  if (!isPurl(name)) return;
  throw new TouchmarkError("NAME_REFUSED", `the file name ${JSON.stringify(name.slice(0, 200))} is refused`, {
    expected: "a name that is not a package's",
    actual: "the start of a purl",
  });
}

/**
 * Refuses `-` in a list: the tool that wrote it hashed standard input, and no file of that name was meant.
 *
 * @throws TouchmarkError `NAME_REFUSED`.
 */
export function refuseStandardInput(name: string): void {
  if (name !== "-") return;
  throw new TouchmarkError("NAME_REFUSED", 'the listed name "-" is refused', {
    expected: "the name of a file",
    actual: "standard input",
  });
}
