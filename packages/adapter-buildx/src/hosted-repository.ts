import { comparableRepository } from "@touchmark/core";

/** `host/path` without user, password, scheme and `.git`; null for anything that is not on a named host (a local path). */
export function hostedRepository(remote: string): string | null {
  if (remote.length > 2048) return null;
  const plain = comparableRepository(remote.replace(/[?#].*$/s, ""));
  return /^[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?(?:\/[\w.~-]+)+$/.test(plain) ? plain : null;
}
