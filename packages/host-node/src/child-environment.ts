/** An environment, handed in by the application. */
export type Env = Readonly<Record<string, string | undefined>>;

/** Where programs, homes and temporary folders are, how people want to be spoken to. */
const PLACES = [
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "TMPDIR",
  "TMP",
  "TEMP",
  "TZ",
  "LANG",
  "LANGUAGE",
  "SOURCE_DATE_EPOCH",
];

/** What a program on Windows does not start without. */
const WINDOWS = [
  "SYSTEMROOT",
  "SYSTEMDRIVE",
  "COMSPEC",
  "PATHEXT",
  "WINDIR",
  "APPDATA",
  "LOCALAPPDATA",
  "USERPROFILE",
  "PROGRAMFILES",
];

/** How to reach a registry: proxies, certificates, and npm's own settings without its tokens. */
const NETWORK = [
  ...["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"],
  ...["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "SSL_CERT_DIR"],
  ...["NPM_CONFIG_REGISTRY", "NPM_CONFIG_CACHE", "NPM_CONFIG_CAFILE", "NPM_CONFIG_USERCONFIG"],
];

const KEPT = new Set([...PLACES, ...WINDOWS, ...NETWORK]);

/**
 * The variables that a command gets: a short list of names, so that a token which happens to be set in a job is not
 * handed to every tool that we start.
 *
 * @param more - set on top, on purpose, by whoever runs the command.
 */
export function childEnvironment(env: Env, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const kept = Object.entries(env).filter((entry): entry is [string, string] => {
    const name = entry[0].toUpperCase();
    return entry[1] !== undefined && (KEPT.has(name) || name.startsWith("LC_"));
  });
  return { ...Object.fromEntries(kept), ...more };
}
