import { normalisedPypiName, packageOfPurl } from "./package-purl.ts";

/**
 * What the customary file names of a package have in common, so that a file can be called by the package that its name
 * stands for: `pkg:npm/%40scope/name@1.2.3` → `scope-name-1.2.3.tgz`. Two packages can share one (`@a/b` and `a-b`), and a
 * Python package has many files, whose names differ in the rest.
 *
 * Sources: https://docs.npmjs.com/cli/v11/commands/npm-pack,
 * https://packaging.python.org/en/latest/specifications/binary-distribution-format/#file-name-convention,
 * https://packaging.python.org/en/latest/specifications/source-distribution-format/#source-distribution-file-name,
 * https://doc.rust-lang.org/cargo/commands/cargo-package.html
 *
 * @returns null when the text is not the purl of a package that is a file.
 */
export function customaryKey(purl: string): string | null {
  const found = packageOfPurl(purl);
  if (found === null) return null;
  const { type, name, version } = found;
  switch (type) {
    case "npm":
      return `${name.replace(/^@/, "").replace("/", "-")}-${version}.tgz`;
    case "pypi":
      return pythonKey(name, version);
    case "cargo":
      return `${name}-${version}.crate`;
  }
}

/** The same of a file's name, whatever is in the file. */
export function fileNameKey(baseName: string): string {
  const [, name, version] =
    /^([^-]+)-([^-]+)(?:-\d[^-]*)?-[^-]+-[^-]+-[^-]+\.whl$/.exec(baseName) ??
    /^(.+)-([^-]+)\.tar\.gz$/.exec(baseName) ??
    [];
  return name === undefined || version === undefined ? baseName : pythonKey(name, version);
}

/** No file name has a NUL in it. */
function pythonKey(name: string, version: string): string {
  return `pypi\0${normalisedPypiName(name)}\0${version}`;
}
