import { TouchmarkError } from "@touchmark/core";
import { isPublic, type SigningInstance } from "./signing-instance.ts";
import type { TokenClaims } from "./token-claims.ts";

/**
 * `auto`: the log gets an entry where the token says that the source is public, or names a person. `public`: it gets one. `none`: it gets
 * none. The log and the timestamp authority are independent: a timestamp comes in any case, where there is an authority.
 */
export type LogMode = "auto" | "public" | "none";

export interface LogPolicy {
  readonly log: LogMode;
  /** The user knows that names of a private repository will stand where everybody can read them. */
  readonly acknowledgePrivate: boolean;
}

/**
 * Checks what can be known before anything is signed.
 *
 * @throws TouchmarkError `USAGE` for a choice that leaves nothing to say when a signature was made, or no log to write to.
 */
export function checkLogMode(mode: LogMode, instance: SigningInstance): void {
  if (mode === "public" && instance.logs.length === 0) {
    throw new TouchmarkError("USAGE", "the signing services have no log", {
      expected: "a log, or log: auto or none",
      actual: "log: public",
    });
  }
  // Certificates live for minutes, so a signature without a time is worth nothing after them. Rekor v2 gives none.
  const saysWhen = instance.timestamps > 0 || (mode !== "none" && hasTime(instance));
  if (saysWhen) return;
  throw new TouchmarkError("USAGE", "nothing would say when the signature was made", {
    expected: "a timestamp authority, or a log of Rekor version 1",
    actual: "neither",
  });
}

/**
 * Whether this signature goes into the log. What does not say that it is public counts as private.
 *
 * @throws TouchmarkError `PRIVATE_REPOSITORY` where that, or the certificate alone, would make the names of a private
 * repository public, and nobody acknowledged it; `USAGE` where a private repository would then have no time.
 */
export function usesLog(policy: LogPolicy, instance: SigningInstance, { visibility }: TokenClaims): boolean {
  if (visibility === "public" || visibility === null) return policy.log !== "none" && instance.logs.length > 0;
  if (!policy.acknowledgePrivate && (isPublic(instance) || policy.log === "public")) {
    const whose = visibility === "private" ? "a private repository" : "what the token does not call public";
    throw new TouchmarkError("PRIVATE_REPOSITORY", `the names of ${whose} would become public`, {
      expected: "signing services of your own and a timestamp alone, a key, or your word that the names may be known",
      actual: isPublic(instance)
        ? "certificates of the public instance stand in a log that everybody reads"
        : "log: public writes repository, workflow and ref into a log",
    });
  }
  if (policy.log === "public") return true;
  checkLogMode("none", instance);
  return false;
}

function hasTime({ logs }: SigningInstance): boolean {
  return logs.some(({ version }) => version === 1);
}
