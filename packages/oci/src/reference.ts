import { TouchmarkError } from "@touchmark/core";
import { isImageDigest } from "./image-digest.ts";
import { MAX_REFERENCE_LENGTH, MAX_REPOSITORY_LENGTH } from "./limits.ts";

/** Where an image is, and which one it is there. */
export interface ImageReference {
  /** `host[:port]`, in lower case: `docker.io`, `127.0.0.1:5000`. */
  readonly registry: string;
  /** The path in the registry: `library/demo`. */
  readonly repository: string;
  /** `registry/repository`. */
  readonly name: string;
  readonly tag: string | null;
  /** `sha256:<hex>` or `sha512:<hex>`. */
  readonly digest: string | null;
}

/**
 * Reads `[host[:port]/]path[:tag][@digest]` by the grammar of https://github.com/distribution/reference. As docker does,
 * `docker.io/` is filled in before a path whose first segment is no host (a host has a dot or a port, or is `localhost`),
 * and `library/` before a single segment there.
 *
 * @param what - for the message: `the image of docker.json`.
 * @throws TouchmarkError `INPUT_INVALID`; the message never holds what stands before an `@` that is no digest's.
 */
export function parseReference(text: string, what = "the image"): ImageReference {
  const reference = text.length > MAX_REFERENCE_LENGTH ? null : read(text);
  if (reference !== null) return reference;
  throw new TouchmarkError("INPUT_INVALID", `${what} has a name that no registry has`, {
    expected: "HOST/REPOSITORY, then :TAG or @sha256:DIGEST, the repository in lower case",
    actual: shown(text),
  });
}

/** `name[:tag][@digest]`. */
export function referenceText({ name, tag, digest }: Omit<ImageReference, "registry" | "repository">): string {
  return `${name}${tag === null ? "" : `:${tag}`}${digest === null ? "" : `@${digest}`}`;
}

function read(text: string): ImageReference | null {
  const at = text.indexOf("@");
  const digest = at === -1 ? null : text.slice(at + 1);
  if (digest !== null && !isImageDigest(digest)) return null;
  const named = at === -1 ? text : text.slice(0, at);
  const tagged = /^(.*):(\w[\w.-]{0,127})$/s.exec(named);
  // In `host:5000/path` the colon is a port's; the expression cannot match a slash after it.
  const path = tagged?.[1] ?? named;
  const place = placeOf(path);
  if (place === null || !isRegistry(place.registry) || !isRepository(place.repository)) return null;
  return { ...place, name: `${place.registry}/${place.repository}`, tag: tagged?.[2] ?? null, digest };
}

function placeOf(path: string): { readonly registry: string; readonly repository: string } | null {
  const slash = path.indexOf("/");
  const first = path.slice(0, Math.max(slash, 0));
  if (first !== "localhost" && !/[.:]/.test(first)) return onDockerHub(path);
  const registry = first.toLowerCase();
  const repository = path.slice(slash + 1);
  return registry === "docker.io" || registry === "index.docker.io"
    ? onDockerHub(repository)
    : { registry, repository };
}

function onDockerHub(path: string): { readonly registry: string; readonly repository: string } | null {
  if (path.includes("/")) return { registry: "docker.io", repository: path };
  // The grammar refuses such a name, since docker takes it for an image's id.
  return /^[0-9a-f]{64}$/.test(path) ? null : { registry: "docker.io", repository: `library/${path}` };
}

function isRegistry(registry: string): boolean {
  const port = /:\d{1,5}$/.exec(registry)?.[0] ?? "";
  const host = registry.slice(0, registry.length - port.length);
  if (/^\[[0-9a-f:]{2,39}\]$/.test(host)) return true;
  return host.length <= 253 && host.split(".").every((label) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(label));
}

function isRepository(repository: string): boolean {
  return (
    repository.length <= MAX_REPOSITORY_LENGTH &&
    repository.split("/").every((segment) => /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/.test(segment))
  );
}

/** Without userinfo and query, which may hold a secret: `https://user:password@host/x?token=…`. */
function shown(text: string): string {
  const safe = text.replace(/^.*@(?=.*\/)/s, "…@").replace(/[?#].*$/s, "…");
  return JSON.stringify(safe.slice(0, 200));
}
