import { RELEASE_V02 } from "@touchmark/core";
import type { Evidence } from "../src/evidence.ts";
import { evidence } from "./judge-cases.ts";
import type { TestKey } from "./signed-bundles.ts";

/** A list of a release of `pkg:generic/widgets`, by somebody who is trusted. */
export function listed(
  key: TestKey,
  subject: readonly unknown[],
  { name = "r.release.sigstore.json", version = "1.0.0", trusted = key } = {},
): Evidence {
  const predicate = { purl: `pkg:generic/widgets@${version}` };
  return evidence(name, key, trusted, { subject, predicateType: RELEASE_V02, predicate });
}
