import type { Vector } from "../../../packages/engine/test/vectors.ts";

/** Fields of the certificate, as the command line calls them. */
const FLAG_OF_FIELD: Readonly<Record<string, string>> = {
  sourceRef: "--source-ref",
  sourceCommit: "--source-commit",
  sourceRepositoryId: "--source-repository-id",
  sourceOwnerId: "--source-owner-id",
  runnerEnvironment: "--runner",
  trigger: "--trigger",
  environment: "--environment",
  buildConfig: "--build-config",
  buildConfigCommit: "--build-config-digest",
  buildSignerCommit: "--build-signer-digest",
};

/** What the command line is told for a vector, beside its targets. */
export function flagsOf({ args }: Pick<Vector, "args">): readonly string[] {
  const named = (flag: string, value: string | null) => (value === null ? [] : [flag, value]);
  return [
    ...named("--key", args.key),
    ...named("--policy", args.policy),
    ...args.trust.flatMap((label) => ["--trust", label]),
    ...(args.acceptVsa ? ["--accept-vsa"] : []),
    ...named("--trusted-root", args.trustedRoot),
    ...named("--state", args.state),
    ...named("--npm-keys", args.npmKeys),
    ...named("--package", args.package),
    ...(args.cloudBuild === null ? [] : ["--cloud-build", "--gcb-keys", args.cloudBuild.keys]),
    ...named("--source", args.cloudBuild?.source ?? null),
    ...args.identities.flatMap(({ identity, pattern, issuer, source, fields, builderCommits, builderIds }) => [
      ...named("--signer-identity", identity),
      ...named("--signer-identity-pattern", pattern),
      ...named("--signer-issuer", issuer),
      ...named("--source", source),
      ...Object.entries(fields).flatMap(([name, value]) => [FLAG_OF_FIELD[name] ?? `--${name}`, value]),
      ...builderCommits.flatMap((commit) => ["--builder-commit", commit]),
      ...builderIds.flatMap((id) => ["--builder-id", id]),
    ]),
    ...args.verifiers.flatMap(({ key, verifier, resource, levels }) => [
      ...["--vsa-key", key, "--vsa-verifier", verifier],
      ...named("--vsa-resource", resource),
      ...levels.flatMap((level) => ["--vsa-level", level]),
    ]),
    ...(args.bundles ?? []).flatMap((file) => ["--bundle", file]),
    ...args.rekorEntries.flatMap((file) => ["--rekor-entry", file]),
    ...args.deny.flatMap((file) => ["--deny", file]),
    ...args.ignore.flatMap((glob) => ["--ignore", glob]),
    ...(args.withoutLog ? ["--without-log"] : []),
    ...(args.complete ? ["--complete"] : []),
    ...(args.release === null ? [] : ["--release", ...named("--release-version", args.release.version)]),
    ...(args.anyName ? ["--any-name"] : []),
    ...(args.recursive ? ["--recursive"] : []),
  ];
}
