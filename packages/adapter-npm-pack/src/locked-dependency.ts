import { parseIntegrity, type ResourceDescriptor, TouchmarkError } from "@touchmark/core";
import { npmPurl } from "@touchmark/package-identity";

/**
 * A package from a registry: purl, and the digest that the lock file pins. Not the URL: it may name a private mirror.
 *
 * @param integrity - undefined where the lock file has none: yarn's checksums are of its own zip archives.
 * @throws TouchmarkError `INPUT_INVALID` for a name or version that npm does not know, or an integrity that pins nothing.
 */
export function registryDependency(name: string, version: string, integrity: string | undefined): ResourceDescriptor {
  return { uri: npmPurl(name, version), ...pinned(`${name}@${version}`, integrity) };
}

/**
 * A tarball from anywhere else: its digest says which; a purl of npm would name another package.
 *
 * @param version - null where the lock file has only the address, which may hold a token.
 */
export function archiveDependency(
  name: string,
  version: string | null,
  integrity: string | undefined,
): ResourceDescriptor {
  const label = version === null ? name : `${name}@${version}`;
  const pin = pinned(label, integrity);
  if (pin.digest !== undefined) return { name: label, digest: pin.digest };
  const suffix = version === null ? "" : `@${encodeURIComponent(version)}`;
  return { uri: `pkg:generic/${encodeURIComponent(name)}${suffix}` };
}

/**
 * A git checkout: `git+https://host/path` and its commit, userinfo and query removed since they may hold a token.
 *
 * @returns null for a repository on the machine that locked, which nobody else can reach.
 * @throws TouchmarkError `INPUT_INVALID` for a URL that cannot be read and for a branch in place of a commit.
 */
export function gitDependency(label: string, repository: string, commit: string): ResourceDescriptor | null {
  const plain = repository.replace(/^git\+/, "").replace(/^github:(?=[^/]+\/[^/]+$)/, "https://github.com/");
  const scp = /^[^@/:\s]+@([A-Za-z0-9.-]+):(?!\/)(.+)$/.exec(plain);
  const url = parseUrl(scp === null ? plain : `ssh://${scp[1]}/${scp[2]}`);
  if (plain.startsWith("file:") || /^[./~]/.test(plain)) return null;
  if (url === null || !["https:", "http:", "ssh:", "git:"].includes(url.protocol)) {
    throw new TouchmarkError(
      "INPUT_INVALID",
      `${label} comes from a git repository with an address that we cannot read`,
      {
        expected: "an address with https, ssh or git",
        actual: url === null ? "none" : url.protocol,
      },
    );
  }
  if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit)) {
    throw new TouchmarkError("INPUT_INVALID", `${label} is locked to no commit`, {
      expected: "40 or 64 hex digits",
      actual: JSON.stringify(commit.slice(0, 80)),
    });
  }
  return { uri: `git+${url.protocol}//${url.host}${url.pathname}`, digest: { gitCommit: commit } };
}

/** Where a lock file says that a tarball is. */
export type TarballOrigin =
  | { readonly kind: "registry" }
  | { readonly kind: "archive" }
  /** Of the same tree or machine. */
  | { readonly kind: "local" }
  | { readonly kind: "git"; readonly repository: string; readonly commit: string };

/** Registries serve `/name/-/name-1.0.0.tgz`, GitHub's also `/download/name/…`; their mirrors keep that part. */
export function originOf(address: string): TarballOrigin {
  if (/^(?:file|link|portal|workspace):/.test(address)) return { kind: "local" };
  if (/^git[+:@]|^github:|^ssh:/.test(address) || /^https?:[^#]*\.git#/.test(address)) {
    const hash = address.indexOf("#");
    const repository = hash < 0 ? address : address.slice(0, hash);
    return { kind: "git", repository, commit: hash < 0 ? "" : address.slice(hash + 1).replace(/^.*\bcommit=/, "") };
  }
  const github = /^https:\/\/codeload\.github\.com\/([^/?#]+\/[^/?#]+)\/tar\.gz\/([0-9a-f]{40})(?:[?#]|$)/.exec(
    address,
  );
  if (github !== null) return { kind: "git", repository: `https://github.com/${github[1]}`, commit: github[2] ?? "" };
  const path = parseUrl(address)?.pathname;
  if (path === undefined) return { kind: "local" }; // a path
  return /\/-\/|\/download\//.test(path) ? { kind: "registry" } : { kind: "archive" };
}

function pinned(label: string, integrity: string | undefined): Pick<ResourceDescriptor, "digest"> {
  if (integrity === undefined) return {};
  const digest = parseIntegrity(integrity);
  if (Object.keys(digest).length > 0) return { digest };
  throw new TouchmarkError("INPUT_INVALID", `${label} is locked with an integrity that we cannot read`, {
    expected: "sha512-<base64>",
    actual: JSON.stringify(integrity.slice(0, 120)),
  });
}

function parseUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
