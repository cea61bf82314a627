import { npmPurl, pythonPurl } from "@touchmark/package-identity";

/** A release on a host of releases, or a version in a registry of packages. */
export type ReleaseTarget = GithubRelease | GitlabRelease | NpmVersion | PypiVersion;

export interface GithubRelease {
  readonly kind: "github";
  readonly owner: string;
  readonly repository: string;
  readonly tag: string;
}

export interface GitlabRelease {
  readonly kind: "gitlab";
  /** `https://gitlab.example.com` where the target names the instance; null for the one that the caller has. */
  readonly instance: string | null;
  /** With its groups: `group/subgroup/project`. */
  readonly project: string;
  readonly tag: string;
}

export interface NpmVersion {
  readonly kind: "npm";
  /** `name` or `@scope/name`. */
  readonly name: string;
  readonly version: string;
}

export interface PypiVersion {
  readonly kind: "pypi";
  readonly name: string;
  readonly version: string;
  /** The one file that is meant; null for all files of the version. */
  readonly file: string | null;
}

/** A target in the one form in which reports call it. */
export function releaseText(target: ReleaseTarget): string {
  switch (target.kind) {
    case "github":
      return `gh:${target.owner}/${target.repository}@${target.tag}`;
    case "gitlab":
      return `gl:${target.instance === null ? "" : `${target.instance}/`}${target.project}@${target.tag}`;
    case "npm":
      return `npm:${target.name}@${target.version}`;
    case "pypi":
      return `pypi:${target.name}@${target.version}${target.file === null ? "" : `#${target.file}`}`;
  }
}

/** A release, as whoever asked for it named it. */
export interface AskedRelease {
  /** On its host: `octo/tool`, `group/subgroup/project`. */
  readonly repository: string;
  /** Without `refs/tags/`. */
  readonly tag: string;
}

/** What provenance of the target's files should be of; null for packages, which have versions instead. */
export function askedRelease(target: ReleaseTarget): AskedRelease | null {
  switch (target.kind) {
    case "github":
      return { repository: `${target.owner}/${target.repository}`, tag: target.tag };
    case "gitlab":
      return { repository: target.project, tag: target.tag };
    case "npm":
    case "pypi":
      return null;
  }
}

/** The purl of the package that every file of the target must be; null where files are no package in particular. */
export function packageOf(target: ReleaseTarget): string | null {
  switch (target.kind) {
    case "github":
    case "gitlab":
      return null;
    case "npm":
      return npmPurl(target.name, target.version);
    case "pypi":
      return pythonPurl(target.name, target.version);
  }
}
