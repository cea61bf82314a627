import { isTouchmarkError } from "@touchmark/core";

/**
 * All that an error could tell somebody, in one text: for tests that look for secrets in it.
 *
 * @throws what was thrown, where it is no TouchmarkError; an Error where nothing was.
 */
export async function errorWords(run: () => unknown): Promise<string> {
  try {
    await run();
  } catch (error) {
    if (!isTouchmarkError(error)) throw error;
    return `${error.code} ${error.message} ${error.expected} ${error.actual} ${error.stack} ${error.cause}`;
  }
  throw new Error("nothing was thrown");
}
