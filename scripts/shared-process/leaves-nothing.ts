// Of each file whose tests share a process with other files: it leaves the process as it found it.
import { afterAll, beforeAll, expect } from "vitest";
import { type ProcessState, processState } from "./process-state.ts";

let before: ProcessState;

beforeAll(() => {
  before = processState();
});

afterAll(() => {
  expect(processState(), "what this file leaves to the next one in its process").toEqual(before);
});
