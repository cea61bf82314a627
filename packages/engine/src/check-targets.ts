import { algorithmByName, type DigestAlgorithm, isTouchmarkError, parseDigest, TouchmarkError } from "@touchmark/core";
import { fileOfEntry, type Host, type HostEntry, type HostFile } from "@touchmark/plugin";
import { type Finding, finding } from "@touchmark/verify";

/** One thing to judge, before anything is read. */
export type Item = DigestItem | FileItem | RefusedItem;

interface DigestItem {
  readonly kind: "digest";
  readonly target: string;
  readonly name: string;
  readonly algorithm: DigestAlgorithm;
  readonly hex: string;
}

export interface FileItem {
  readonly kind: "file";
  readonly target: string;
  /** Relative to a folder target; else the base name. */
  readonly name: string;
  readonly place: "folder" | "alone";
  readonly file: HostFile;
}

/** Something that is no regular file, or cannot be named. */
interface RefusedItem {
  readonly kind: "refused";
  readonly target: string;
  readonly name: string;
  readonly finding: Finding;
}

/**
 * Finds out what the targets are: digests, files, and everything in folders, hidden files included.
 *
 * @throws TouchmarkError `TARGET_MISSING`; `INPUT_INVALID` for a digest that is none; whatever the host throws.
 */
export async function expandTargets(targets: readonly string[], host: Host): Promise<readonly Item[]> {
  const items: Item[] = [];
  for (const target of targets) items.push(...(await expand(target, host)));
  return items;
}

async function expand(target: string, host: Host): Promise<readonly Item[]> {
  const digest = digestItem(target);
  if (digest !== null) return [digest];
  switch (await kindOf(target, host)) {
    case "link":
      return [{ kind: "refused", target, name: baseName(target), finding: isLink(baseName(target)) }];
    case "folder":
      return (await host.list(target)).map((entry) => entryItem(target, entry));
    case "file":
      return [await fileItem(target, host)];
    case "other":
      return [{ kind: "refused", target, name: baseName(target), finding: noFile(baseName(target)) }];
    case null:
      throw missing(target);
  }
}

/** `kind` follows links: one that leads out of what may be read is a link, and not a mistake of the caller. */
async function kindOf(target: string, host: Host): Promise<Awaited<ReturnType<Host["kind"]>> | "link"> {
  try {
    return await host.kind(target);
  } catch (error) {
    if (!isTouchmarkError(error) || error.code !== "OUTSIDE_ROOTS") throw error;
    const siblings = await host.list(parentOf(target), { recursive: false });
    if (siblings.some((entry) => entry.kind === "link" && entry.name === baseName(target))) return "link";
    throw error;
  }
}

/** `sha256:<hex>`: by its form, whatever lies in the working directory; a file of that name is given as `./sha256:…`. */
function digestItem(target: string): DigestItem | null {
  const match = /^([A-Za-z0-9_-]+):[^/\\]*$/.exec(target);
  if (match?.[1] === undefined || algorithmByName(match[1]) === null) return null;
  return { kind: "digest", target, name: target, ...parseDigest(target, target) };
}

async function fileItem(target: string, host: Host): Promise<Item> {
  try {
    const file = await host.file(target);
    return { kind: "file", target, name: file.name, place: "alone", file };
  } catch (error) {
    // `kind` follows links and `file` does not.
    if (!isTouchmarkError(error) || error.code !== "FILE_REFUSED") throw error;
    return { kind: "refused", target, name: baseName(target), finding: isLink(baseName(target)) };
  }
}

function entryItem(target: string, entry: HostEntry): Item {
  const { name } = entry;
  switch (entry.kind) {
    case "file":
      return { kind: "file", target, name, place: "folder", file: fileOfEntry(entry) };
    case "link":
      return { kind: "refused", target, name, finding: isLink(name) };
    case "other":
      return { kind: "refused", target, name, finding: noFile(name) };
    case "badly-named":
      return { kind: "refused", target, name, finding: badName(name) };
  }
}

function isLink(name: string): Finding {
  return finding("LINK_REFUSED", `${name} is a link: what it leads to can change at any time`, {
    expected: "a regular file",
    actual: "a symbolic link",
  });
}

function noFile(name: string): Finding {
  return finding("FILE_REFUSED", `${name} has no bytes of its own to check`, {
    expected: "a regular file",
    actual: "a FIFO, a socket or a device",
  });
}

function badName(name: string): Finding {
  return finding("NAME_REFUSED", `${JSON.stringify(name)} stands for a name that cannot be read`, {
    expected: "a name in UTF-8",
    actual: "bytes that are not UTF-8",
  });
}

function baseName(path: string): string {
  const plain = path.replaceAll("\\", "/").replace(/\/+$/, "");
  return plain.slice(plain.lastIndexOf("/") + 1);
}

/** The folder that a path stands in, as it is written. */
export function parentOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash === -1 ? "." : path.slice(0, Math.max(slash, 1));
}

export function missing(path: string): TouchmarkError {
  return new TouchmarkError("TARGET_MISSING", `${path} is not there`, {
    expected: "a file, a folder or a digest such as sha256:<64 hex digits>",
    actual: "nothing",
  });
}
