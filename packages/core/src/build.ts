import type { ResourceDescriptor } from "./resource-descriptor.ts";
import type { Subject } from "./subject.ts";

/**
 * What one build tool made, as an adapter reads it. It has no field that could name a builder.
 */
export interface BuildOutput {
  /** The release's artifacts; keys unique (`subjectKey`). */
  readonly subjects: readonly Subject[];
  /** Inputs of the build that the tool reports: lock file entries, base images, the commit that it saw. */
  readonly resolvedDependencies: readonly ResourceDescriptor[];
  /** Other things that the tool wrote and nobody installs: metadata, effective configuration, logs. */
  readonly byproducts: readonly ResourceDescriptor[];
}

/** A git checkout that was seen while outputs were collected. */
export interface Checkout {
  /** Clone URL without userinfo, or null where the checkout has no remote. */
  readonly repository: string | null;
  /** 40 or 64 hex digits. */
  readonly commit: string;
  /** True when tracked files differ from the commit. */
  readonly dirty: boolean;
}

/** The run that outputs come from, as the CI platform names it. */
export interface Origin {
  readonly repository: string;
  readonly commit: string;
  readonly runId: string;
}

/**
 * What the CI platform says about the run. It has no field that could name an output.
 * Shapes and meaning: https://slsa.dev/spec/v1.2/build-provenance
 */
export interface BuildClaim {
  /** A URI that resolves to a page which lists every parameter. */
  readonly buildType: string;
  /** What the tenant controls; complete as far as the build type's page says. */
  readonly externalParameters: Readonly<Record<string, unknown>>;
  readonly internalParameters: Readonly<Record<string, unknown>>;
  /** The workflow's commit: it becomes resolvedDependencies[0]. Null where no repository is known. */
  readonly source: ResourceDescriptor | null;
  readonly builder: {
    readonly id: string;
    /** Component → version. */
    readonly version: Readonly<Record<string, string>>;
  };
  /** A URI that names the run; null where nothing does. */
  readonly invocationId: string | null;
  /** RFC 3339, UTC, whole seconds (`2026-01-02T03:04:05Z`); null where the platform does not say. */
  readonly startedOn: string | null;
  readonly finishedOn: string | null;
}
