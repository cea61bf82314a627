import { expect, it } from "vitest";
import type { Attack } from "../../test/attack-cases.ts";
import { outcome, sign } from "../../test/certificate-cases.ts";

// A13: a checkpoint is of this log, and says what the proof says.
const attacks: readonly Attack[] = [
  [
    "a checkpoint of another origin",
    { entryOptions: { checkpoint: { origin: "rekor.sigstore.test" } } },
    {},
    "LOG_ENTRY_INVALID",
  ],
  ["a checkpoint by a pattern", { entryOptions: { checkpointName: ".*" } }, {}, "LOG_ENTRY_INVALID"],
  ["a checkpoint by a slow pattern", { entryOptions: { checkpointName: "(a+)+$" } }, {}, "LOG_ENTRY_INVALID"],
  ["a checkpoint of another size", { entryOptions: { checkpoint: { size: 4 } } }, {}, "LOG_ENTRY_INVALID"],
  [
    "a checkpoint of another tree",
    { entryOptions: { checkpoint: { root: new Uint8Array(32) } } },
    {},
    "LOG_ENTRY_INVALID",
  ],
];

it.each(attacks)("%s", (_, options, changed, code) => {
  expect(outcome(sign(options, changed))).toBe(code);
});
