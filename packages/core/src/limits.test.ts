import { expect, test } from "vitest";
import * as limits from "./limits.ts";

// A limit is a promise to users (docs/statement.md has the table): changing one is a decision, not a slip.
test("the limits", () => {
  expect({ ...limits }).toEqual({
    MAX_BUNDLE_LINES: 10_000,
    MAX_DESCRIPTORS: 200_000,
    MAX_EVIDENCE_BYTES: 67_108_864,
    MAX_EVIDENCE_LINES: 100_000,
    MAX_JSON_DEPTH: 64,
    MAX_JSON_MEMBERS: 200_000,
    MAX_JSON_VALUES: 4_000_000,
    MAX_METADATA_BYTES: 67_108_864,
    MAX_NAME_LENGTH: 4_096,
    MAX_RELEASE_VERSION: 128,
    MAX_SMALL_FILE_BYTES: 1_048_576,
    MAX_SUBJECTS: 100_000,
    MAX_TAG: 2_048,
    MAX_VERIFIED_LEVELS: 100,
    MAX_VERSION: 256,
    PEER_MAX_SUBJECTS: 1_024,
  });
});
