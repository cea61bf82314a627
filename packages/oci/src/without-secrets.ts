import { isTouchmarkError, TouchmarkError } from "@touchmark/core";
import type { Repository } from "./repository.ts";

/**
 * A repository whose errors hold no secret that was sent to its registry. What an answer says gets into messages in many
 * places: headers, media types, the places that it refers to.
 *
 * @param hide - text without the secrets.
 */
export function withoutSecrets(repository: Repository, hide: (text: string) => string): Repository {
  const guarded =
    <Args extends unknown[], Result>(method: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      try {
        return await method(...args);
      } catch (error) {
        throw isTouchmarkError(error) ? hidden(error, hide) : error;
      }
    };
  return {
    label: repository.label,
    manifest: guarded(repository.manifest),
    blob: guarded(repository.blob),
    resolveTag: guarded(repository.resolveTag),
    hasManifest: guarded(repository.hasManifest),
    manifestByTag: guarded(repository.manifestByTag),
    pushBlob: guarded(repository.pushBlob),
    pushManifest: guarded(repository.pushManifest),
    referrers: guarded(repository.referrers),
  };
}

/** Without its cause, which holds the same words; the error itself where there is nothing to hide. */
function hidden(error: TouchmarkError, hide: (text: string) => string): TouchmarkError {
  const { code, message, expected, actual } = error;
  const words = [message, expected, actual, `${error.cause ?? ""}`];
  if (words.every((text) => text === null || hide(text) === text)) return error;
  const shown = (text: string | null) => (text === null ? null : hide(text));
  return new TouchmarkError(code, hide(message), { expected: shown(expected), actual: shown(actual) });
}
