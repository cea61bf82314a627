import type { ProvenanceV1 } from "./provenance-v1.ts";
import type { ProvenanceV02 } from "./provenance-v02.ts";
import { readSource, type Source } from "./source.ts";

/** True for a build that Tekton Chains observed: its first dependency is the definition of the task, not what was built. */
export function isTektonBuild(buildType: string): boolean {
  return (
    /^tekton\.dev\/v1(?:beta1)?\/(?:TaskRun|PipelineRun)$/.test(buildType) ||
    /^https:\/\/tekton\.dev\/chains\/v2\/slsa(?:-tekton)?$/.test(buildType)
  );
}

/**
 * Of v0.2: the one git repository among the materials that is not where the task's definition came from.
 *
 * @returns null where there is none, or several.
 * @see https://github.com/tektoncd/chains/blob/main/docs/slsa-provenance.md
 */
export function tektonSourceV02({ materials, invocation }: ProvenanceV02): Source | null {
  return onlyOne(materials.filter(({ uri }) => uri !== invocation?.configSource.uri));
}

/** Of v1: the one git repository that Tekton Chains calls an input. */
export function tektonSourceV1({ buildDefinition }: ProvenanceV1): Source | null {
  return onlyOne(buildDefinition.resolvedDependencies.filter(({ name }) => name === "inputs/result"));
}

/** `git+<url>.git`, as Chains writes it, is the repository without the suffix. */
function onlyOne(dependencies: readonly Parameters<typeof readSource>[0][]): Source | null {
  const sources = dependencies.map(readSource).filter((source) => source !== null);
  const [first] = sources;
  return first === undefined || sources.length > 1
    ? null
    : { ...first, repository: first.repository.replace(/\.git$/, "") };
}
