import { type Code, TouchmarkError } from "@touchmark/core";
import type { HttpResponse } from "@touchmark/plugin";
import * as z from "zod";
import { answerJson } from "./answer-json.ts";

/** https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#error-codes */
const ErrorBody = z.object({ errors: z.array(z.object({ code: z.string(), message: z.string().optional() })) });

/** Unit: characters. */
const MAX_SAID = 300;

/**
 * The error for an answer that is not what was hoped for.
 *
 * @param what - what was asked for: `the manifest sha256:… of ghcr.io/octo/app`.
 * @param hide - secrets that were sent; an answer may repeat them, a message must not.
 */
export function registryError(
  response: HttpResponse,
  what: string,
  expected: string,
  hide: (text: string) => string,
): TouchmarkError {
  const said = saidBy(response.body, hide);
  const [code, problem] = meaningOf(response.status);
  return new TouchmarkError(code, `${what}: ${problem}`, {
    expected,
    actual: `status ${response.status}${said === "" ? "" : `: ${said}`}`,
  });
}

function meaningOf(status: number): readonly [Code, string] {
  if (status === 401 || status === 403) return ["REGISTRY_DENIED", "the registry does not let us in"];
  if (status === 404) return ["IMAGE_MISSING", "it is not there"];
  if (status === 429) return ["REGISTRY_UNAVAILABLE", "the registry has had too many requests"];
  if (status >= 500) return ["REGISTRY_UNAVAILABLE", "the registry could not do it now"];
  return ["REGISTRY_INVALID", "the registry answered against the protocol"];
}

/** The registry's own words, in one bounded line that cannot move a cursor. */
function saidBy(body: Uint8Array, hide: (text: string) => string): string {
  const parsed = ErrorBody.safeParse(answerJson(body));
  if (!parsed.success) return "";
  const said = parsed.data.errors
    .slice(0, 3)
    .map(({ code, message = "" }) => (message === "" ? code : `${code}, ${message}`))
    .join("; ");
  // Before it is cut off: a part of a secret is one, too.
  return hide(said)
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
    .slice(0, MAX_SAID)
    .trim();
}
