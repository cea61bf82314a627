import { MAX_EVIDENCE_BYTES, parseJson, parseSubjectsFile, SUBJECTS_FILE_TYPE, TouchmarkError } from "@touchmark/core";
import { parseImageSignatures } from "@touchmark/oci";
import type { PiecesRead } from "@touchmark/verify";
import type { Context } from "../context.ts";
import { evidenceIn, isLayoutName, readEvidenceInput } from "../evidence-input.ts";
import { readInput } from "../read-input.ts";
import type { InspectedFile } from "../reports/inspect.ts";
import { inspectPiece } from "./inspect-piece.ts";
import { otherFile } from "./other-file.ts";

/**
 * What a file holds, whatever it is.
 *
 * @param file - a path, or `oci-layout:PATH`.
 * @throws TouchmarkError for what is nothing that Touchmark knows: the reason why it is no evidence.
 */
export async function inspectFile(context: Context, file: string): Promise<InspectedFile> {
  if (isLayoutName(file)) return evidence(file, await readEvidenceInput(context, file));
  const bytes = await readInput(context.cwd, file, MAX_EVIDENCE_BYTES);
  if (isSubjectsFile(bytes)) return { file, kind: "subjects", subjects: { ...parseSubjectsFile(bytes, file) } };
  if (file.endsWith(".image-signatures.jsonl")) return imageSignatures(file, bytes);
  return otherFile(file, bytes) ?? evidence(file, await evidenceIn(bytes, file));
}

async function evidence(file: string, { pieces, findings }: PiecesRead): Promise<InspectedFile> {
  const [problem] = findings;
  if (pieces.length === 0 && problem !== undefined) {
    throw new TouchmarkError(problem.code, problem.message, problem);
  }
  const inspected = [];
  for (const piece of pieces) inspected.push(await inspectPiece(piece));
  return { file, kind: "evidence", pieces: inspected, problems: [...findings] };
}

/** What `attest --cosign-signature` keeps of images: they cover nothing, and cosign reads them in the registry. */
function imageSignatures(file: string, bytes: Uint8Array): InspectedFile {
  const names = parseImageSignatures(bytes, file).map(({ name, digest }) => `${name}@${digest}`);
  return {
    file,
    kind: "other",
    title: `signatures of images, as cosign verify takes them: ${[...new Set(names)].join(", ")}`,
    command: "touchmark publish --to oci",
  };
}

function isSubjectsFile(bytes: Uint8Array): boolean {
  try {
    const json = parseJson(bytes, { what: "the file", maxBytes: MAX_EVIDENCE_BYTES });
    return json !== null && typeof json === "object" && "type" in json && json.type === SUBJECTS_FILE_TYPE;
  } catch {
    return false; // JSON Lines, or no JSON at all: whoever reads evidence says which
  }
}
