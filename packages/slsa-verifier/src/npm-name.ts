import { Refusal } from "./refusal.ts";
import type { StatementSubject } from "./statement.ts";

const PURL = "pkg:npm/";

/** `@scope/name` and `1.0.0` of `pkg:npm/%40scope/name@1.0.0`, the only subject. @throws Refusal */
export function packageOfSubjects(subjects: readonly StatementSubject[]): {
  readonly name: string;
  readonly version: string;
} {
  const [subject, ...more] = subjects;
  if (subject === undefined || more.length > 0) {
    throw new Refusal("ErrorInvalidDssePayload", `expected 1 subject, got ${subjects.length}`);
  }
  if (!subject.name.startsWith(PURL)) throw new Refusal("ErrorInvalidPackageName", subject.name);
  return splitPackage(unescaped(subject.name.slice(PURL.length)));
}

/** `@scope/name` of `@scope/name@1.0.0`. @throws Refusal `ErrorInvalidPackageName`. */
export function splitPackage(text: string): { readonly name: string; readonly version: string } {
  const scope = text.startsWith("@") ? "@" : "";
  const [name = "", version = "", ...more] = text.slice(scope.length).split("@");
  if (more.length > 0) throw new Refusal("ErrorInvalidPackageName", text);
  return { name: `${scope}${name}`, version };
}

/** As a form encodes: `+` is a space. */
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw new Refusal("ErrorInvalidEncoding", text);
  }
}
