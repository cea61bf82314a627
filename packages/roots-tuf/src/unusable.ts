import { TouchmarkError } from "@touchmark/core";

/** What a mirror gave that is not what TUF wants there. */
export function unusable(label: string, expected: string, actual: string, cause?: unknown): TouchmarkError {
  return new TouchmarkError("SERVICE_INVALID", `${label} of the roots' mirror cannot be used`, {
    expected,
    actual: actual.slice(0, 300),
    ...(cause === undefined ? {} : { cause }),
  });
}

/** An older version of something than was given before. */
export function rolledBack(label: string, seen: number, given: number): TouchmarkError {
  return new TouchmarkError("ROOTS_ROLLBACK", `the roots' mirror gives an older ${label} than before`, {
    expected: `version ${seen} or newer`,
    actual: `version ${given}`,
  });
}

/** @throws TouchmarkError `ROOTS_STALE`. */
export function refuseExpired(
  { signed: { expires } }: { readonly signed: { readonly expires: Date } },
  label: string,
  now: Date,
): void {
  if (expires <= now) throw expired(label, expires, now);
}

/** Metadata whose time is over: whoever gives it may be hiding newer one. */
function expired(label: string, until: Date, now: Date): TouchmarkError {
  return new TouchmarkError("ROOTS_STALE", `${label} of the roots' mirror has expired`, {
    expected: `one that is valid on ${now.toISOString()}, by this machine's clock`,
    actual: `valid until ${until.toISOString()}`,
  });
}
