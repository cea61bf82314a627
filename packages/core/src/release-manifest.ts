import * as z from "zod/mini";
import { TouchmarkError } from "./errors.ts";
import { issueText } from "./issue-text.ts";
import { MAX_RELEASE_VERSION } from "./limits.ts";
import { isReleaseList, RELEASE_V02 } from "./release-type.ts";
import { STATEMENT_V1, type StatedStatement, type Statement } from "./statement.ts";
import { mergeSubjects, type Subject } from "./subject.ts";
import { checkSubjectName } from "./subject-name.ts";

/** The member of the predicate that is ours: docs/release-manifest.md. */
export const RELEASE_PREDECESSOR = "https://touchmark.dev/release-predecessor/v1";

/** The list of the release before: whoever has both can see that none was left out between them. */
export interface Predecessor {
  readonly version: string;
  /** SHA-256 of the file, lowercase hex. */
  readonly sha256: string;
}

/** What a signed list of a release's artifacts says besides its subjects. */
export interface ReleaseManifest {
  readonly purl: string;
  /** The purl without its version: equal for all releases of one thing. */
  readonly series: string;
  /** As the purl has it, decoded. */
  readonly version: string;
  readonly predecessor: Predecessor | null;
}

const VERSION = /^[A-Za-z0-9][A-Za-z0-9._+-]*$/;

/** Unknown members are ignored, as in-toto's parsing rules say; a predecessor is ours and closed. */
const Predicate = z.lazy(() =>
  z.object({
    purl: z.string().check(z.minLength(1), z.maxLength(2048)),
    [RELEASE_PREDECESSOR]: z.optional(
      z.strictObject({
        version: z.string().check(z.maxLength(MAX_RELEASE_VERSION), z.regex(VERSION)),
        digest: z.strictObject({ sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)) }),
      }),
    ),
  }),
);

/**
 * Reads what a statement says of a release.
 *
 * @returns null when the statement's predicate is something else.
 * @throws TouchmarkError `STATEMENT_MALFORMED` when it claims to be a list of a release and has no purl with a version.
 */
export function readRelease(statement: StatedStatement): ReleaseManifest | null {
  if (!isReleaseList(statement)) return null;
  const parsed = Predicate.safeParse(statement.predicate);
  if (!parsed.success) throw malformed(issueText(parsed.error));
  const { purl } = parsed.data;
  const stated = parsed.data[RELEASE_PREDECESSOR];
  const predecessor = stated === undefined ? null : { version: stated.version, sha256: stated.digest.sha256 };
  return { purl, ...versioned(purl), predecessor };
}

function versioned(purl: string): Pick<ReleaseManifest, "series" | "version"> {
  try {
    checkSubjectName(purl);
  } catch (cause) {
    throw malformed((cause as TouchmarkError).actual ?? "no purl", cause);
  }
  // Qualifiers and subpath may hold an @ of their own.
  const [, series, encoded] = /^(pkg:[^@?#]+)@([^@?#/]+)(?:[?#].*)?$/.exec(purl) ?? [];
  if (series === undefined || encoded === undefined) throw malformed(`${purl}, without a version`);
  const version = decodeURIComponent(encoded); // checked above
  if (version.length > MAX_RELEASE_VERSION) throw malformed(`a version of ${version.length} characters`);
  return { series, version };
}

/** What goes into a list. */
export interface ReleaseContent {
  /** What all releases of it are called. */
  readonly name: string;
  readonly version: string;
  readonly predecessor: Predecessor | null;
  /** Everything that belongs to the release. */
  readonly subjects: readonly Subject[];
}

/**
 * The statement that lists a release: equal content in any order gives equal bytes after `encodeStatement`.
 *
 * @throws TouchmarkError `INPUT_INVALID` for a version that no purl and no file name could hold, and for a predecessor of the
 * same version; `SUBJECT_CONFLICT`; `NAME_REFUSED`; `SUBJECTS_EMPTY`.
 */
export function stateRelease({ name, version, predecessor, subjects }: ReleaseContent): Statement {
  checkVersion(version);
  if (predecessor?.version === version) {
    throw new TouchmarkError("INPUT_INVALID", "the release before has the same version", {
      expected: "another version",
      actual: version,
    });
  }
  if (subjects.length === 0) {
    throw new TouchmarkError("SUBJECTS_EMPTY", "there is nothing that the release could list", {
      expected: "at least one artifact",
      actual: "none",
    });
  }
  return {
    _type: STATEMENT_V1,
    subject: mergeSubjects(subjects),
    predicateType: RELEASE_V02,
    predicate: {
      purl: `pkg:generic/${encodeURIComponent(name)}@${encodeURIComponent(version)}`,
      ...(predecessor === null
        ? {}
        : { [RELEASE_PREDECESSOR]: { version: predecessor.version, digest: { sha256: predecessor.sha256 } } }),
    },
  };
}

function checkVersion(version: string): void {
  if (version.length <= MAX_RELEASE_VERSION && VERSION.test(version)) return;
  throw new TouchmarkError("INPUT_INVALID", "the release's version is none", {
    expected: `letters, digits, dot, underscore, plus and hyphen; at most ${MAX_RELEASE_VERSION}`,
    actual: JSON.stringify(version.slice(0, 120)),
  });
}

function malformed(actual: string, cause?: unknown): TouchmarkError {
  return new TouchmarkError("STATEMENT_MALFORMED", "the predicate does not list a release", {
    expected: "a purl with the release's version",
    actual,
    cause,
  });
}
