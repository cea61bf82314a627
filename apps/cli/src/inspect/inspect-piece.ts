import { createHash } from "node:crypto";
import { type Finding, findingOf, isTouchmarkError, parseStatement, type StatedStatement } from "@touchmark/core";
import { describeConsistency, describeSigning, formatTitle, type NamedPiece, type Piece } from "@touchmark/verify";
import type { InspectedPiece } from "../reports/inspect.ts";
import { answersOf } from "./answers.ts";
import { summarise } from "./predicates/summarise.ts";

/** All that one signed thing says of itself, and whether its parts belong together. Verifies nothing. */
export async function inspectPiece({ name, piece }: Pick<NamedPiece, "name" | "piece">): Promise<InspectedPiece> {
  const material = piece.kind === "statement" ? piece.bundle : piece.signature;
  const read = piece.kind === "statement" ? statementOf(piece.bundle.payload) : null;
  const statement = read === null || "problem" in read ? null : read.statement;
  const predicate = statement === null ? null : summarise(statement.predicateType, statement.predicate);
  const { signer } = material;
  const shownSigner = signer.kind === "key" ? signer : { kind: signer.kind, certificates: signer.chain.length };
  const signing = await describeSigning(material);
  const signed = signedDigest(piece);
  return {
    name,
    kind: piece.kind,
    format: piece.format,
    formatTitle: await formatTitle(piece.format),
    mediaType: piece.format === "sigstore-bundle" ? material.mediaType : null,
    signer: shownSigner,
    answers: answersOf({ signer: shownSigner, signing, statement, title: predicate?.title ?? null, signed }),
    signing: {
      ...signing,
      logEntries: [...signing.logEntries],
      timestamps: [...signing.timestamps],
    } as InspectedPiece["signing"],
    payload: piece.kind === "statement" ? payloadOf(piece.bundle) : null,
    statement: statement as InspectedPiece["statement"],
    statementProblem: read !== null && "problem" in read ? read.problem : null,
    predicate: predicate as InspectedPiece["predicate"],
    signed,
    consistency: [...(await describeConsistency(piece))],
  };
}

function statementOf(payload: Uint8Array): { readonly statement: StatedStatement } | { readonly problem: Finding } {
  try {
    return { statement: parseStatement(payload) };
  } catch (error) {
    if (!isTouchmarkError(error)) throw error;
    return { problem: findingOf(error) };
  }
}

function payloadOf({ payloadType, payload }: { readonly payloadType: string; readonly payload: Uint8Array }) {
  return {
    type: payloadType,
    size: payload.byteLength,
    digest: `sha256:${createHash("sha256").update(payload).digest("hex")}`,
  };
}

function signedDigest(piece: Piece): string | null {
  if (piece.kind === "statement" || piece.signature.messageDigest === null) return null;
  const { algorithm, bytes } = piece.signature.messageDigest;
  return `${algorithm.replace("SHA2_", "sha")}:${Buffer.from(bytes).toString("hex")}`;
}
