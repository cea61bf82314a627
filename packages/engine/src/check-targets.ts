import { type Finding, finding, isTouchmarkError, TouchmarkError } from "@touchmark/core";
import type { Registry } from "@touchmark/oci";
import { fileOfEntry, type Host, type HostEntry } from "@touchmark/plugin";
import type { BroughtTarget } from "./brought-target.ts";
import type { Item, RefusedItem } from "./check-items.ts";
import type { PlatformChoice } from "./image-platforms.ts";
import type { NamedImage } from "./named-image.ts";
import { targetForm } from "./target-form.ts";
import { baseName, missing, parentOf } from "./target-path.ts";
import { leadsIntoStore, treeItem } from "./tree-target.ts";

/**
 * Finds out what the targets are: digests, images, trees, files, and everything in folders, hidden files included.
 *
 * @param options - which real platforms of an image are judged too.
 * @param options.brought - targets that were brought from elsewhere, by their text.
 * @param options.images - what image layouts among the targets are said to hold, by their text.
 * @throws TouchmarkError `TARGET_MISSING`; `INPUT_INVALID` for a digest or an image's name that is none, and for a name
 * that is both a path and an image; `TAG_UNPINNED`; whatever the host throws.
 */
export async function expandTargets(
  targets: readonly string[],
  options: PlatformChoice & {
    readonly brought?: ReadonlyMap<string, BroughtTarget>;
    readonly images?: ReadonlyMap<string, NamedImage>;
  },
  host: Host,
): Promise<readonly Item[]> {
  const { recursive, platformsOf, brought = new Map(), images = new Map() } = options;
  const choice = platformsOf === undefined ? { recursive } : { recursive, platformsOf };
  const context: Expansion = { ...choice, brought, images, opened: new Map(), host };
  const items: Item[] = [];
  for (const target of targets) items.push(...(await expand(target, context)));
  return items;
}

interface Expansion extends PlatformChoice {
  readonly brought: ReadonlyMap<string, BroughtTarget>;
  readonly images: ReadonlyMap<string, NamedImage>;
  /** Registries by name: a login serves all images of one. */
  readonly opened: Map<string, Registry>;
  readonly host: Host;
}

async function expand(target: string, context: Expansion): Promise<readonly Item[]> {
  const { host } = context;
  const brought = context.brought.get(target);
  if (brought !== undefined) return (await host.list(brought.folder)).map((one) => entryItem(target, one, brought));
  const form = targetForm(target);
  switch (form.kind) {
    case "digest":
      return [{ ...form, target, name: target }];
    case "image": {
      if (form.bare) await refusePath(target, host);
      const { registryItems } = await import("./registry-target.ts");
      return registryItems(target, form.reference, context);
    }
    case "layout": {
      const { layoutItems } = await import("./layout-target.ts");
      return layoutItems(target, form.path, { ...context, named: context.images.get(target) ?? null });
    }
    case "tree":
      return [await treeItem(target, form.path, host)];
    case "path":
      return (await leadsIntoStore(target, host)) ? [await treeItem(target, target, host)] : expandPath(target, host);
  }
}

/** What stands on the disk must not change what a name means, nor the other way round. */
async function refusePath(target: string, host: Host): Promise<void> {
  if ((await host.kind(target)) === null) return;
  throw new TouchmarkError("INPUT_INVALID", `${target} is an image's name, and something here has the same`, {
    expected: `oci://${target} for the image, ./${target} for what is here`,
    actual: "both",
  });
}

async function expandPath(target: string, host: Host): Promise<readonly Item[]> {
  switch (await kindOf(target, host)) {
    case "link":
      return [refused(target, baseName(target), isLink)];
    case "folder":
      return (await host.list(target)).map((entry) => entryItem(target, entry));
    case "file":
      return [await fileItem(target, host)];
    case "other":
      return [refused(target, baseName(target), noFile)];
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

async function fileItem(target: string, host: Host): Promise<Item> {
  try {
    const file = await host.file(target);
    return { kind: "file", target, name: file.name, place: "alone", file };
  } catch (error) {
    // `kind` follows links and `file` does not.
    if (!isTouchmarkError(error) || error.code !== "FILE_REFUSED") throw error;
    return refused(target, baseName(target), isLink);
  }
}

function entryItem(target: string, entry: HostEntry, brought?: BroughtTarget): Item {
  const { name } = entry;
  switch (entry.kind) {
    case "file":
      return { kind: "file", target, name, place: "folder", file: fileOfEntry(entry), ...(brought && { brought }) };
    case "link":
      return refused(target, name, isLink);
    case "other":
      return refused(target, name, noFile);
    case "badly-named":
      return refused(target, name, badName);
  }
}

function refused(target: string, name: string, why: (name: string) => Finding): RefusedItem {
  return { kind: "refused", target, name, finding: why(name), status: "not-covered", onPath: true };
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
