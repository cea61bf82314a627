import { TouchmarkError } from "@touchmark/core";
import { expect, it } from "vitest";
import { retryOption } from "./retry-note.ts";
import type { Terminal } from "./terminal.ts";

function notesOn(...retries: readonly (readonly [message: string, pauseMs: number])[]) {
  const notes: string[] = [];
  const { onRetry } = retryOption({ note: (text: string) => notes.push(text) } as unknown as Terminal);
  for (const [message, pauseMs] of retries) {
    onRetry({
      failure: new TouchmarkError("SERVICE_UNAVAILABLE", message, {
        expected: "an answer",
        actual: "status 503\u001b",
      }),
      pauseMs,
    });
  }
  return notes;
}

it("says whom it waits for and what came, once for each", () => {
  expect(
    notesOn(["the log at a.example", 500], ["the log at a.example", 1_000], ["the log at b.example", 6_001]),
  ).toEqual([
    "note: the log at a.example: expected an answer, got status 503\\u001b; it is asked again now",
    "note: the log at b.example: expected an answer, got status 503\\u001b; it is asked again in 7 s",
  ]);
});
