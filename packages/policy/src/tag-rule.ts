import semver from "semver";

/** What the tag that something was built from must be. */
export type TagRule =
  | { readonly kind: "exact"; readonly tag: string }
  | {
      readonly kind: "template";
      /** `sdk@{semver}`; `{pkg}` is the name of the package that is judged. */
      readonly template: string;
      /** What the version must be in; null for any. */
      readonly range: string | null;
    };

/** What a tag is compared with beside the rule: the package that the artifact is; null where it is none. */
export interface TaggedPackage {
  /** `@octo/sdk`. */
  readonly name: string;
  readonly version: string | null;
}

/**
 * Reads `v3.2.0`, `v{semver}`, `v{semver} >=3.2 <4`, `{pkg}@{semver}`.
 *
 * @returns a text that says what is wrong with it.
 */
export function readTagRule(text: string): TagRule | string {
  const space = text.indexOf(" ");
  const [template, range] = space === -1 ? [text, null] : [text.slice(0, space), text.slice(space + 1).trim()];
  if (template === "" || !isTagName(template.replaceAll(/\{(?:semver|pkg)\}/g, "x"))) {
    return "a tag's name, or one with {semver} and {pkg} in it";
  }
  if (!template.includes("{")) {
    return range === null ? { kind: "exact", tag: template } : "a range needs {semver} in the tag: v{semver} >=1.2";
  }
  if (template.split("{semver}").length !== 2) return "{semver} stands in a tag once";
  if (template.split("{pkg}").length > 2) return "{pkg} stands in a tag once at most";
  if (/\}\{/.test(template)) return "something must stand between {pkg} and {semver}";
  const problem = range === null ? null : rangeProblem(range);
  return problem ?? { kind: "template", template, range };
}

/** Why a text is no range of versions, or one that no version is in; null where it is fine. */
export function rangeProblem(range: string): string | null {
  const read = readRange(range);
  if (read === null) return `"${range}" is no range of versions: >=1.2 <2, ^1.4, 3.x`;
  // Nothing behind `||`, and a letter x, are any version to semver.
  if (read.set.some((comparators) => comparators.some(({ value }) => value === ""))) {
    return `any version is in "${range}": leave it out if that is meant`;
  }
  return semver.minVersion(read) === null ? `no version is in "${range}"` : null;
}

function readRange(range: string): semver.Range | null {
  if (range === "") return null; // semver takes it for any version
  try {
    return new semver.Range(range);
  } catch {
    return null;
  }
}

/** As `git check-ref-format` has it, as far as it matters here: no pattern, no blank, no `..`. */
function isTagName(name: string): boolean {
  return !/[\p{Cc}\s~^:?*[\]\\{}]|\.\.|@\{|\/\/|^\/|\/$|\.$|\.lock$/u.test(name);
}

/**
 * Why a tag is not what the rule wants; null where it is.
 *
 * @param tag - without `refs/tags/`.
 */
export function tagProblem(rule: TagRule, tag: string, about: TaggedPackage | null): string | null {
  if (rule.kind === "exact") return tag === rule.tag ? null : tag;
  const { template, range } = rule;
  const usesPackage = template.includes("{pkg}");
  if (usesPackage && about === null) return `${tag}, of what is no package`;
  for (const name of usesPackage ? namesOf(about) : [""]) {
    const [before = "", after = ""] = template.replace("{pkg}", () => name).split("{semver}");
    if (tag.length <= before.length + after.length || !tag.startsWith(before) || !tag.endsWith(after)) continue;
    const version = tag.slice(before.length, tag.length - after.length);
    // Strict: semver itself takes `v` and `=` in front.
    if (!/^\d/.test(version) || semver.valid(version) === null) continue;
    if (range !== null && !semver.satisfies(version, range)) return `${tag}, whose version is not in ${range}`;
    const own = usesPackage ? (about?.version ?? null) : null;
    return own === null || own === version ? null : `${tag}, of a package that says it is ${own}`;
  }
  return tag;
}

/** A package with a scope is tagged with or without it. */
function namesOf(about: TaggedPackage | null): readonly string[] {
  const name = about?.name ?? "";
  return name.includes("/") ? [name, name.slice(name.lastIndexOf("/") + 1)] : [name];
}
