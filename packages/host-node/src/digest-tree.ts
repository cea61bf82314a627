import { isUtf8 } from "node:buffer";
import { TouchmarkError } from "@touchmark/core";
import type { TreeDigest } from "@touchmark/plugin";
import { forwardSlashes } from "./boundary.ts";
import type { DigestContext } from "./digest-files.ts";
import { aborted, refusedFile, refusedKind, throwIfAborted } from "./file-error.ts";
import { progressOf, stop } from "./hash-batch.mjs";
import { createTreeControl, type TreeFile, type TreeResult, totalsOf } from "./hash-tree.mjs";
import { badName, MAX_ENTRIES, tooMany } from "./list-entries.ts";

/** Unit: milliseconds. */
const PROGRESS_EVERY = 100;

/**
 * Digests of a tree; see Host. A worker looks through it and reads it; this thread hashes one chunk after the other at
 * most, and shows progress and hears an interruption between them.
 *
 * @param options - `limit` for tests, {@link MAX_ENTRIES} otherwise.
 */
export async function digestTree(
  path: string,
  options: { readonly files: boolean | "plain"; readonly limit?: number },
  { boundary, pool, signal, onProgress }: DigestContext,
): Promise<TreeDigest> {
  throwIfAborted(signal);
  const root = boundary.followParent(path);
  if (root === null) throw refusedFile("missing", null, path);
  const { files, limit = MAX_ENTRIES } = options;
  const control = createTreeControl();
  const report = () => {
    const totals = totalsOf(control);
    // Not known while the tree is looked through.
    if (totals.filesTotal > 0) onProgress?.({ kind: "hash", ...progressOf(control), ...totals });
  };
  const timer = onProgress === undefined ? undefined : setInterval(report, PROGRESS_EVERY);
  let interrupt: () => void = () => {};
  const interrupted = new Promise<never>((_resolve, reject) => {
    interrupt = () => reject(aborted());
  });
  signal.addEventListener("abort", interrupt, { once: true });
  try {
    const task = { root: Buffer.from(root).toString("latin1"), files, maxEntries: limit };
    const result = await Promise.race([interrupted, pool.runTree(task, control)]);
    if (result.kind === "refused") throw refusedTree(result, path, task.root, limit);
    report();
    return treeOf(result, root);
  } finally {
    stop(control);
    clearInterval(timer);
    signal.removeEventListener("abort", interrupt);
  }
}

function treeOf(result: TreeResult & { readonly kind: "digested" }, root: string): TreeDigest {
  const { root: kind, narSha256, narSize, links } = result;
  const own = forwardSlashes(root).split("/").at(-1) ?? "";
  const files = result.files?.map((file) => ({ ...file, name: file.name === "" ? own : nameOf(file) })) ?? null;
  return { kind, narSha256, narSize, files, links };
}

/** @throws TouchmarkError `NAME_REFUSED` where a digest would belong to a name that nobody can state. */
function nameOf({ name }: TreeFile): string {
  const bytes = Buffer.from(name, "latin1");
  const text = bytes.toString("utf8");
  if (!isUtf8(bytes)) throw badName(text);
  return text;
}

function refusedTree(
  { path: bytes, reason, errno }: TreeResult & { readonly kind: "refused" },
  path: string,
  root: string,
  limit: number,
): TouchmarkError {
  const rest = Buffer.from(bytes.slice(root.length), "latin1").toString("utf8");
  const place = `${path}${forwardSlashes(rest)}`;
  if (reason === "too-many") return tooMany(path, limit);
  if (reason === "not-a-file") return refusedKind(place, "a FIFO, a socket or a device");
  if (reason === "missing") return new TouchmarkError("INPUT_MISSING", `${place} is not there`, MISSING);
  return refusedFile(reason, errno, place);
}

const MISSING = { expected: "a file, a folder or a link", actual: "nothing" };
