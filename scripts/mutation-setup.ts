import fc from "fast-check";
import { beforeEach } from "vitest";

/** What a property finds is the same for each mutant and on each day. */
fc.configureGlobal({ seed: 1 });

/** Bounds of processor time, by the words that such tests use: code with all mutants in it is slower than the code. */
beforeEach(({ task, skip }) =>
  skip(/\btakes (?:no |any bytes )?long\b|\bread on and on$|\bread in one pass$/.test(task.name)),
);
