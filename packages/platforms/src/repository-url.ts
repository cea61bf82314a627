/** Forges where `git@host:o/r.git`, `ssh://git@host/o/r` and `https://host/o/r` are known to be one repository. */
const FORGES = ["github.com", "gitlab.com", "bitbucket.org", "codeberg.org"];

/** Longer ones are no address of a repository. Unit: UTF-16 code units. */
const MAX_URL_LENGTH = 2048;

/**
 * A remote as a statement may name it: absolute, without userinfo, query and fragment (all three can hold a token).
 *
 * On the forges that we know it is `https://host/owner/name`. Elsewhere the transport stays, since only the server's
 * operator knows whether another one leads to the same repository: `ssh://host/path.git`.
 *
 * @returns null for what must not or cannot be named: local paths, `file:`, remote helpers (`ext::…`), and host names
 * without a dot in the `host:path` form, which are as a rule aliases in somebody's own ssh or git configuration.
 */
export function repositoryUrl(remote: string): string | null {
  // The WHATWG parser drops tabs and line ends in silence; "@refs/" would be taken for the ref of a source URI.
  if (remote.length > MAX_URL_LENGTH || /[\p{Cc}\s\\]|@refs\//u.test(remote) || remote.includes("::")) return null;
  const url = remote.includes("://") ? parseUrl(remote) : parseScpLike(remote);
  if (url === null) return null;
  const path = url.path.replace(/\/+$/, "");
  if (!/^\/[^/]/.test(path) || /(?:^|\/)\.\.?(?:\/|$)/.test(path)) return null;
  if (!FORGES.includes(url.host)) return `${url.scheme}://${url.host}${path}`;
  return `https://${url.host}${path.replace(/\.git$/, "")}`;
}

interface Address {
  readonly scheme: "https" | "http" | "ssh" | "git";
  /** With the port, where it is not the scheme's own. */
  readonly host: string;
  readonly path: string;
}

const SCHEMES: ReadonlyMap<string, Address["scheme"]> = new Map([
  ["https:", "https"],
  ["http:", "http"],
  ["ssh:", "ssh"],
  // gitprotocol: spellings of ssh that git still accepts.
  ["git+ssh:", "ssh"],
  ["ssh+git:", "ssh"],
  ["git:", "git"],
]);

const DEFAULT_PORTS: Readonly<Record<Address["scheme"], string>> = { https: "443", http: "80", ssh: "22", git: "9418" };

function parseUrl(remote: string): Address | null {
  const url = URL.canParse(remote) ? new URL(remote) : null;
  const scheme = url === null ? undefined : SCHEMES.get(url.protocol);
  if (url === null || scheme === undefined || url.hostname === "") return null;
  const port = url.port === "" || url.port === DEFAULT_PORTS[scheme] ? "" : `:${url.port}`;
  return { scheme, host: `${url.hostname.toLowerCase()}${port}`, path: url.pathname };
}

/** `[user@]host:path` (git-clone, GIT URLS): ssh, with a path that the server resolves. */
function parseScpLike(remote: string): Address | null {
  const match = /^(?:[^@/:]+@)?([A-Za-z0-9.-]+\.[A-Za-z0-9-]+):(.+)$/.exec(remote);
  if (match?.[1] === undefined || match[2] === undefined) return null;
  return { scheme: "ssh", host: match[1].toLowerCase(), path: `/${match[2].replace(/^\/+/, "")}` };
}
