import { decodeBase64, MAX_SMALL_FILE_BYTES, parseJson, TouchmarkError } from "@touchmark/core";
import { type RegistryCredentials, readUrl, registryAddress } from "@touchmark/plugin";
import * as z from "zod";

/** What we read of it: https://github.com/docker/cli/blob/v28.0.0/cli/config/configfile/file.go */
const DockerConfig = z.object({
  auths: z
    .record(
      z.string(),
      z.object({
        auth: z.string().optional(),
        username: z.string().optional(),
        password: z.string().optional(),
        identitytoken: z.string().optional(),
      }),
    )
    .nullish(),
  credHelpers: z.record(z.string(), z.string()).nullish(),
  credsStore: z.string().nullish(),
});
export type DockerConfig = z.infer<typeof DockerConfig>;

/** Where a registry's credentials are. */
export type CredentialSource =
  | { readonly kind: "none" }
  | { readonly kind: "stored"; readonly credentials: RegistryCredentials }
  /** `command` is run with the argument `get`, and gets `server` on its standard input. */
  | { readonly kind: "helper"; readonly command: string; readonly server: string };

/** Under this key docker stores what Docker Hub wants, and by this name it asks helpers. */
const DOCKER_HUB_KEY = "https://index.docker.io/v1/";

/**
 * Reads docker's config.json, or podman's auth.json, which has the same form.
 *
 * @param what - for messages; they never hold any of the content, which is secret.
 * @throws TouchmarkError `CREDENTIALS_UNREADABLE`.
 */
export function parseDockerConfig(bytes: Uint8Array, what: string): DockerConfig {
  const parsed = DockerConfig.safeParse(secretJson(bytes, what));
  if (!parsed.success) throw unreadable(what, "auths, credHelpers and credsStore as docker writes them", "other types");
  return parsed.data;
}

/**
 * Where the configuration keeps what it has for a registry, in docker's order: a helper for this registry, the store for
 * all, what is written in it. Hosts are compared whole, never by a part.
 *
 * @param registry - `host[:port]`.
 * @throws TouchmarkError `CREDENTIALS_UNREADABLE` for an entry that is not well formed; `INPUT_INVALID`.
 */
export function credentialSource(config: DockerConfig, registry: string, what: string): CredentialSource {
  const name = registryAddress(registry).registry;
  const helper = entryFor(config.credHelpers ?? {}, name) ?? config.credsStore ?? "";
  if (helper !== "") {
    return { kind: "helper", command: commandOf(helper, what), server: name === "docker.io" ? DOCKER_HUB_KEY : name };
  }
  const entry = entryFor(config.auths ?? {}, name);
  if (entry === undefined) return { kind: "none" };
  if (entry.identitytoken) return stored({ kind: "identity-token", token: entry.identitytoken });
  if (entry.auth) return stored(basicOf(entry.auth, `${what}, the entry for ${name}`));
  if (!entry.username || !entry.password) return { kind: "none" };
  return stored({ kind: "basic", username: entry.username, password: entry.password });
}

/**
 * Reads what a credential helper printed: https://github.com/docker/docker-credential-helpers#development
 *
 * @returns null where it knows nothing.
 * @throws TouchmarkError `CREDENTIALS_UNREADABLE`.
 */
export function parseHelperOutput(stdout: Uint8Array, what: string): RegistryCredentials | null {
  const parsed = z.object({ Username: z.string(), Secret: z.string() }).safeParse(secretJson(stdout, what));
  if (!parsed.success) throw unreadable(what, "an object with Username and Secret", "something else");
  const { Username: username, Secret: secret } = parsed.data;
  if (secret === "") return null;
  return username === "<token>"
    ? { kind: "identity-token", token: secret }
    : { kind: "basic", username, password: secret };
}

/** True for what a helper prints when it has nothing for a server. */
export function saysNotFound(stdout: Uint8Array): boolean {
  return new TextDecoder().decode(stdout).trim() === "credentials not found in native keychain";
}

function stored(credentials: RegistryCredentials): CredentialSource {
  return { kind: "stored", credentials };
}

/** The entry under exactly this name; else the first whose key is another way to write it. */
function entryFor<T>(entries: Readonly<Record<string, T>>, name: string): T | undefined {
  const key = Object.hasOwn(entries, name) ? name : Object.keys(entries).find((one) => hostOfKey(one) === name);
  return key === undefined ? undefined : entries[key];
}

/**
 * `https://host/v2/` → `host`. Podman's keys for a part of a registry (`quay.io/team`) are nobody's: taken for the whole
 * host, they would be used where they must not.
 */
function hostOfKey(key: string): string | null {
  const url = readUrl(/^https?:\/\//.test(key) ? key : `https://${key}`);
  if (url === null || !/^\/(?:v[12]\/?)?$/.test(url.pathname) || url.search !== "" || url.username !== "") return null;
  try {
    return registryAddress(url.host).registry;
  } catch {
    return null;
  }
}

function commandOf(helper: string, what: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(helper)) return `docker-credential-${helper}`;
  throw unreadable(what, "a credential helper's name of letters, digits, dots and dashes", "another name");
}

/** https://github.com/docker/cli/blob/v28.0.0/cli/config/configfile/file.go, decodeAuth. */
function basicOf(auth: string, what: string): RegistryCredentials {
  const text = decodedAuth(auth, what);
  const colon = text.indexOf(":");
  if (colon < 1) throw unreadable(what, "base64 of USER:PASSWORD", "something else");
  // Old versions of docker padded it with zeros.
  const password = text.slice(colon + 1).replace(/^\0+|\0+$/g, "");
  return { kind: "basic", username: text.slice(0, colon), password };
}

/** Errors of the parsers show a part of the text, so they go no further. */
function decodedAuth(auth: string, what: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(decodeBase64(auth, what));
  } catch {
    throw unreadable(what, "base64 of USER:PASSWORD", "something else");
  }
}

function secretJson(bytes: Uint8Array, what: string): unknown {
  try {
    return parseJson(bytes, { what, maxBytes: MAX_SMALL_FILE_BYTES });
  } catch {
    throw unreadable(what, `JSON of at most ${MAX_SMALL_FILE_BYTES} bytes, no key twice`, "something else");
  }
}

function unreadable(what: string, expected: string, actual: string): TouchmarkError {
  return new TouchmarkError("CREDENTIALS_UNREADABLE", `${what} is not well formed`, { expected, actual });
}
