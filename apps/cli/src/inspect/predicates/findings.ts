import { countedFact, fact } from "../fact.ts";
import { jsonFacts } from "../json-facts.ts";
import { descriptorText, listAt, textAt, valueAt } from "../stated.ts";
import type { PredicateKind } from "./summary.ts";

/** https://github.com/in-toto/attestation/blob/main/spec/predicates/test-result.md */
export const testResult: PredicateKind = {
  titleOf: (type) => (type === "https://in-toto.io/attestation/test-result/v0.1" ? "test result" : null),
  facts(predicate) {
    const tests = (name: string) => listAt(predicate, name).filter((test) => typeof test === "string");
    const named = (test: string) => fact(test, "");
    return [
      ...fact("result", textAt(predicate, "result")),
      ...fact("at", textAt(predicate, "url")),
      ...countedFact("failed", tests("failedTests"), named),
      ...countedFact("warned", tests("warnedTests"), named),
      ...fact("passed", String(tests("passedTests").length)),
      ...countedFact("configuration", listAt(predicate, "configuration"), (one) =>
        fact(descriptorText(one) ?? "(not said)", ""),
      ),
    ];
  },
};

/**
 * https://github.com/in-toto/attestation/blob/main/spec/predicates/vulns_02.md and v0.1 before it;
 * https://github.com/sigstore/cosign/blob/v3.0.2/specs/COSIGN_VULN_ATTESTATION_SPEC.md, whose result is the scanner's own.
 */
export const vulnerabilities: PredicateKind = {
  titleOf: (type) =>
    /^https:\/\/in-toto\.io\/attestation\/vulns\/v0\.[12]$/.test(type) ||
    type === "https://cosign.sigstore.dev/attestation/vuln/v1"
      ? "vulnerability scan"
      : null,
  facts(predicate) {
    const scanner = valueAt(predicate, "scanner");
    const result = valueAt(scanner, "result");
    return [
      ...fact("scanner", textAt(scanner, "uri"), fact("version", textAt(scanner, "version"))),
      ...fact("database", descriptorText(valueAt(scanner, "db")), [
        ...fact("version", textAt(scanner, "db", "version")),
        ...fact("updated", textAt(scanner, "db", "lastUpdate")),
      ]),
      ...fact("started", textAt(predicate, "metadata", "scanStartedOn")),
      ...fact("finished", textAt(predicate, "metadata", "scanFinishedOn")),
      ...(Array.isArray(result) ? countedFact("found", result, foundFact) : fact("result", null, jsonFacts(result))),
    ];
  },
};

function foundFact(one: unknown) {
  const severity = listAt(one, "severity").map((each) => `${textAt(each, "score")} (${textAt(each, "method")})`);
  return fact(textAt(one, "id") ?? textAt(one, "vulnerability", "id") ?? "(not said)", severity.join(", "));
}

/** https://github.com/in-toto/attestation/blob/main/spec/predicates/scai.md */
export const scai: PredicateKind = {
  titleOf: (type) =>
    /^https:\/\/in-toto\.io\/attestation\/scai\/(?:attribute-report\/v0\.[12]|v0\.3)$/.test(type)
      ? "SCAI attribute report"
      : null,
  facts: (predicate) => [
    ...fact("producer", descriptorText(valueAt(predicate, "producer"))),
    ...countedFact("attributes", listAt(predicate, "attributes"), (one) =>
      fact(textAt(one, "attribute") ?? "(not said)", "", [
        ...fact("target", descriptorText(valueAt(one, "target"))),
        ...fact("evidence", descriptorText(valueAt(one, "evidence"))),
        ...fact("conditions", null, jsonFacts(valueAt(one, "conditions"))),
      ]),
    ),
  ],
};
