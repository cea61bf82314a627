import { readUrl } from "@touchmark/plugin";
import type { ReleaseTarget } from "./release-target.ts";
import { malformed, unpinned } from "./target-error.ts";

const FORMS =
  "gh:OWNER/REPO@TAG, gl:GROUP/PROJECT@TAG, npm:NAME@VERSION, pypi:NAME@VERSION, or the address of a release's page on GitHub, GitLab, npmjs.com or pypi.org";

/**
 * The release that a page in a browser shows. What stands after `?` and `#` says nothing of it.
 *
 * @throws TouchmarkError `INPUT_INVALID`, `TAG_UNPINNED`.
 */
export function pastedTarget(text: string): ReleaseTarget {
  const url = readUrl(text);
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:"))
    throw malformed(FORMS, "another address");
  if (url.username !== "" || url.password !== "") throw malformed("an address without userinfo", "one with it");
  const path = decodedPath(url);
  const isGitlab = path.includes("-");
  if (url.protocol === "http:" && !isGitlab) throw malformed("an https address", "an http address");
  if (isGitlab) return gitlabPage(url, path);
  switch (url.host) {
    case "github.com":
      return githubPage(path);
    case "www.npmjs.com":
    case "npmjs.com":
      return npmPage(path);
    case "pypi.org":
      return pypiPage(path);
    default:
      throw malformed(FORMS, `a page of ${url.host}`);
  }
}

/** The segments; a slash that is encoded does not end one. */
function decodedPath(url: URL): readonly string[] {
  try {
    return url.pathname
      .replace(/^\/|\/$/g, "")
      .split("/")
      .map(decodeURIComponent);
  } catch {
    throw malformed(FORMS, "an address that is not encoded well");
  }
}

/** `/OWNER/REPO/releases/tag/TAG`; a tag may have slashes. */
function githubPage([owner = "", repository = "", releases, tag, ...rest]: readonly string[]): ReleaseTarget {
  if (releases === "releases" && tag === "tag" && rest.length > 0) {
    return { kind: "github", owner, repository, tag: rest.join("/") };
  }
  if (releases === "releases" && (tag === "latest" || tag === undefined)) {
    throw unpinned("https://github.com/OWNER/REPO/releases/tag/TAG", "the latest release");
  }
  throw malformed("https://github.com/OWNER/REPO/releases/tag/TAG", "another page of github.com");
}

/** `/GROUP/PROJECT/-/releases/TAG` on any host; the `-` is what GitLab alone has. */
function gitlabPage({ origin }: URL, path: readonly string[]): ReleaseTarget {
  const dash = path.indexOf("-");
  const [releases, ...tag] = path.slice(dash + 1);
  if (releases !== "releases" || tag.length === 0) {
    throw malformed("https://HOST/GROUP/PROJECT/-/releases/TAG", "another page");
  }
  const instance = origin === "https://gitlab.com" ? null : origin;
  return { kind: "gitlab", instance, project: path.slice(0, dash).join("/"), tag: tag.join("/") };
}

/** `/package/NAME/v/VERSION`. */
function npmPage([section, ...rest]: readonly string[]): ReleaseTarget {
  const scoped = rest[0]?.startsWith("@") === true && !rest[0].includes("/");
  const name = rest.slice(0, scoped ? 2 : 1).join("/");
  const [v, version = ""] = rest.slice(scoped ? 2 : 1);
  if (section === "package" && v === "v" && version !== "") return { kind: "npm", name, version };
  if (section === "package" && v === undefined) throw unpinned("npm:NAME@VERSION", "a page of its newest version");
  throw malformed("https://www.npmjs.com/package/NAME/v/VERSION", "another page");
}

/** `/project/NAME/VERSION/`. */
function pypiPage([section, name = "", version = ""]: readonly string[]): ReleaseTarget {
  if (section === "project" && version !== "") return { kind: "pypi", name, version, file: null };
  if (section === "project") throw unpinned("pypi:NAME@VERSION", "a page of its newest version");
  throw malformed("https://pypi.org/project/NAME/VERSION/", "another page");
}
