/** What Git assumes where a URL names no port: https://git-scm.com/docs/git-clone#_git_urls */
const DEFAULT_PORTS: ReadonlyMap<string, string> = new Map([
  ["https", ":443"],
  ["http", ":80"],
  ["ssh", ":22"],
  ["git", ":9418"],
]);

/**
 * A text by which addresses of one repository are equal: without scheme and its default port, userinfo, `.git`, slashes
 * at the end and case of the host. `https://GitHub.com/octo/widgets.git` and `git@github.com:octo/widgets` are one; the
 * case of the path counts, since most hosts tell paths apart.
 */
export function comparableRepository(repository: string): string {
  const plain = repository.startsWith("git+") ? repository.slice("git+".length) : repository;
  const url = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(plain);
  return url === null ? fromScpForm(plain) : fromUrl((url[1] ?? "").toLowerCase(), url[2] ?? "");
}

/**
 * True where two addresses are of one repository, however each is written ({@link comparableRepository}); an address that nobody
 * says is never of the same. What a certificate says is compared with what a user names exactly, and not by this: an
 * authority writes each address in one way.
 */
export function sameRepository(one: string | null, other: string | null): boolean {
  return one !== null && other !== null && comparableRepository(one) === comparableRepository(other);
}

/**
 * The comparable text of a repository that others can reach: `github.com/octo/widgets`.
 *
 * @returns null for anything that is not on a named host, such as a path of this machine.
 */
export function hostedRepository(remote: string): string | null {
  const plain = comparableRepository(remote);
  return /^[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?(?:\/[\w.~-]+)+$/.test(plain) ? plain : null;
}

/** The SPDX download location of a repository: `git+https://…`; the `host:path` form, which is no URI, as ssh. */
export function gitUri(repository: string): string {
  const scp = /^((?:[^@/:]*@)?[^/:]+):(?!\/\/)\/*(.*)$/s.exec(repository);
  return scp === null ? `git+${repository}` : `git+ssh://${scp[1]}/${scp[2]}`;
}

function fromUrl(scheme: string, rest: string): string {
  const slash = rest.indexOf("/");
  const authority = slash === -1 ? rest : rest.slice(0, slash);
  const host = authority.slice(authority.lastIndexOf("@") + 1).toLowerCase();
  const port = DEFAULT_PORTS.get(scheme);
  return joined(
    port !== undefined && host.endsWith(port) ? host.slice(0, -port.length) : host,
    slash === -1 ? "" : rest.slice(slash),
  );
}

/** `git@host:path`, where a colon before the first slash ends the host and no port can stand; or `host/path`. */
function fromScpForm(plain: string): string {
  const bare = plain.replace(/^[^@/:]*@/, "");
  const end = bare.search(/[:/]/);
  return end === -1 ? bare.toLowerCase() : joined(bare.slice(0, end).toLowerCase(), bare.slice(end + 1));
}

function joined(host: string, path: string): string {
  const trimmed = withoutOuterSlashes(path);
  return `${host}/${withoutOuterSlashes(trimmed.endsWith(".git") ? trimmed.slice(0, -".git".length) : trimmed)}`;
}

/** By hand: the regular expression for it takes quadratic time on a text of slashes. */
function withoutOuterSlashes(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text[start] === "/") start += 1;
  while (end > start && text[end - 1] === "/") end -= 1;
  return text.slice(start, end);
}
