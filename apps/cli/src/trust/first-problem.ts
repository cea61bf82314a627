import { isTouchmarkError } from "@touchmark/core";
import type { PolicyProblem } from "@touchmark/policy";

/**
 * What a reader of a list threw, as a problem of the file that the list is in.
 *
 * @param where.place - for a message that does not begin with the file and a place.
 */
export function firstProblem(
  error: unknown,
  where: { readonly label: string; readonly place: string; readonly prefix: string },
): Pick<PolicyProblem, "place" | "text" | "guess"> {
  const { label, place, prefix } = where;
  if (!isTouchmarkError(error)) throw error;
  const { message, actual } = error;
  const begin = message.startsWith(label) ? /^(:\d+:\d+)?:? /.exec(message.slice(label.length)) : null;
  const words = begin === null ? message : message.slice(label.length + begin[0].length);
  const text = actual === null || words.includes(actual) ? words : `${words}: ${actual}`;
  return { place: begin?.[1] ?? place, text: `${prefix}${text}`, guess: null };
}
