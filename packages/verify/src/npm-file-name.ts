/**
 * The file name that `npm pack` gives a package: `pkg:npm/%40scope/name@1.2.3` → `scope-name-1.2.3.tgz`.
 * Source: https://docs.npmjs.com/cli/v11/commands/npm-pack ; two packages can have one file name (`@a/b` and `a-b`).
 *
 * @returns null when the text is not the purl of an npm package with a version.
 */
export function customaryFileName(purl: string): string | null {
  const match = /^pkg:npm\/(?:(?:%40|@)([^/@?#]+)\/)?([^/@?#]+)@([^/@?#]+)$/.exec(purl);
  if (match?.[2] === undefined || match[3] === undefined) return null;
  const [, scope, name, version] = match;
  try {
    return `${scope === undefined ? "" : `${scope}-`}${name}-${decodeURIComponent(version)}.tgz`;
  } catch {
    return null; // a stray percent sign: not a purl
  }
}

/** True for a name that a package file can prove from its content. */
export function isNpmPurl(name: string): boolean {
  return name.startsWith("pkg:npm/");
}
