import { countedFact, fact } from "../fact.ts";
import { listAt, textAt, valueAt } from "../stated.ts";
import type { PredicateKind } from "./summary.ts";

/** Packages or components that are named. */
const LISTED = 5;

/** https://github.com/in-toto/attestation/blob/main/spec/predicates/spdx.md ; cosign writes v2 documents with its own prefix or none. */
export const spdx: PredicateKind = {
  titleOf: (type) => (/^https:\/\/spdx\.dev\/Document(?:\/v[\d.]+)?$/.test(type) ? "SPDX SBOM" : null),
  facts(predicate) {
    const graph = listAt(predicate, "@graph");
    if (graph.length > 0) return spdx3(graph);
    const packages = listAt(predicate, "packages");
    return [
      ...fact("format", textAt(predicate, "spdxVersion")),
      ...fact("name", textAt(predicate, "name")),
      ...fact("namespace", textAt(predicate, "documentNamespace")),
      ...fact("created", textAt(predicate, "creationInfo", "created")),
      ...fact("by", textsIn(listAt(predicate, "creationInfo", "creators"))),
      ...countedFact("packages", packages, versioned("versionInfo"), LISTED),
      ...fact("files", countIn(listAt(predicate, "files"))),
      ...fact("relationships", countIn(listAt(predicate, "relationships"))),
    ];
  },
};

/** https://spdx.github.io/spdx-spec/v3.0.1/ : one graph of elements, each with its type. */
function spdx3(graph: readonly unknown[]) {
  const ofType = (type: string) => graph.filter((element) => textAt(element, "type") === type);
  const [document, info] = [ofType("SpdxDocument")[0], ofType("CreationInfo")[0]];
  return [
    ...fact("format", textAt(info, "specVersion")?.replace(/^/, "SPDX-") ?? null),
    ...fact("name", textAt(document, "name")),
    ...fact("namespace", textAt(document, "spdxId")),
    ...fact("created", textAt(info, "created")),
    ...countedFact("packages", ofType("software_Package"), versioned("software_packageVersion"), LISTED),
    ...fact("files", countIn(ofType("software_File"))),
    ...fact("relationships", countIn(ofType("Relationship"))),
  ];
}

/** https://cyclonedx.org/specification/overview/ */
export const cyclonedx: PredicateKind = {
  titleOf: (type) => (/^https:\/\/cyclonedx\.org\/bom(?:\/v?[\d.]+)?$/.test(type) ? "CycloneDX SBOM" : null),
  facts(predicate) {
    const version = textAt(predicate, "specVersion");
    const tools = valueAt(predicate, "metadata", "tools");
    const named = Array.isArray(tools) ? tools : listAt(tools, "components");
    return [
      ...fact("format", version === null ? null : `CycloneDX ${version}`),
      ...fact("serial number", textAt(predicate, "serialNumber")),
      ...fact("about", nameAndVersion(valueAt(predicate, "metadata", "component"), "version")),
      ...fact("created", textAt(predicate, "metadata", "timestamp")),
      ...fact("by", textsIn(named.map((tool) => nameAndVersion(tool, "version")))),
      ...countedFact("components", listAt(predicate, "components"), versioned("version"), LISTED),
      ...fact("vulnerabilities", countIn(listAt(predicate, "vulnerabilities"))),
    ];
  },
};

function versioned(version: string) {
  return (one: unknown) => fact(nameAndVersion(one, version) ?? "(no name)", "");
}

function nameAndVersion(one: unknown, version: string): string | null {
  return [textAt(one, "name"), textAt(one, version)].filter((part) => part !== null).join(" ") || null;
}

function textsIn(list: readonly unknown[]): string | null {
  return (
    list
      .filter((one) => typeof one === "string")
      .slice(0, LISTED)
      .join(", ") || null
  );
}

function countIn(list: readonly unknown[]): string | null {
  return list.length === 0 ? null : String(list.length);
}
