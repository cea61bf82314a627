import { npmPurl, pythonPurl } from "@touchmark/package-identity";
import { readUrl } from "@touchmark/plugin";
import { MAX_TARGET_LENGTH } from "./limits.ts";
import { pastedTarget } from "./pasted-url.ts";
import type { ReleaseTarget } from "./release-target.ts";
import { malformed, unpinned } from "./target-error.ts";

/**
 * Reads `gh:OWNER/REPO@TAG`, `gl:GROUP/PROJECT@TAG`, `gl:https://HOST/GROUP/PROJECT@TAG`, `npm:NAME@VERSION`,
 * `pypi:NAME@VERSION`, `pypi:NAME@VERSION#FILE`, or the address of a release's or a version's page.
 *
 * @throws TouchmarkError `INPUT_INVALID`; `TAG_UNPINNED` for what can be another release tomorrow. No message has userinfo.
 */
export function parseReleaseTarget(text: string): ReleaseTarget {
  if (text.length > MAX_TARGET_LENGTH) throw malformed("a target of at most 2,000 characters", `${text.length}`);
  const scheme = text.slice(0, text.indexOf(":"));
  const rest = text.slice(scheme.length + 1);
  switch (scheme) {
    case "gh":
      return githubTarget(rest);
    case "gl":
      return gitlabTarget(rest);
    case "npm":
      return npmTarget(rest);
    case "pypi":
      return pypiTarget(rest);
    default:
      return checked(pastedTarget(text));
  }
}

function githubTarget(rest: string): ReleaseTarget {
  const [, owner = "", repository = "", tag = ""] = /^([^/@]*)\/([^/@]*)@(.*)$/s.exec(rest) ?? [];
  return checked({ kind: "github", owner, repository, tag });
}

function gitlabTarget(rest: string): ReleaseTarget {
  const [, address, path = rest] = /^(https?:\/\/[^/]*)\/(.*)$/s.exec(rest) ?? [];
  const [, project = "", tag = ""] = /^([^@]*)@(.*)$/s.exec(path) ?? [];
  const instance = address === undefined ? null : originOf(address);
  return checked({ kind: "gitlab", instance, project, tag });
}

/** Without userinfo, which could be a token and stands before the host. */
function originOf(address: string): string {
  const url = /^https?:\/\/[\w.[\]:-]+$/.test(address) ? readUrl(address) : null;
  if (url !== null) return url.origin;
  throw malformed("gl:https://HOST/GROUP/PROJECT@TAG", "an address that names no host in this way");
}

function npmTarget(rest: string): ReleaseTarget {
  const at = rest.lastIndexOf("@");
  const [name, version] = at < 1 ? [rest, ""] : [rest.slice(0, at), rest.slice(at + 1)];
  return checked({ kind: "npm", name, version });
}

function pypiTarget(rest: string): ReleaseTarget {
  const [, name = "", version = "", file = null] = /^([^@#]*)@([^@#]*)(?:#(.*))?$/s.exec(rest) ?? [];
  return checked({ kind: "pypi", name, version, file });
}

function checked<Target extends ReleaseTarget>(target: Target): Target {
  switch (target.kind) {
    case "github":
      if (!/^[A-Za-z0-9][\w-]{0,99}$/.test(target.owner) || !isSegment(target.repository)) {
        throw malformed("gh:OWNER/REPO@TAG", "another form");
      }
      checkTag(target.tag);
      return target;
    case "gitlab":
      if (!target.project.includes("/") || !target.project.split("/").every(isSegment)) {
        throw malformed("gl:GROUP/PROJECT@TAG or gl:https://HOST/GROUP/PROJECT@TAG", "another form");
      }
      checkTag(target.tag);
      return target;
    case "npm":
      if (target.version === "") throw malformed("npm:NAME@VERSION", "no version");
      if (target.version === "latest") throw unpinned("npm:NAME@VERSION", "the tag latest");
      npmPurl(target.name, target.version);
      if (!/^\d/.test(target.version)) throw malformed("a version such as 1.2.3", JSON.stringify(target.version));
      return target;
    case "pypi":
      if (target.version === "") throw malformed("pypi:NAME@VERSION or pypi:NAME@VERSION#FILE", "no version");
      if (target.file === "") throw malformed("pypi:NAME@VERSION#FILE", "no file after #");
      try {
        pythonPurl(target.name, target.version);
      } catch {
        throw malformed("pypi:NAME@VERSION", "a name or a version that PyPI would not take");
      }
      return target;
  }
}

function isSegment(text: string): boolean {
  return /^[\w.-]{1,255}$/.test(text) && text !== "." && text !== "..";
}

/** What git allows in the name of a ref: https://git-scm.com/docs/git-check-ref-format */
function checkTag(tag: string): void {
  if (tag === "") throw malformed("a tag after @", "none");
  const isRef =
    tag.length <= 255 &&
    tag.isWellFormed() &&
    !/[\p{C}\p{Zl}\p{Zp}\s~^:?*[\\]/u.test(tag) &&
    !/\.\.|@\{|\/\/|(?:^|\/)\.|\.lock(?:\/|$)/.test(tag) &&
    !/^[-/]|[./]$/.test(tag);
  if (!isRef) throw malformed("the name of a tag", JSON.stringify(tag.slice(0, 100)));
}
