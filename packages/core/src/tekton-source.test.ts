import { describe, expect, it } from "vitest";
import { readProvenance } from "./provenance.ts";
import { PROVENANCE_V1 } from "./provenance-v1.ts";
import { PROVENANCE_V02 } from "./provenance-v02.ts";
import { STATEMENT_V1 } from "./statement.ts";

const COMMIT = "c".repeat(40);
const definition = { uri: "git+https://github.com/tektoncd/catalog.git", digest: { sha1: "d".repeat(40) } };
const image = { uri: "oci://gcr.io/octo/step", digest: { sha256: "a".repeat(64) } };
const input = { uri: "git+https://github.com/octo/widgets.git", digest: { sha1: COMMIT } };
const built = { repository: "https://github.com/octo/widgets", ref: null, commit: COMMIT };

function read(predicateType: string, predicate: Record<string, unknown>) {
  const subject = [{ digest: { sha256: "a".repeat(64) } }];
  return readProvenance({ _type: STATEMENT_V1, subject, predicateType, predicate });
}

describe.each(["tekton.dev/v1beta1/TaskRun", "tekton.dev/v1/PipelineRun"])("%s", (buildType) => {
  const sourceOf = (...materials: readonly object[]) =>
    read(PROVENANCE_V02, {
      builder: { id: "https://tekton.dev/chains/v2" },
      buildType,
      invocation: { configSource: { ...definition, entryPoint: "build.yaml" } },
      materials,
    });

  it("is built from its one git material, and not from where the task came from", () => {
    expect(sourceOf(definition, image, input)).toMatchObject({ version: "v0.2", buildType, source: built });
    expect(sourceOf(definition, image)).toMatchObject({ source: null });
    expect(sourceOf(input, { ...input, uri: "git+https://github.com/octo/other.git" })).toMatchObject({ source: null });
  });
});

describe.each(["https://tekton.dev/chains/v2/slsa", "https://tekton.dev/chains/v2/slsa-tekton"])("%s", (buildType) => {
  const sourceOf = (...resolvedDependencies: readonly object[]) =>
    read(PROVENANCE_V1, {
      buildDefinition: { buildType, externalParameters: {}, resolvedDependencies },
      runDetails: { builder: { id: "https://tekton.dev/chains/v2" } },
    });

  it("is built from its one git input", () => {
    const named = { name: "inputs/result", ...input };
    expect(sourceOf({ name: "task", ...definition }, image, named)).toMatchObject({ buildType, source: built });
    expect(sourceOf({ name: "task", ...definition }, image)).toMatchObject({ source: null });
    expect(sourceOf(named, { ...named, uri: "git+https://github.com/octo/other.git" })).toMatchObject({ source: null });
  });
});

it("another build type is read as everybody's", () => {
  const predicate = { builder: { id: "https://b" }, buildType: "tekton.dev/v1/Run", materials: [definition, input] };
  expect(read(PROVENANCE_V02, predicate)).toMatchObject({
    source: { repository: "https://github.com/tektoncd/catalog.git" },
  });
});
