import type { SubjectsFile } from "@touchmark/core";
import { fact } from "../inspect/fact.ts";
import { pieceFacts, statementFacts } from "../inspect/piece-facts.ts";
import type { InspectedFile, InspectedPiece } from "../reports/inspect.ts";
import { partLines } from "./attest-summary.ts";
import { column } from "./column.ts";
import { safe, type Terminal } from "./terminal.ts";
import { treeLines } from "./tree.ts";

/** How wide the column of names is: `certificate`, and a space. Unit: characters. */
const NAMES = 12;

/** What a file holds, for a person. Nothing of it is verified, and each part says so. */
export function inspectedLines(inspected: InspectedFile, paint: Terminal["paint"]): readonly string[] {
  const name = safe(inspected.file);
  switch (inspected.kind) {
    case "evidence":
      return [
        ...inspected.pieces.flatMap((piece) => pieceLines(piece, paint)),
        ...(inspected.pieces.length === 0 ? [`${name}  no evidence in it`] : []),
        ...inspected.problems.map(
          ({ code, message, actual }) =>
            `${paint("red", "no evidence")}  ${code}: ${safe(message)}${actual === null ? "" : ` (${safe(actual)})`}`,
        ),
      ];
    case "subjects":
      // The schema of this document leaves open what the one of subjects files says.
      return [`${name}  subjects file (not signed)`, ...partLines(inspected.subjects as unknown as SubjectsFile)];
    case "unsigned":
      return [
        `${name}  (not signed, and nothing here is verified)`,
        ...treeLines(
          inspected.statement === null
            ? fact("document", inspected.predicate.title, inspected.predicate.facts)
            : statementFacts(inspected),
          2,
          NAMES,
        ),
      ];
    case "other":
      return [`${name}  ${safe(inspected.title)}`, ...treeLines(fact("see", inspected.command), 2, NAMES)];
  }
}

function pieceLines(piece: InspectedPiece, paint: Terminal["paint"]): readonly string[] {
  return [
    `${paint("bold", safe(piece.name))}  (nothing here is verified)`,
    ...treeLines(pieceFacts(piece), 2, NAMES),
    ...consistencyLines(piece.consistency, paint),
  ];
}

const COLOURS = { consistent: "green", differs: "red", incomparable: "yellow" } as const;

function consistencyLines(all: InspectedPiece["consistency"], paint: Terminal["paint"]): readonly string[] {
  if (all.length === 0) return [];
  const pad = column(Object.keys(COLOURS));
  return [
    "  consistency   of its parts with each other, which anybody can make up: it is no verification",
    ...all.map(
      ({ what, result, why }) =>
        `    ${paint(COLOURS[result], pad(result))}  ${safe(what)}${why === null ? "" : `: ${safe(why)}`}`,
    ),
  ];
}
