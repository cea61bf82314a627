import type { TaggedPackage } from "./tag-rule.ts";

/**
 * The package that one of the names is a purl of: `pkg:npm/%40octo/sdk@1.2.3` is `@octo/sdk` 1.2.3.
 *
 * @returns null where none is, and for a purl that cannot be decoded.
 */
export function taggedPackage(names: readonly string[]): TaggedPackage | null {
  for (const name of names) {
    const [, path, version] = /^pkg:[a-z][a-z0-9.+-]*\/([^@?#]+)(?:@([^?#]+))?/.exec(name) ?? [];
    if (path === undefined) continue;
    try {
      return {
        name: path.split("/").map(decodeURIComponent).join("/"),
        version: version === undefined ? null : decodeURIComponent(version),
      };
    } catch {
      return null;
    }
  }
  return null;
}
