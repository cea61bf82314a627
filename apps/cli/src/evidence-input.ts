import {
  type Bundle,
  encodeJson,
  isTouchmarkError,
  type Json,
  MAX_EVIDENCE_BYTES,
  parseJson,
  splitEvidenceFile,
} from "@touchmark/core";
import { bundlesInLayout } from "@touchmark/engine";
import { bundleOfAttLayer, DSSE_LAYER } from "@touchmark/oci";
import { type NamedPiece, type Piece, type PiecesRead, readPieces } from "@touchmark/verify";
import * as z from "zod";
import type { Context } from "./context.ts";
import { valueAt } from "./inspect/stated.ts";
import { readInput } from "./read-input.ts";
import { openHost } from "./workbench.ts";

const LAYOUT = "oci-layout:";

/** True for `oci-layout:PATH`; a file that has such a name is given as `./NAME`. */
export function isLayoutName(name: string): boolean {
  return name.startsWith(LAYOUT);
}

/**
 * The evidence in a file that the user named, of any format, or in an image layout. Nothing of it is verified.
 *
 * @param name - a path, or `oci-layout:PATH`.
 * @throws TouchmarkError as `readInput`, and as `openLayout`.
 */
export async function readEvidenceInput(context: Context, name: string): Promise<PiecesRead> {
  if (isLayoutName(name)) return readLayout(context, name);
  return evidenceIn(await readInput(context.cwd, name, MAX_EVIDENCE_BYTES), name);
}

/** The same of bytes that were read. */
export async function evidenceIn(bytes: Uint8Array, name: string): Promise<PiecesRead> {
  const read = await readPieces(withLayersAsBundles(bytes), name);
  return { ...read, pieces: read.pieces.flatMap(withWordBeside) };
}

/** What npm's registry says of a package stands beside the provenance, signed by itself: a piece of its own here. */
export function withWordBeside(named: NamedPiece): readonly NamedPiece[] {
  const bundle = valueAt(named.piece, "registry", "bundle");
  if (bundle === undefined) return [named];
  const { format } = named.piece;
  // The one member of a piece that is a bundle again.
  const piece: Piece = { kind: "statement", format, bundle: bundle as Bundle };
  return [named, { ...named, name: `${named.name} (registry)`, piece }];
}

async function readLayout(context: Context, name: string): Promise<PiecesRead> {
  const path = name.slice(LAYOUT.length);
  const host = openHost(context, [path], false, { network: { kind: "none" } });
  try {
    const bundles = await bundlesInLayout(path, host);
    const all: PiecesRead[] = [];
    for (const [index, bytes] of bundles.entries()) {
      all.push(await readPieces(bytes, bundles.length === 1 ? name : `${name}:${index + 1}`));
    }
    const pieces: readonly NamedPiece[] = all.flatMap((read) => read.pieces);
    return { whole: all.every((read) => read.whole), pieces, findings: all.flatMap((read) => read.findings) };
  } finally {
    await host.close();
  }
}

/** A layer of cosign's `.att` tag in its descriptor: https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md, `data`. */
const Layer = z.object({
  mediaType: z.literal(DSSE_LAYER),
  data: z.base64(),
  annotations: z.record(z.string(), z.string()).optional(),
});

/** Lines that are descriptors of such layers become the bundles that they are; all else stays as it is. */
function withLayersAsBundles(bytes: Uint8Array): Uint8Array {
  if (!Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(DSSE_LAYER)) return bytes;
  const lines: Uint8Array[] = [];
  for (const { line, bytes: content } of splitEvidenceFile(bytes)) {
    while (lines.length < line - 1) lines.push(new Uint8Array()); // blank ones are counted
    lines.push(bundleOfLayer(content) ?? content);
  }
  return Buffer.concat(lines.flatMap((line) => [line, NEWLINE]));
}

const NEWLINE = Buffer.from("\n");

function bundleOfLayer(bytes: Uint8Array): Uint8Array | null {
  const layer = Layer.safeParse(jsonIn(bytes)).data;
  return layer === undefined ? null : bundleOfAttLayer(Buffer.from(layer.data, "base64"), layer.annotations);
}

/** Null for what is no JSON: whoever reads the evidence says so. */
function jsonIn(bytes: Uint8Array): Json {
  try {
    return parseJson(bytes, { what: "the evidence", maxBytes: MAX_EVIDENCE_BYTES });
  } catch (error) {
    if (isTouchmarkError(error)) return null;
    throw error;
  }
}

/** The descriptor of a layer, with the layer in it: one line. */
export function layerDescriptor(layer: {
  readonly content: Uint8Array;
  readonly digest: string;
  readonly annotations: Readonly<Record<string, string>>;
}): Uint8Array {
  const { content, digest, annotations } = layer;
  const data = Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString("base64");
  return encodeJson({ mediaType: DSSE_LAYER, digest, size: content.byteLength, annotations, data });
}
