import {
  ACCEPTABLE_ALGORITHMS,
  type AcceptableAlgorithm,
  attemptOrNull,
  lastSegment,
  type StatedStatement,
  type StatedSubject,
} from "@touchmark/core";
import { type Artifact, fileBaseName } from "./artifact.ts";
import { isIntotoPayload } from "./authenticate.ts";
import { SHA2 } from "./evidence.ts";
import type { StatementPiece } from "./formats/piece.ts";
import { imageNameOf } from "./image-name.ts";
import { MAX_OPENED_FOR_WORDS } from "./limits.ts";
import { digestsOf } from "./match-name.ts";
import { customaryKey, fileNameKey } from "./package-file-name.ts";
import { packageNameOf } from "./package-name-of.ts";
import { packageKey } from "./package-purl.ts";
import { statementOf } from "./statement-of.ts";
import { treeDigestKeys } from "./subject-index.ts";

/** Which evidence can have a say in what holds for some artifacts. */
export interface Concern {
  /**
   * False where no verdict about the artifacts depends on the piece, whoever signed it: none of its subjects has a digest or a
   * name of any of them. True also where its claim does not tell.
   */
  touches(piece: StatementPiece): Promise<boolean>;
}

/**
 * Judges by claims that nobody authenticated, so that all it may do is to leave out what nothing depends on. It must know
 * every way in which a subject is looked up: whoever adds one to `subject-index.ts` adds it here.
 *
 * @param artifacts - all that will be judged.
 * @param hashedWith - the algorithms by which all bytes among them are known; a subject with a digest by another one touches.
 */
export function concernOf(artifacts: readonly Artifact[], hashedWith: readonly AcceptableAlgorithm[]): Concern {
  const hasBytes = artifacts.some(({ kind }) => kind !== "digest");
  const undecided = hasBytes ? ACCEPTABLE_ALGORITHMS.filter((name) => !hashedWith.includes(name)) : [];
  const digests = new Set(artifacts.flatMap(digestsOf));
  const names = new Set(artifacts.flatMap((one) => (one.kind === "file" || one.kind === "tree" ? [one.name] : [])));
  const baseNames = new Set(artifacts.flatMap((one) => (one.kind === "file" ? [fileBaseName(one)] : [])));
  const packedNames = new Set([...baseNames].map(fileNameKey));
  const repositories = new Set(artifacts.flatMap((one) => (one.kind === "image" ? [one.repository] : [])));
  let packages: Promise<ReadonlySet<string> | null> | null = null;

  const isTouched = (subject: StatedSubject): boolean =>
    treeDigestKeys(subject).some((digest) => digests.has(digest)) ||
    undecided.some((name) => Object.hasOwn(subject.digest, name)) ||
    (subject.name !== undefined && isNamed(subject.name));
  const isNamed = (name: string): boolean =>
    names.has(name) ||
    baseNames.has(lastSegment(name)) ||
    packedNames.has(customaryKey(name) ?? "") ||
    repositories.has(imageNameOf(name)?.repository ?? "");

  return {
    async touches(piece) {
      const statement = claimedBy(piece);
      if (statement === null || isSummary(statement) || statement.subject.some(isTouched)) return true;
      const stated = statement.subject.map(({ name }) => (name === undefined ? null : packageKey(name)));
      if (stated.every((key) => key === null)) return false;
      // Packages are opened only where somebody states one.
      packages ??= packageNames(artifacts);
      const own = await packages;
      return own === null || stated.some((key) => key !== null && own.has(key));
    },
  };
}

/** The algorithms of SHA-2 by which some claims know their subjects: worth hashing with, before anybody is authenticated. */
export function claimedAlgorithms(pieces: readonly StatementPiece[]): readonly AcceptableAlgorithm[] {
  const used = new Set(
    pieces.flatMap((piece) =>
      (claimedBy(piece)?.subject ?? []).flatMap(({ digest }) => SHA2.filter((name) => Object.hasOwn(digest, name))),
    ),
  );
  return SHA2.filter((name) => used.has(name));
}

/** Null for what is no statement. */
function claimedBy({ bundle }: StatementPiece): StatedStatement | null {
  return isIntotoPayload(bundle.payloadType) ? attemptOrNull(() => statementOf(bundle)) : null;
}

/** Null where there are too many to open for claims of anybody. */
async function packageNames(artifacts: readonly Artifact[]): Promise<ReadonlySet<string> | null> {
  const files = artifacts.flatMap((one) => (one.kind === "file" && one.identify !== null ? [one] : []));
  if (files.length > MAX_OPENED_FOR_WORDS) return null;
  const names = new Set<string>();
  for (const file of files) {
    const purl = await packageNameOf(file);
    const key = purl === null ? null : packageKey(purl);
    if (key !== null) names.add(key);
  }
  return names;
}

/** What a verification summary is about may stand in its predicate. */
function isSummary({ predicateType }: StatedStatement): boolean {
  return predicateType.startsWith("https://slsa.dev/verification_summary/");
}
