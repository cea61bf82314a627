import { countedFact, fact } from "../fact.ts";
import { jsonFacts } from "../json-facts.ts";
import { descriptorText, listAt, textAt, valueAt } from "../stated.ts";
import type { PredicateKind } from "./summary.ts";

/** https://slsa.dev/spec/v1.2/verification_summary ; v0.1 and v0.2 differ in names alone. */
export const verificationSummary: PredicateKind = {
  titleOf: (type) =>
    /^https:\/\/slsa\.dev\/verification_summary\/(v1|v0\.[12])$/
      .exec(type)?.[1]
      ?.replace(/^/, "SLSA verification summary ") ?? null,
  facts(predicate) {
    const levels = [...listAt(predicate, "verifiedLevels"), textAt(predicate, "policy_level")];
    return [
      ...fact("result", textAt(predicate, "verificationResult") ?? textAt(predicate, "verification_result")),
      ...fact("levels", levels.filter((level) => typeof level === "string").join(", ") || null),
      ...fact("resource", textAt(predicate, "resourceUri") ?? textAt(predicate, "resource_uri")),
      ...fact("verifier", textAt(predicate, "verifier", "id"), jsonFacts(valueAt(predicate, "verifier", "version"))),
      ...fact("verified", textAt(predicate, "timeVerified") ?? textAt(predicate, "time_verified")),
      ...fact("policy", descriptorText(valueAt(predicate, "policy"))),
      ...fact("of dependencies", null, jsonFacts(valueAt(predicate, "dependencyLevels"))),
      ...countedFact("evidence", listAt(predicate, "inputAttestations"), (one) =>
        fact(descriptorText(one) ?? "(not said)", ""),
      ),
      ...fact("SLSA version", textAt(predicate, "slsaVersion")),
    ];
  },
};
