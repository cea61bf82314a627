import {
  type ResourceDescriptor,
  type Statement,
  type Subject,
  type SummaryContent,
  stateSummary,
  TouchmarkError,
} from "@touchmark/core";
import { sumOf } from "../dependencies/count-levels.ts";
import type { ArtifactReport, CheckReport } from "../report.ts";
import { targetForm } from "../target-form.ts";
import { baseName } from "../target-path.ts";
import { MAX_SUMMARIES } from "./limits.ts";
import { lowestLevels, verifiedLevels } from "./verified-levels.ts";

/** Who summarizes what, and by which policy. */
export interface SummaryPlan extends Pick<SummaryContent, "verifier" | "timeVerified" | "policy"> {
  readonly scope: SummaryScope;
}

/** What a summary is about, and as what its artifacts were verified. */
export type SummaryScope =
  /** One summary for all: the least that holds for each. */
  | { readonly kind: "release"; readonly resourceUri: string }
  /**
   * One each. Of an image in a registry `oci://REPOSITORY@DIGEST`; of everything else the prefix with its name behind, or its
   * digest where it has none.
   */
  | { readonly kind: "artifacts"; readonly prefix: string | null }
  /** One each, about the package that each had to be. */
  | { readonly kind: "package"; readonly purl: string };

/** Statements, and of how many artifacts nothing is said. */
export interface Summarized {
  readonly statements: readonly Statement[];
  /** Of these it is not known whether they hold. */
  readonly unknown: number;
  /** An exception lets these through; nobody verified them. */
  readonly exceptions: number;
  /** These have no digest by which they could be named. */
  readonly unread: number;
}

/**
 * States what a verdict amounts to, for those who believe the verifier. An artifact that holds PASSED, unless the whole does not
 * hold for a reason of its own; what does not hold FAILED. Of what is unknown, excepted or could not be read nothing is said.
 *
 * @throws TouchmarkError `USAGE` where something needs a prefix and there is none; `LIMIT_EXCEEDED`.
 */
export function summarize(report: CheckReport, plan: SummaryPlan): Summarized {
  const artifacts = report.artifacts.filter(({ status }) => status !== "evidence");
  const named = artifacts.filter(hasDigest);
  const said = named.filter(({ status }) => status !== "unknown" && status !== "exception");
  const { scope } = plan;
  return {
    statements:
      scope.kind === "release" ? ofRelease(report, said, scope.resourceUri, plan) : ofEach(report, said, plan),
    unknown: artifacts.filter(({ status }) => status === "unknown").length,
    exceptions: artifacts.filter(({ status }) => status === "exception").length,
    unread: artifacts.length - named.length,
  };
}

type Named = ArtifactReport & { readonly digest: string };

function hasDigest(artifact: ArtifactReport): artifact is Named {
  return artifact.digest !== null;
}

function ofRelease(
  report: CheckReport,
  said: readonly Named[],
  resourceUri: string,
  plan: SummaryPlan,
): readonly Statement[] {
  if (said.length === 0 || report.result === "unknown") return [];
  const passed = report.result === "verified";
  return [
    stateSummary(said.map(subjectOf), {
      ...plan,
      resourceUri,
      passed,
      levels: lowestLevels(said.map(verifiedLevels)),
      inputAttestations: inputsOf(report, said),
      dependencyLevels: levelsOfDependencies(report, said),
    }),
  ];
}

/** Of the whole release: its own artifacts are none of its dependencies, though one may be built from another. */
function levelsOfDependencies(
  { dependencies }: CheckReport,
  said: readonly Named[],
): Readonly<Record<string, number>> | null {
  // Of one of which nothing is known, no sum can tell.
  if (dependencies === null || said.some((one) => one.dependencies === null)) return null;
  const own = new Set(said.map(({ digest }) => digest));
  return sumOf(dependencies.flatMap(({ digest, levels }) => (digest !== null && own.has(digest) ? [] : [levels])))
    .levels;
}

function ofEach(report: CheckReport, said: readonly Named[], plan: SummaryPlan): readonly Statement[] {
  if (said.length > MAX_SUMMARIES) {
    throw new TouchmarkError("LIMIT_EXCEEDED", "there are too many artifacts for a summary each", {
      expected: `at most ${MAX_SUMMARIES}; --vsa-release makes one for all`,
      actual: String(said.length),
    });
  }
  // What is missing is the fault of none of those that are here, and none of them may pass for the whole.
  const wholeHolds = report.wholeFailures === 0;
  return said.map((artifact) =>
    stateSummary([subjectOf(artifact)], {
      ...plan,
      resourceUri: resourceOf(artifact, plan.scope),
      passed: wholeHolds && artifact.status === "verified",
      levels: verifiedLevels(artifact),
      inputAttestations: inputsOf(report, [artifact]),
      dependencyLevels: artifact.dependencies?.levels ?? null,
    }),
  );
}

/** `_` is in-toto's word for no name: the resource is then what it is called. */
function subjectOf(artifact: Named): Subject {
  const { algorithm, hex } = digestOf(artifact);
  const digest = { [algorithm]: hex };
  const { repository } = artifact;
  if (repository !== null) {
    return { name: repository, digest, uri: `pkg:oci/${repository.slice(repository.lastIndexOf("/") + 1)}` };
  }
  return { name: isNameless(artifact) ? "_" : artifact.name, digest };
}

/** A digest, and what lies in an image layout of which nobody who is believed says the repository. */
function isNameless({ target }: Named): boolean {
  const { kind } = targetForm(target);
  return kind === "digest" || kind === "layout";
}

function digestOf({ digest }: Named) {
  const at = digest.indexOf(":");
  return { algorithm: digest.slice(0, at), hex: digest.slice(at + 1) };
}

function resourceOf(artifact: Named, scope: SummaryScope): string {
  if (scope.kind === "release") return scope.resourceUri;
  if (scope.kind === "package") return scope.purl;
  if (artifact.repository !== null) return `oci://${artifact.repository}@${artifact.digest}`;
  if (scope.prefix === null) {
    throw new TouchmarkError("USAGE", "nothing says what the artifacts are verified as", {
      expected: "--vsa-resource-prefix URI, --vsa-release URI or --package PURL",
      actual: artifact.name,
    });
  }
  return `${scope.prefix}${isNameless(artifact) ? artifact.digest : inUri(artifact.name)}`;
}

/** A path, each of its segments as a URI has it. */
function inUri(name: string): string {
  return name.split("/").map(encodeURIComponent).join("/");
}

/**
 * Every piece of evidence that the verdict on some of these rests on, once: what covers them, what a policy was shown beside, and
 * the list of the release where one was demanded. Of its place only the last part is said: folders are nobody's business.
 */
function inputsOf({ release }: CheckReport, artifacts: readonly Named[]): readonly ResourceDescriptor[] {
  const used = [
    ...artifacts.flatMap(({ statements, beside }) => [...statements, ...beside]),
    ...(release?.required === true ? release.lists : []),
  ];
  const inputs = new Map<string, ResourceDescriptor>();
  for (const { bundle, digest } of used) {
    if (digest === null) throw new TouchmarkError("INTERNAL", `${bundle} was used, and nobody knows its digest`);
    const name = baseName(bundle);
    inputs.set(`${digest} ${name}`, { name, digest: { sha256: digest.slice("sha256:".length) } });
  }
  return [...inputs.values()];
}
