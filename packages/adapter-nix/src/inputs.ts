import { createHash } from "node:crypto";
import {
  compareText,
  isTouchmarkError,
  MAX_METADATA_BYTES,
  type ResourceDescriptor,
  TouchmarkError,
} from "@touchmark/core";
import type { Host, HostFile } from "@touchmark/plugin";
import { SNIFFED_BYTES } from "./limits.ts";
import { type Listed, type Made, parseNixFile, type RecordedHash } from "./nix-json.ts";
import type { NixOptions } from "./options.ts";
import { placeIn, type Store } from "./store.ts";
import { invalidStorePath, isStoreBase, type StorePath } from "./store-path.ts";

/** Something that becomes a subject. */
export interface Output {
  /** The base of its store path, or its base name. */
  readonly name: string;
  /** Where it lies, for the host. */
  readonly place: string;
  /** Null for a file or a tree that is in no store. */
  readonly path: StorePath | null;
  /** What made it, where that is known; two derivations with one content may have one path. Sorted. */
  readonly made: readonly Made[];
}

/** What the user named, read. */
export interface Inputs {
  readonly outputs: readonly Output[];
  readonly recorded: RecordedHashes;
  /** The files of Nix among it. */
  readonly byproducts: readonly ResourceDescriptor[];
}

/** What was recorded of store paths, by their bases; several files may speak of one path. */
export type RecordedHashes = ReadonlyMap<string, readonly RecordedHash[]>;

/**
 * Finds what PATH stands for: a file that Nix wrote lists outputs; a link leads into the store; everything else is
 * itself an output.
 *
 * @returns null when no path was named and no `result` link is here.
 */
export async function readInputs(host: Host, store: Store, options: NixOptions): Promise<Inputs | null> {
  const paths = options.path === undefined ? await resultLinks(host) : [options.path].flat();
  if (paths.length === 0) return null;
  const outputs = new Map<string, Output>();
  const recorded = new Map<string, readonly RecordedHash[]>();
  const byproducts: ResourceDescriptor[] = [];
  for (const path of paths) {
    const base = await storeBaseOf(host, store, path);
    const file = base === null ? await nixFileAt(host, path, store) : null;
    if (file !== null) {
      const listed = await readNixFile(host, store, file, byproducts);
      record(listed, recorded);
      for (const one of listed) add(outputs, inStore(store, one.path, one.made === null ? [] : [one.made]));
    } else if (base !== null) {
      add(outputs, inStore(store, { directory: store.folder, base }, []));
    } else {
      add(outputs, await loose(host, path));
    }
  }
  if (options.pathInfo !== undefined) {
    const listed = await readNixFile(host, store, await host.file(options.pathInfo), byproducts);
    record(listed, recorded);
    requireRecorded([...outputs.values()], recorded, options.pathInfo);
  }
  return { outputs: [...outputs.values()], recorded, byproducts };
}

/** `nix-build` makes one for each output: `result`, `result-dev`, `result-2`. */
async function resultLinks(host: Host): Promise<readonly string[]> {
  const entries = await host.list(".", { recursive: false });
  return entries.filter(({ kind, name }) => kind === "link" && /^result(?:-|$)/.test(name)).map(({ path }) => path);
}

/**
 * The base of the store path that a path leads to; null when it leads to something that lies in no store.
 *
 * @throws TouchmarkError `INPUT_MISSING`; `ARTIFACT_MISSING` for a link to an output that is gone; `STORE_PATH_INVALID`
 * for whatever lies in the store and is no direct child of it with a proper name.
 */
async function storeBaseOf(host: Host, store: Store, path: string): Promise<string | null> {
  const kind = await host.kind(path);
  if (kind === null) {
    throw new TouchmarkError("INPUT_MISSING", `${path} is not there`, {
      expected: "what nix build --json printed, a result link, a store path, a file or a folder",
      actual: "nothing",
    });
  }
  if (kind === "other") {
    await host.digestTree(path, { files: false }); // refuses a FIFO, a socket and a device
    throw new TouchmarkError("ARTIFACT_MISSING", `${path} leads to nothing`, {
      expected: "an output in the store",
      actual: "a link to something that was removed",
    });
  }
  const real = await host.realPath(path);
  if (store.place === null || (real !== store.place && !real.startsWith(`${store.place}/`))) return null;
  const base = real.slice(store.place.length + 1);
  if (isStoreBase(base)) return base;
  throw invalidStorePath(`${path} is no store path`, store.directories, base === "" ? "the store itself" : base);
}

/**
 * The file at a path, if Nix wrote it: named *.json or *.narinfo, or begun like one. Such a file is never an artifact: an
 * artifact of that name is stated with the adapter `files`, or lies in an output.
 *
 * @throws TouchmarkError `STORE_PATH_INVALID` for a link: only into the store are they followed.
 */
async function nixFileAt(host: Host, path: string, store: Store): Promise<HostFile | null> {
  if ((await host.kind(path)) !== "file") return null;
  let file: HostFile;
  try {
    file = await host.file(path);
  } catch (error) {
    if (!isTouchmarkError(error) || error.code !== "FILE_REFUSED") throw error;
    throw strayLink(path, store, error);
  }
  return (await isNixFile(host, file)) ? file : null;
}

/** A link that leads neither into the store nor nowhere. */
export function strayLink(path: string, { directories }: Store, cause?: unknown): TouchmarkError {
  return invalidStorePath(`${path} is a link that does not lead to a store path`, directories, "another place", cause);
}

async function isNixFile(host: Host, file: HostFile): Promise<boolean> {
  if (/\.(?:json|narinfo)$/i.test(file.name)) return true;
  for await (const chunk of host.openRead(file.path)) {
    const head = Buffer.from(chunk.subarray(0, SNIFFED_BYTES)).toString("latin1");
    return /^\s*[[{]/.test(head) && /"(?:drvPath|narHash)"/.test(head);
  }
  return false;
}

async function readNixFile(
  host: Host,
  store: Store,
  file: HostFile,
  byproducts: ResourceDescriptor[],
): Promise<readonly Listed[]> {
  const bytes = await host.readBytes(file.path, { max: MAX_METADATA_BYTES });
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  byproducts.push({ name: file.name, digest: { sha256 } });
  return parseNixFile(bytes, store, file.name);
}

function record(listed: readonly Listed[], recorded: Map<string, readonly RecordedHash[]>): void {
  for (const { path, recorded: one } of listed) {
    if (one !== null) recorded.set(path.base, [...(recorded.get(path.base) ?? []), one]);
  }
}

function inStore(store: Store, path: StorePath, made: readonly Made[]): Output {
  return { name: path.base, place: placeIn(store, path.base), path, made };
}

/** By its real name: `.` and `folder/..` have none of their own. */
async function loose(host: Host, path: string): Promise<Output> {
  const real = await host.realPath(path);
  return { name: real.slice(real.lastIndexOf("/") + 1), place: path, path: null, made: [] };
}

/** Several links and lists may name one path of the store; a base name is that of one file or tree. */
function add(outputs: Map<string, Output>, output: Output): void {
  const earlier = outputs.get(output.name);
  if (earlier === undefined) {
    outputs.set(output.name, output);
  } else if (earlier.path !== null && output.path !== null) {
    outputs.set(output.name, { ...output, made: mergeMade([...earlier.made, ...output.made]) });
  } else if (earlier.place !== output.place) {
    throw new TouchmarkError("SUBJECT_CONFLICT", `${JSON.stringify(output.name)} would be the name of two things`, {
      expected: "one file or tree for each base name",
      actual: [earlier.place, output.place].sort().join(" and "),
    });
  }
}

function mergeMade(made: readonly Made[]): readonly Made[] {
  const keyed = new Map(made.map((one) => [`${one.derivation.base} ${one.output}`, one]));
  return [...keyed].sort(([left], [right]) => compareText(left, right)).map(([, one]) => one);
}

function requireRecorded(outputs: readonly Output[], recorded: RecordedHashes, what: string): void {
  const unknown = outputs.find(({ path }) => path !== null && !recorded.has(path.base));
  if (unknown === undefined) return;
  throw new TouchmarkError("STORE_PATH_INVALID", `${what} says nothing about ${unknown.name}`, {
    expected: "an entry for every output",
    actual: `${recorded.size} entries, of other paths`,
  });
}
