import { createHash } from "node:crypto";
import { decodeUtf8, issueText, isTouchmarkError, type Json, parseJson, parseJsonText } from "@touchmark/core";
import type * as z from "zod/mini";
import { MAX_ROOTS, MAX_ROOTS_BYTES } from "./limits.ts";
import { ClientTrustConfig, isTrustConfigType, rootsInvalid, TrustedRoot, WithMediaType } from "./schema.ts";

/** What a file of roots says. */
export interface ParsedRoots {
  /** Each stands alone: evidence must hold under one of them, never under parts of two. At least one. */
  readonly roots: readonly TrustedRoot[];
  /** SHA-256 of the file, lowercase hex. */
  readonly digest: string;
}

/**
 * Reads trusted roots; what the file is, its content says: a TrustedRoot, a ClientTrustConfig, or one of them a line, as
 * `gh attestation trusted-root` prints them.
 *
 * @param label - what the file is called in messages.
 * @throws TouchmarkError `ROOTS_INVALID`.
 */
export function parseRoots(bytes: Uint8Array, label: string): ParsedRoots {
  const roots = documentsOf(bytes, label).map((document) => rootOf(document, label));
  return { roots, digest: createHash("sha256").update(bytes).digest("hex") };
}

function documentsOf(bytes: Uint8Array, label: string): readonly Json[] {
  const options = { what: label, maxBytes: MAX_ROOTS_BYTES };
  try {
    if (bytes.byteLength > MAX_ROOTS_BYTES || !hasDocumentPerLine(bytes)) return [parseJson(bytes, options)];
    const lines = decodeUtf8(bytes, label)
      .split("\n")
      .filter((line) => line.trim() !== "");
    if (lines.length > MAX_ROOTS) throw rootsInvalid(label, `${lines.length} lines, at most ${MAX_ROOTS}`);
    return lines.map((line) => parseJsonText(line, options));
  } catch (error) {
    if (!isTouchmarkError(error) || error.code === "ROOTS_INVALID") throw error;
    throw rootsInvalid(label, `${error.message}: ${error.actual}`, error);
  }
}

/** True when the first line that is not blank is an object of its own: then so is every other one. */
function hasDocumentPerLine(bytes: Uint8Array): boolean {
  const lines = new TextDecoder().decode(bytes).split("\n");
  const first = lines.find((line) => line.trim() !== "")?.trim() ?? "";
  return first.startsWith("{") && first.endsWith("}");
}

function rootOf(document: Json, label: string): TrustedRoot {
  const { mediaType } = checked(WithMediaType, document, label);
  if (isTrustConfigType(mediaType)) return checked(ClientTrustConfig, document, label).trustedRoot;
  return checked(TrustedRoot, document, label);
}

function checked<S extends z.ZodMiniType>(schema: S, document: Json, label: string): z.output<S> {
  const parsed = schema.safeParse(document);
  if (!parsed.success) throw rootsInvalid(label, issueText(parsed.error), parsed.error);
  return parsed.data;
}

/** When the newest thing in a root began: the root is not older than that. */
export function newestStart(root: TrustedRoot): Date {
  const starts = [
    ...[...root.tlogs, ...root.ctlogs].map(({ publicKey }) => publicKey.validFor.start),
    ...[...root.certificateAuthorities, ...root.timestampAuthorities].map(({ validFor }) => validFor.start),
  ];
  return new Date(Math.max(...starts.map((start) => start.getTime())));
}
