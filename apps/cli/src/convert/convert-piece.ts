import { type Bundle, TouchmarkError } from "@touchmark/core";
import type { NamedPiece, Piece } from "@touchmark/verify";
import type { Conversion } from "./conversion.ts";
import { toAnyBundle, toBundle } from "./to-bundle.ts";
import { toCosignLayer } from "./to-cosign-layer.ts";
import { toDsse } from "./to-dsse.ts";

/** What `--to` takes. */
export const FORMS = ["bundle", "bundle-v0.3", "bundle-v0.2", "bundle-v0.1", "dsse", "cosign-att"] as const;
export type Form = (typeof FORMS)[number];

/**
 * One piece in another form; nothing of it is verified, and nothing is signed.
 *
 * @throws TouchmarkError `INPUT_INVALID` for what has no place in that form at all; `STATEMENT_MALFORMED`.
 */
export function convertPiece({ name, piece }: Pick<NamedPiece, "name" | "piece">, form: Form): Conversion {
  refuseMore(name, piece);
  switch (form) {
    case "bundle":
      return toAnyBundle(piece);
    case "bundle-v0.3":
      return toBundle(piece, "0.3");
    case "bundle-v0.2":
      return toBundle(piece, "0.2");
    case "bundle-v0.1":
      return toBundle(piece, "0.1");
    case "dsse":
      return toDsse(envelopeOf(name, piece, form));
    case "cosign-att":
      return toCosignLayer(envelopeOf(name, piece, form));
  }
}

function envelopeOf(name: string, piece: Piece, form: Form): Bundle {
  if (piece.kind === "statement") return piece.bundle;
  throw new TouchmarkError("INPUT_INVALID", `${name} is a signature over a file, and has no envelope`, {
    expected: `a signed statement, for --to ${form}; or --to bundle`,
    actual: "a message signature",
  });
}

/** What a format says beside a signature may be needed to verify it, and no other form has a place for it. */
function refuseMore(name: string, piece: Piece): void {
  const more = Object.entries(piece).flatMap(([member, value]) =>
    CARRIED.has(member) || value === undefined || value === null ? [] : [member],
  );
  if (more.length === 0) return;
  throw new TouchmarkError(
    "INPUT_INVALID",
    `${name} is verified by more than its signature, which only its own format holds`,
    {
      expected: "evidence that a bundle can hold",
      actual: `${piece.format}, with ${more.join(", ")}`,
    },
  );
}

/**
 * Members that a bundle has too, or that a verifier needs for the format alone: by which a log may know an envelope, and that
 * npm's registry spoke, whose word is a piece of its own.
 */
const CARRIED: ReadonlySet<string> = new Set(["kind", "format", "bundle", "signature", "unlogged", "registry"]);
