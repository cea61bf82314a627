import { usage } from "./match.ts";

/** A package of a registry, as a purl names it: without what percent signs and spelling make of one name. */
export interface Package {
  readonly type: PackageType;
  /** `@scope/name` of npm; of PyPI as PEP 503 normalises it. */
  readonly name: string;
  readonly version: string;
}

/** Those of which a file proves name and version by its content. */
const TYPES = ["npm", "pypi", "cargo"] as const;
type PackageType = (typeof TYPES)[number];

/**
 * Reads the purl of a package: `pkg:npm/%40octo/pad@1.0.0`, `pkg:pypi/octo-pad@1.0.0`, `pkg:cargo/pad@1.0.0`.
 * Source: https://github.com/package-url/purl-spec/blob/main/PURL-SPECIFICATION.rst
 *
 * @returns null for what is no such purl, has no version, or says more (qualifiers, a subpath): a file cannot prove that.
 */
export function packageOfPurl(purl: string): Package | null {
  const [, scheme, path = "", encodedVersion = ""] = /^pkg:([a-z]+)\/(.+)@([^/@]+)$/.exec(purl) ?? [];
  const type = TYPES.find((one) => one === scheme);
  if (type === undefined || /[?#]/.test(purl)) return null;
  const written = decoded(path);
  const version = decoded(encodedVersion);
  if (written === null || version === null || ![written, version].every(isAscii)) return null;
  const name = type === "pypi" ? normalisedPypiName(written) : written;
  const isName = type === "npm" ? /^(?:@[^\s@/]+\/)?[^\s@/]+$/ : /^[^\s@/]+$/;
  return isName.test(name) ? { type, name, version } : null;
}

/** Equal for two purls of one package; null for what {@link packageOfPurl} does not read. */
export function packageKey(purl: string): string | null {
  const found = packageOfPurl(purl);
  return found === null ? null : `${found.type}/${found.name}@${found.version}`;
}

/**
 * What a user asks for by a purl.
 *
 * @throws TouchmarkError `USAGE` for what is not the purl of a package with its version.
 */
export function expectedPackage(text: string): string {
  if (packageOfPurl(text) !== null) return text;
  throw usage(
    "this is not a package with its version",
    "pkg:npm/NAME@VERSION, pkg:npm/%40SCOPE/NAME@VERSION, pkg:pypi/NAME@VERSION or pkg:cargo/NAME@VERSION",
    JSON.stringify(text.slice(0, 120)),
  );
}

/** Source: https://packaging.python.org/en/latest/specifications/name-normalization/ */
export function normalisedPypiName(name: string): string {
  return name.replaceAll(/[-_.]+/g, "-").toLowerCase();
}

/** Registries take no other characters; of some, lower case would make one of a name that looks alike. */
function isAscii(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null; // a stray percent sign
  }
}
