import path from "node:path";
import { isTouchmarkError, TouchmarkError } from "@touchmark/core";
import type { BroughtTarget, EvidenceSource } from "@touchmark/engine";
import { fileOfEntry, type Host, type HostFile } from "@touchmark/plugin";
import { askedRelease, packageOf, parseReleaseTarget, releaseText } from "@touchmark/releases";
import type { Context } from "../context.ts";
import { hostFor } from "../host-for.ts";
import { type ImagesSaid, type KitImages, kitImages } from "./kit-images.ts";
import {
  altered,
  KIT_MANIFEST,
  type KitFile,
  type KitManifest,
  type KitTarget,
  MAX_KIT_MANIFEST_BYTES,
  parseKitManifest,
} from "./kit-manifest.ts";

/** A kit as `verify` takes it: targets that are judged like any others. */
export interface OpenedKit extends KitImages {
  readonly targets: readonly string[];
  readonly brought: ReadonlyMap<string, BroughtTarget>;
  readonly evidence: readonly EvidenceSource[];
  /** The folder with what a TUF repository said; null where there is none. Absolute. */
  readonly roots: string | null;
  readonly readable: readonly string[];
}

/**
 * Opens a kit that `touchmark fetch` wrote. Its list says where things are, and nothing more: what a file is used for, the
 * folder decides in which it lies, and each file must be listed, so that none can hide from the verdict.
 *
 * An image is called as the user names it; else as the list does, which then a statement must bear out.
 *
 * @param given - as the user wrote it.
 * @throws TouchmarkError `TARGET_MISSING` where no kit is; `KIT_INCOMPLETE` for a listed file that is missing; `KIT_ALTERED` for
 * other bytes, files that are not listed, and lists that fetch does not write.
 */
export async function openKit(context: Context, given: string, said: ImagesSaid): Promise<OpenedKit> {
  const folder = path.resolve(context.cwd, given);
  const host = hostFor(context, { roots: [folder], env: {} });
  try {
    const manifest = parseKitManifest(await manifestOf(given, folder, host));
    await checkFiles(manifest.files, folder, host);
    checkPlaces(manifest);
    return contentsOf(manifest, { given, folder, said });
  } finally {
    await host.close();
  }
}

async function manifestOf(given: string, folder: string, host: Host): Promise<Uint8Array> {
  try {
    return await host.readBytes(path.join(folder, KIT_MANIFEST), { max: MAX_KIT_MANIFEST_BYTES });
  } catch (error) {
    if (!isTouchmarkError(error) || error.code !== "INPUT_MISSING") throw error;
    throw new TouchmarkError("TARGET_MISSING", `${given} is no kit`, {
      expected: `a folder that touchmark fetch wrote, with ${KIT_MANIFEST}`,
      actual: "none",
    });
  }
}

async function checkFiles(listed: readonly KitFile[], folder: string, host: Host): Promise<void> {
  const found = new Map<string, HostFile>();
  for (const entry of await host.list(folder)) {
    if (entry.kind !== "file") throw altered(`${entry.name} of the kit is no file`, "regular files", entry.kind);
    found.set(entry.name, fileOfEntry(entry));
  }
  found.delete(KIT_MANIFEST);
  const files = listed.map((one) => {
    const file = found.get(one.path);
    if (file === undefined) throw incomplete(one);
    found.delete(one.path);
    return file;
  });
  const [extra] = found.keys();
  if (extra !== undefined)
    throw altered(`${extra} is in the kit and not in its list`, "files that are listed, once", extra);
  const digests = await host.digest(files, ["sha256"]);
  for (const [index, { path: name, sha256, size }] of listed.entries()) {
    const actual = digests[index]?.["sha256"] ?? "";
    if (actual !== sha256) throw altered(`${name} of the kit has other bytes`, `sha256:${sha256}`, `sha256:${actual}`);
    const length = files[index]?.size;
    if (length !== size) throw altered(`${name} of the kit has another size`, `${size} bytes`, `${length} bytes`);
  }
}

/** Each file lies where something is done with it. */
function checkPlaces({ targets, files }: KitManifest): void {
  const places = new Map<string, KitTarget>();
  for (const target of targets) {
    const isRight = target.place.startsWith(target.kind === "image" ? "images/" : "artifacts/");
    if (!isRight || places.has(target.place))
      throw altered("the kit's list is wrong", "a place for each target", target.place);
    places.set(target.place, target);
  }
  for (const { path: name } of files) {
    const place = name.split("/").slice(0, 2).join("/");
    const inside = name.slice(place.length + 1);
    const kind = places.get(place)?.kind;
    // Nobody judges what else lies in an image layout.
    const isOfTarget = kind === "image" ? IN_LAYOUT.test(inside) : kind !== undefined && inside !== "";
    if (isOfTarget || /^evidence\/[1-9]\d*\.json$/.test(name) || /^roots\/tuf\/[\w.]+$/.test(name)) continue;
    throw altered(`${name} has no place in a kit`, "artifacts, images, evidence and roots", name);
  }
}

const IN_LAYOUT = /^(?:index\.json|oci-layout|blobs\/[a-z0-9]+\/[0-9a-f]+)$/;

function contentsOf(
  { targets, files }: KitManifest,
  { given, folder, said }: { readonly given: string; readonly folder: string; readonly said: ImagesSaid },
): OpenedKit {
  const brought = new Map<string, BroughtTarget>();
  const listed = new Map<string, KitTarget>();
  const names = targets.map((target) => {
    const place = `${given.replace(/\/+$/, "")}/${target.place}`;
    if (target.kind === "image") {
      listed.set(`oci-layout:${place}`, target);
      return `oci-layout:${place}`;
    }
    const name = target.kind === "files" ? `kit:${place}` : releaseName(target);
    if (brought.has(name)) throw altered("the kit's list is wrong", "each release once", name);
    const release = target.kind === "files" ? null : parseReleaseTarget(name);
    brought.set(name, {
      folder: path.join(folder, target.place),
      package: release === null ? null : packageOf(release),
      release: release === null ? null : askedRelease(release),
      gaps: [],
    });
    return name;
  });
  return {
    targets: names,
    brought,
    ...kitImages(listed, said),
    evidence: files
      .filter((file) => file.path.startsWith("evidence/"))
      .map((file) => ({ path: path.join(folder, file.path), name: `${given.replace(/\/+$/, "")}/${file.path}` })),
    roots: files.some((file) => file.path.startsWith("roots/tuf/")) ? path.join(folder, "roots/tuf") : null,
    readable: [folder],
  };
}

/** A report calls it so: it must be the name of a release, from which what its files must be is known. */
function releaseName({ name }: KitTarget): string {
  try {
    if (releaseText(parseReleaseTarget(name)) === name) return name;
  } catch (error) {
    if (!isTouchmarkError(error)) throw error;
  }
  throw altered("the kit's list names no release", "a target such as gh:OWNER/REPO@TAG", JSON.stringify(name));
}

function incomplete({ path: name, sha256 }: KitFile): TouchmarkError {
  return new TouchmarkError("KIT_INCOMPLETE", `${name} of the kit is missing`, {
    expected: `sha256:${sha256}`,
    actual: "nothing",
  });
}
