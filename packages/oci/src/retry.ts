import { isTouchmarkError, type TouchmarkError } from "@touchmark/core";
import type { Host, HttpRequest, HttpResponse } from "@touchmark/plugin";
import { FIRST_PAUSE_MS, MAX_ATTEMPTS, MAX_PAUSE_MS } from "./registry-limits.ts";

/** What came of one exchange: an answer, or none that is whole. */
export type Outcome =
  | { readonly kind: "answer"; readonly response: HttpResponse }
  | { readonly kind: "broken"; readonly error: TouchmarkError };

/** Answers after which the same request may go well: those that say "later", by RFC 9110 and RFC 6585. */
const LATER = new Set([429, 500, 502, 503, 504]);

/**
 * One exchange, once.
 *
 * @throws TouchmarkError what another attempt does not change.
 */
export async function exchange(host: Host, request: HttpRequest): Promise<Outcome> {
  try {
    return { kind: "answer", response: await host.fetch(request) };
  } catch (error) {
    if (isTouchmarkError(error) && (error.code === "NETWORK_UNAVAILABLE" || error.code === "REGISTRY_INVALID")) {
      return { kind: "broken", error };
    }
    throw error;
  }
}

/** Whether another attempt may go better. */
export function mayImprove(outcome: Outcome): boolean {
  return outcome.kind === "broken" || LATER.has(outcome.response.status);
}

/**
 * The same again with growing pauses, until it goes well or {@link MAX_ATTEMPTS} are used up.
 *
 * @returns the last answer, which may still be one that says "later".
 * @throws TouchmarkError of the last attempt, when no whole answer came.
 */
export async function withRetries(host: Host, attempt: () => Promise<Outcome>): Promise<HttpResponse> {
  for (let number = 1; ; number += 1) {
    const outcome = await attempt();
    const pause = mayImprove(outcome) && number < MAX_ATTEMPTS ? pauseAfter(outcome, number) : null;
    if (pause !== null) await host.wait(pause);
    else if (outcome.kind === "answer") return outcome.response;
    else throw outcome.error;
  }
}

/**
 * How long to wait before the next attempt: what the registry asks for, else twice as long each time. Without chance, so
 * that a failure can be repeated.
 *
 * @param failures - so far, from 1.
 * @returns milliseconds; null when the registry asks for more than {@link MAX_PAUSE_MS}.
 */
export function pauseAfter(outcome: Outcome, failures: number): number | null {
  const asked = outcome.kind === "answer" ? retryAfter(outcome.response) : null;
  if (asked !== null) return asked > MAX_PAUSE_MS ? null : asked;
  return Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), MAX_PAUSE_MS);
}

/** https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3: seconds, or a time, which is compared with the registry's own. */
function retryAfter({ headers }: HttpResponse): number | null {
  const value = headers["retry-after"] ?? "";
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1_000;
  const until = Date.parse(value) - Date.parse(headers["date"] ?? "");
  return Number.isNaN(until) ? null : Math.max(0, until);
}
