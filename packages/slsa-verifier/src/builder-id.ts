import { Refusal } from "./refusal.ts";

/** `NAME@VERSION`; the version is `refs/tags/v1.2.3`, `v1.2.3` or empty. */
export interface BuilderId {
  readonly name: string;
  readonly version: string;
}

/** @throws Refusal `ErrorInvalidFormat`. */
export function parseBuilderId(text: string, needsVersion: boolean): BuilderId {
  const [name = "", version, ...more] = text.split("@");
  if (more.length === 0 && version !== undefined && version !== "") return { name, version };
  if (version === undefined && !needsVersion) return { name, version: "" };
  throw new Refusal("ErrorInvalidFormat", `builder id ${JSON.stringify(text)}`);
}

export function showBuilderId({ name, version }: BuilderId): string {
  return version === "" ? name : `${name}@${version}`;
}

/**
 * The name must be equal; the version only where one is expected, and `v1.2.3` also stands for `refs/tags/v1.2.3`.
 *
 * @throws Refusal `ErrorMismatchBuilderID`.
 */
export function matchLoosely(id: BuilderId, expected: string, allowsRef: boolean): void {
  const { name, version } = parseBuilderId(expected, false);
  if (version === "") matchName(id, name);
  else match(id, { name, version }, allowsRef);
}

/** Name and version must be equal. @throws Refusal `ErrorMismatchBuilderID`. */
export function matchFully(id: BuilderId, expected: string): void {
  match(id, parseBuilderId(expected, false), true);
}

function match(id: BuilderId, { name, version }: BuilderId, allowsRef: boolean): void {
  matchName(id, name);
  if (version === id.version || (allowsRef && `refs/tags/${version}` === id.version)) return;
  throw new Refusal("ErrorMismatchBuilderID", `expected version '${version}', got '${id.version}'`);
}

function matchName(id: BuilderId, name: string): void {
  if (name !== id.name) throw new Refusal("ErrorMismatchBuilderID", `expected name '${name}', got '${id.name}'`);
}
