import { createHash } from "node:crypto";
import { realpath } from "node:fs/promises";
import path from "node:path";
import { MAX_SMALL_FILE_BYTES, TouchmarkError } from "@touchmark/core";
import { presetList, type TrustEntry, type TrustList, trustDocument } from "@touchmark/policy";
import { readYamlText } from "../config/yaml-text.ts";
import type { Context } from "../context.ts";
import { readInput } from "../read-input.ts";
import { isBundle } from "./is-bundle.ts";

/** Files that were signed together, by their paths below the trust file's folder; null for others. */
export type TrustFolder = (file: string) => Uint8Array | null;

/** A trust file or a preset, with the folder in which the files lie that it names. */
export interface OpenedTrust {
  readonly list: TrustList;
  /** Null for a preset, which names no files. */
  readonly folder: string | TrustFolder | null;
}

/**
 * Reads what `--trust` names: a file, or `preset:NAME@DATE`.
 *
 * @throws TouchmarkError `TRUST_INVALID`, `TRUST_OVERLAP`, and as `readInput`.
 */
export async function openTrust(context: Context, label: string): Promise<OpenedTrust> {
  if (label.startsWith("preset:")) return { list: presetList(label), folder: null };
  return openTrustFile(context, { file: path.resolve(context.cwd, label), label });
}

/**
 * Reads a trust file.
 *
 * @param place.file - absolute.
 * @throws TouchmarkError as {@link openTrust}.
 */
export async function openTrustFile(
  { cwd }: Context,
  { file, label }: { readonly file: string; readonly label: string },
): Promise<OpenedTrust> {
  return trustText(await readInput(cwd, file, MAX_SMALL_FILE_BYTES, label), label, path.dirname(file));
}

/**
 * @param digest - SHA-256 of the bundle in which it was signed, lowercase hex; of the text when absent.
 * @throws TouchmarkError `TRUST_INVALID`, `TRUST_OVERLAP`, `USAGE` for a bundle.
 */
export async function trustText(
  bytes: Uint8Array,
  label: string,
  folder: OpenedTrust["folder"],
  digest: string = createHash("sha256").update(bytes).digest("hex"),
): Promise<OpenedTrust> {
  const { data, lineOf } = await readYamlText(bytes, label, "TRUST_INVALID");
  if (isBundle(data)) {
    throw new TouchmarkError("USAGE", `${label} is a signed trust file, and nothing says who must have signed it`, {
      expected:
        "with verify --trust, --trust-key FILE: the public key of whoever signs it; elsewhere one without a signature",
      actual: "none",
    });
  }
  return { list: trustDocument(data, { label, digest, placeOf: lineOf }), folder };
}

/**
 * Reads a file that an entry names: only below the folder of the trust file, whatever links lie there.
 *
 * @throws TouchmarkError `TRUST_INVALID`, and as `readInput`.
 */
export async function readBeside(
  { name, place }: Pick<TrustEntry, "name" | "place">,
  folder: OpenedTrust["folder"],
  file: string,
): Promise<Uint8Array> {
  if (folder === null) throw new TypeError(`a preset names the file ${file}`);
  if (typeof folder !== "string") {
    const bytes = folder(file);
    if (bytes !== null) return bytes;
    throw new TouchmarkError("TRUST_INVALID", `${place}: "${name}" names a file that was not signed with it`, {
      expected: "what touchmark policy sign and touchmark trust sign write",
      actual: file,
    });
  }
  const [root, target] = await Promise.all([realpath(folder), realpath(path.join(folder, file)).catch(() => null)]);
  if (target !== null && !target.startsWith(root.endsWith(path.sep) ? root : root + path.sep)) {
    throw new TouchmarkError("TRUST_INVALID", `${place}: "${name}" leads out of the folder of its trust file`, {
      expected: "a file below that folder",
      actual: file,
    });
  }
  return readInput(folder, file, MAX_SMALL_FILE_BYTES);
}
