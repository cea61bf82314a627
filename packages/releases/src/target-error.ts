import { TouchmarkError } from "@touchmark/core";

/** A target that is not written as one. */
export function malformed(expected: string, actual: string): TouchmarkError {
  return new TouchmarkError("INPUT_INVALID", "the target names no release", { expected, actual });
}

/** A target that names what can move. */
export function unpinned(expected: string, actual: string): TouchmarkError {
  return new TouchmarkError("TAG_UNPINNED", "the target can be another release at any time", { expected, actual });
}

/** The host has no such release, or does not show it to us. */
export function noRelease(label: string, home: URL, asked: boolean): TouchmarkError {
  return new TouchmarkError("TARGET_MISSING", `${label} is not at ${home.host}`, {
    expected: asked ? "a release that the token may read" : "a release that everybody may read, or a token",
    actual: "nothing",
  });
}

/** An answer that contradicts itself or the question. */
export function wrongAnswer(service: string, home: URL, expected: string, actual: string): TouchmarkError {
  return new TouchmarkError("SERVICE_INVALID", `${service} at ${home.host} answered wrongly`, {
    expected,
    actual: actual.slice(0, 300),
  });
}
