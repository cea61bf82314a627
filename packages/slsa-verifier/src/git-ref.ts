import { Refusal } from "./refusal.ts";

/** `git+https://github.com/octo/widgets`, from it, from `github.com/octo/widgets` or from a URL. */
export function gitUri(text: string): string {
  if (text.startsWith("git+")) return text;
  return text.includes("://") ? `git+${text}` : `git+https://${text}`;
}

/** Splits `git+https://github.com/octo/widgets@refs/tags/v1`. @throws Refusal `ErrorMalformedURI`. */
export function splitGitUri(text: string): { readonly uri: string; readonly ref: string } {
  if (!text.startsWith("git+")) throw new Refusal("ErrorMalformedURI", `not a git URI: ${JSON.stringify(text)}`);
  const at = text.indexOf("@");
  return at === -1 ? { uri: text, ref: "" } : { uri: text.slice(0, at), ref: text.slice(at + 1) };
}

/** `refs/tags/v1` is a tag called `v1`; what does not begin so is of no kind. */
export function splitRef(ref: string): { readonly kind: string; readonly name: string } {
  const [, kind, name] = /^refs\/([^/]*)\/(.*)$/s.exec(ref) ?? [];
  return kind === undefined || name === undefined ? { kind: "", name: ref } : { kind, name };
}

/** @throws Refusal `ErrorInvalidRef` for a ref that is of another kind. */
export function tagOf(ref: string): string {
  return nameOf(ref, "tags");
}

/** @throws Refusal `ErrorInvalidRef` for a ref that is of another kind. */
export function branchOf(ref: string): string {
  return nameOf(ref, "heads");
}

function nameOf(ref: string, expected: string): string {
  const { kind, name } = splitRef(ref);
  if (kind === expected && name !== "") return name;
  throw new Refusal("ErrorInvalidRef", `${JSON.stringify(ref)} is not a ref of the kind ${expected}`);
}
