import { readSource } from "@touchmark/core";
import { countedFact, type Fact, fact } from "../fact.ts";
import { jsonFacts } from "../json-facts.ts";
import { descriptorText, listAt, textAt, valueAt } from "../stated.ts";
import type { PredicateKind } from "./summary.ts";

/** Dependencies that are named; there may be thousands. */
const DEPENDENCIES_LISTED = 5;

/** https://slsa.dev/spec/v1.2/build-provenance */
export const provenanceV1: PredicateKind = {
  titleOf: (type) => (type === "https://slsa.dev/provenance/v1" ? "SLSA provenance v1" : null),
  facts(predicate) {
    const build = valueAt(predicate, "buildDefinition");
    const run = valueAt(predicate, "runDetails");
    const dependencies = listAt(build, "resolvedDependencies");
    return [
      ...fact("builder", textAt(run, "builder", "id"), jsonFacts(valueAt(run, "builder", "version"))),
      ...fact("build type", textAt(build, "buildType")),
      ...fact("run", textAt(run, "metadata", "invocationId")),
      ...fact("source", sourceText(dependencies[0])),
      ...fact("parameters", null, jsonFacts(valueAt(build, "externalParameters"))),
      ...fact("environment", null, jsonFacts(valueAt(build, "internalParameters"))),
      ...times(textAt(run, "metadata", "startedOn"), textAt(run, "metadata", "finishedOn")),
      ...dependencyFacts(dependencies),
      ...fact("byproducts", countOf(listAt(run, "byproducts"))),
    ];
  },
};

/** https://slsa.dev/spec/v0.2/provenance */
export const provenanceV02: PredicateKind = {
  titleOf: (type) => (type === "https://slsa.dev/provenance/v0.2" ? "SLSA provenance v0.2" : null),
  facts(predicate) {
    const config = valueAt(predicate, "invocation", "configSource");
    const metadata = valueAt(predicate, "metadata");
    const materials = listAt(predicate, "materials");
    return [
      ...fact("builder", textAt(predicate, "builder", "id")),
      ...fact("build type", textAt(predicate, "buildType")),
      ...fact("run", textAt(metadata, "buildInvocationId") ?? textAt(metadata, "buildInvocationID")),
      ...fact("source", sourceText(textAt(config, "uri") === null ? materials[0] : config)),
      ...fact("entry point", textAt(config, "entryPoint")),
      ...fact("parameters", null, jsonFacts(valueAt(predicate, "invocation", "parameters"))),
      ...fact("environment", null, jsonFacts(valueAt(predicate, "invocation", "environment"))),
      ...times(textAt(metadata, "buildStartedOn"), textAt(metadata, "buildFinishedOn")),
      ...fact("reproducible", textAt(metadata, "reproducible")),
      ...dependencyFacts(materials),
    ];
  },
};

/** https://slsa.dev/spec/v0.1/provenance ; in-toto's own of the same time has the same members. */
export const provenanceV01: PredicateKind = {
  titleOf: (type) =>
    type === "https://slsa.dev/provenance/v0.1" || type === "https://in-toto.io/Provenance/v0.1"
      ? "SLSA provenance v0.1"
      : null,
  facts(predicate) {
    const recipe = valueAt(predicate, "recipe");
    const metadata = valueAt(predicate, "metadata");
    const materials = listAt(predicate, "materials");
    return [
      ...fact("builder", textAt(predicate, "builder", "id")),
      ...fact("build type", textAt(recipe, "type")),
      ...fact("run", textAt(metadata, "buildInvocationId")),
      ...fact("source", sourceText(materials[Number(textAt(recipe, "definedInMaterial") ?? 0)])),
      ...fact("entry point", textAt(recipe, "entryPoint")),
      ...fact("parameters", null, jsonFacts(valueAt(recipe, "arguments"))),
      ...fact("environment", null, jsonFacts(valueAt(recipe, "environment"))),
      ...times(textAt(metadata, "buildStartedOn"), textAt(metadata, "buildFinishedOn")),
      ...dependencyFacts(materials),
    ];
  },
};

/** Repository, ref and commit of a git URI; else the descriptor as it is. */
function sourceText(descriptor: unknown): string | null {
  const uri = textAt(descriptor, "uri");
  const commit = textAt(descriptor, "digest", "gitCommit") ?? textAt(descriptor, "digest", "sha1");
  const source = readSource({ uri, digest: commit === null ? null : { gitCommit: commit } });
  if (source === null) return descriptorText(descriptor);
  return [source.repository, source.ref, source.commit].filter((part) => part !== null).join(" ");
}

function times(started: string | null, finished: string | null): readonly Fact[] {
  return [...fact("started", started), ...fact("finished", finished)];
}

function dependencyFacts(dependencies: readonly unknown[]): readonly Fact[] {
  const show = (one: unknown) => fact(descriptorText(one) ?? "(not said)", "");
  return countedFact("dependencies", dependencies, show, DEPENDENCIES_LISTED);
}

function countOf(list: readonly unknown[]): string | null {
  return list.length === 0 ? null : String(list.length);
}
