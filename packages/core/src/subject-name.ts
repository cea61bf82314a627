import { TouchmarkError } from "./errors.ts";
import { MAX_NAME_LENGTH } from "./limits.ts";

/** True for a purl: a package or image name, not a file name. */
export function isPurl(name: string): boolean {
  return name.startsWith("pkg:");
}

/** The part of a subject's name after its last slash; for a purl, the whole name. */
export function lastSegment(name: string): string {
  return isPurl(name) ? name : name.slice(name.lastIndexOf("/") + 1);
}

/**
 * Refuses names that a verifier could mistake for a place on its disk, or a person for another name: empty, absolute,
 * `.` and `..` segments (in a purl also percent-encoded), empty segments, backslash, control and invisible characters,
 * marks that change the direction of text, lone surrogates, a Windows drive, over 4,096 code units, a purl that is none.
 *
 * @throws TouchmarkError `NAME_REFUSED`, with the name escaped.
 */
export function checkSubjectName(name: string): void {
  const reason = refusal(name);
  if (reason === null) return;
  throw new TouchmarkError("NAME_REFUSED", `the subject name ${JSON.stringify(name.slice(0, 200))} is refused`, {
    expected: "a relative name such as tool or linux/tool, or a purl",
    actual: reason,
  });
}

/** Nearly every name; the checks below, which cost ten times as much, would find nothing in it. */
const PLAIN_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.+-]*(?:\/[A-Za-z0-9_][A-Za-z0-9_.+-]*)*$/;

function refusal(name: string): string | null {
  if (name.length <= MAX_NAME_LENGTH && PLAIN_NAME.test(name)) return null;
  if (name === "") return "an empty name";
  if (name.length > MAX_NAME_LENGTH) return `${name.length} characters, more than ${MAX_NAME_LENGTH}`;
  if (!name.isWellFormed()) return "a lone surrogate";
  const character = refusedCharacter(name);
  if (character !== null) return character;
  if (name.startsWith("/") || /^[A-Za-z]:/.test(name)) return "an absolute path";
  return /^pkg:/i.test(name) ? purlRefusal(name) : segmentRefusal(name.split("/"));
}

function refusedCharacter(name: string): string | null {
  if (/[\p{Cc}\u2028\u2029]/u.test(name)) return "a control character";
  // Unicode TR 36 section 2.5: such marks show "exe.txt" where the name is "txt.exe".
  if (/\p{Bidi_Control}/u.test(name)) return "a mark that changes the direction of text";
  // Zero width space, word joiner and byte order mark; the joiners of Persian and Indic words stay.
  if (/[\u200b\u2060\ufeff]/.test(name)) return "an invisible character";
  if (name.includes("\\")) return "a backslash";
  return null;
}

function segmentRefusal(segments: readonly string[]): string | null {
  if (segments.includes("..")) return "a .. segment";
  if (segments.includes(".")) return "a . segment";
  if (segments.includes("")) return "an empty segment";
  return null;
}

/**
 * `pkg:TYPE/[NAMESPACE/]NAME[@VERSION][?QUALIFIERS][#SUBPATH]`, type in lower case, as canonical purls have it
 * (https://github.com/package-url/purl-spec/blob/main/PURL-SPECIFICATION.rst). Looked at after percent-decoding, since a
 * consumer that decodes sees the names that way.
 */
function purlRefusal(name: string): string | null {
  const written = /^pkg:[a-z][a-z0-9.+-]*\/([^?#]+)(.*)$/su.exec(name);
  const [path, rest] = [percentDecoded(written?.[1]), percentDecoded(written?.[2])];
  if (path === null || rest === null) return "something that starts like a purl and is none";
  const character = refusedCharacter(path + rest);
  if (character !== null) return character;
  const outside = rest.split(/[/?#&=]/).filter((segment) => segment === "." || segment === "..");
  return segmentRefusal([...path.split("/"), ...outside]);
}

/** @returns null for nothing and for escapes that are not UTF-8. */
function percentDecoded(text: string | undefined): string | null {
  if (text === undefined) return null;
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
