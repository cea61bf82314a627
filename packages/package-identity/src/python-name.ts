import { MAX_REGISTRY_NAME_LENGTH } from "./limits.ts";
import { unreadable } from "./unreadable.ts";

/** Source: https://packaging.python.org/en/latest/specifications/name-normalization/ */
export function normalisedPythonName(name: string): string {
  return name.replaceAll(/[-_.]+/g, "-").toLowerCase();
}

/**
 * `pkg:pypi/octo-pad@1.0.0`: the name as PyPI compares it, the version as it is written.
 *
 * @throws TouchmarkError `PACKAGE_UNREADABLE` for a name or a version that PyPI would not take.
 */
export function pythonPurl(name: string, version: string): string {
  if (name.length > MAX_REGISTRY_NAME_LENGTH || !/^[A-Z0-9](?:[A-Z0-9._-]*[A-Z0-9])?$/i.test(name)) {
    throw unreadable("a Python package has a name that PyPI would not take", "letters, digits and - . _", shown(name));
  }
  // The characters of PEP 440, before anything of it is normalised.
  if (version.length > MAX_REGISTRY_NAME_LENGTH || !/^[A-Z0-9][A-Z0-9.!+_-]*$/i.test(version)) {
    throw unreadable("a Python package has a version that PyPI would not take", "one as 1.2.3", shown(version));
  }
  return `pkg:pypi/${normalisedPythonName(name)}@${encodeURIComponent(version)}`;
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}
