import * as z from "zod/mini";
import type { ProvenanceV1 } from "./provenance-v1.ts";
import type { ProvenanceV01 } from "./provenance-v01.ts";
import { comparableRepository } from "./repository.ts";
import type { Source } from "./source.ts";

/**
 * True for the workers of Google Cloud Build: `https://cloudbuild.googleapis.com/GoogleHostedWorker`, in v0.1 with `@v0.2` or
 * `@v0.3`. They write where their source comes from in their own way.
 */
export function isCloudBuildWorker(builderId: string): boolean {
  return builderId.split("@", 1)[0] === "https://cloudbuild.googleapis.com/GoogleHostedWorker";
}

/** https://cloud.google.com/build/docs/configuring-builds/substitute-variable-values#using_default_substitutions */
const Substitutions = z.lazy(() =>
  z.object({
    TAG_NAME: z.optional(z.string().check(z.minLength(1), z.maxLength(1024))),
    BRANCH_NAME: z.optional(z.string().check(z.minLength(1), z.maxLength(1024))),
  }),
);

const ConfigSource = z.lazy(() =>
  z.object({
    buildConfigSource: z.object({
      repository: z.string().check(z.maxLength(8192)),
      ref: z.optional(z.string().check(z.maxLength(1024))),
    }),
    sourceToBuild: z.optional(z.unknown()),
  }),
);

/**
 * Of v0.1: the first material, `https://HOST/REPO` with or without `git+`, by the worker v0.2 with `/commit/<commit>`
 * behind it; the ref from the trigger's substitutions.
 *
 * @returns null for a source that is no repository, such as an archive in storage (`gs://…`).
 */
export function cloudBuildSourceV01({ materials, recipe }: ProvenanceV01): Source | null {
  const [first] = materials;
  const uri = first?.uri?.replace(/^git\+/, "") ?? "";
  const [, repository, inUri = null] =
    /^(https:\/\/[^#@?\s]+?)(?:\/commit\/([0-9a-f]{40}))?(?:#[^\s]*)?$/.exec(uri) ?? [];
  if (repository === undefined) return null;
  const args = z.object({ substitutions: Substitutions }).safeParse(recipe.arguments);
  return {
    repository: spelled(repository),
    ref: args.success ? refOf(args.data.substitutions) : null,
    commit: first?.digest?.["sha1"] ?? inUri,
  };
}

/**
 * Of v1: where the build's configuration was read; the commit from the first dependency, where that is the same repository.
 *
 * @returns null where the configuration was given with the build, and where another source than the configuration's was
 * built: then neither stands for the other.
 * @see https://cloud.google.com/build/gcb-buildtypes/google-worker/v1
 */
export function cloudBuildSourceV1({ buildDefinition }: ProvenanceV1): Source | null {
  const parsed = ConfigSource.safeParse(buildDefinition.externalParameters);
  if (!parsed.success || parsed.data.sourceToBuild != null) return null;
  const { repository: uri, ref = null } = parsed.data.buildConfigSource;
  const repository = uri.replace(/^git\+/, "");
  if (!/^https:\/\/[^#@?\s]+$/.test(repository)) return null;
  const [first] = buildDefinition.resolvedDependencies;
  const [built = null] = first?.uri?.replace(/^git\+/, "").split("@", 1) ?? [];
  if (built !== null && built !== repository) return null;
  return {
    repository: spelled(repository),
    ref: ref !== null && isTriggersRef(ref, buildDefinition.internalParameters) ? ref : null,
    commit: first?.digest?.["gitCommit"] ?? first?.digest?.["sha1"] ?? null,
  };
}

/** As everybody else writes it: by its repository a release is known to whoever remembers. */
function spelled(repository: string): string {
  return `https://${comparableRepository(repository)}`;
}

/** The ref is the one that the trigger reports as well; a commit is none. Of a tag it always does. */
function isTriggersRef(
  ref: string,
  internalParameters: ProvenanceV1["buildDefinition"]["internalParameters"],
): boolean {
  const parsed = z.object({ systemSubstitutions: Substitutions }).safeParse(internalParameters);
  const { TAG_NAME: tag, BRANCH_NAME: branch } = parsed.success ? parsed.data.systemSubstitutions : {};
  if (ref.startsWith("refs/tags/")) return ref === `refs/tags/${tag}`;
  return ref.startsWith("refs/heads/") && (branch === undefined || ref === `refs/heads/${branch}`);
}

/** A build that says both does not say which of them started it. */
function refOf({ TAG_NAME: tag, BRANCH_NAME: branch }: z.output<typeof Substitutions>): string | null {
  if (tag !== undefined) return branch === undefined ? `refs/tags/${tag}` : null;
  return branch === undefined ? null : `refs/heads/${branch}`;
}
