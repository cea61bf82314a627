import { attemptOrNull, MAX_EVIDENCE_BYTES, parseBundle, TouchmarkError } from "@touchmark/core";
import type { ArtifactReport, CheckReport, EvidenceDescription } from "@touchmark/engine";
import type { Host } from "@touchmark/plugin";
import type { GuideBundle, GuideFacts, GuideFile, GuideSigner } from "./guide-facts.ts";

type Statement = ArtifactReport["statements"][number];

/** How the guide was asked for. */
export interface GuideRequest {
  readonly targets: readonly string[];
  readonly bundles: readonly string[];
  readonly ignore: readonly string[];
  readonly trustedRoot: string | null;
  readonly withoutLog: boolean;
}

/**
 * What a report on a release that holds says, put as commands need it.
 *
 * @param described - of the same evidence; only its form is taken from there, and nothing that it states.
 * @throws TouchmarkError `NAME_REFUSED` for a name that no command line and no page can show.
 */
export async function readFacts(
  report: CheckReport,
  described: readonly EvidenceDescription[],
  request: GuideRequest,
  host: Host,
): Promise<GuideFacts> {
  const holding = report.artifacts.filter(({ status }) => status === "verified");
  const places = new Set([...request.targets.map(trimmed), ...request.targets.map(folderOf)]);
  const bundles = new Map<string, GuideBundle | null>();
  const files: GuideFile[] = [];
  const others: string[] = [];
  const signers = new Map<string, GuideSigner>();
  for (const artifact of holding) {
    checkName(artifact.name);
    const [statement] = artifact.statements;
    if (statement === undefined) continue;
    const signer = signerOf(statement, report);
    signers.set(JSON.stringify(signer), signer);
    const path = await pathOf(artifact, host);
    const [algorithm, sha256 = ""] = artifact.digest?.split(":") ?? [];
    if (path === null || algorithm !== "sha256") {
      others.push(artifact.name);
      continue;
    }
    if (!bundles.has(statement.bundle)) {
      bundles.set(statement.bundle, await bundleOf(statement, described, [...places], host));
    }
    const bundle = bundles.get(statement.bundle) ?? null;
    if (bundle === null) others.push(artifact.name);
    else files.push({ path, sha256, bundle, signer });
  }
  const [list] = report.release?.lists ?? [];
  return {
    targets: request.targets.map(trimmed),
    files,
    others,
    signers: [...signers.values()],
    bundles: request.bundles,
    ignore: request.ignore,
    trustedRoot: [...signers.values()].some(({ kind }) => kind === "identity") ? request.trustedRoot : null,
    withoutLog: request.withoutLog,
    list: list === undefined ? null : { series: list.series, version: list.version, bundle: list.bundle },
  };
}

function signerOf({ signer, issuer, source, ref }: Statement, { inputs }: CheckReport): GuideSigner {
  const [, kind = "", name = ""] = /^([a-z-]+):(.*)$/s.exec(signer) ?? [];
  if (kind === "identity" && issuer !== null) {
    checkName(name);
    return { kind, identity: name, issuer, source, ref };
  }
  const keys = [inputs.key ?? []].flat();
  const key = keys.find(({ digest }) => digest === name);
  if (kind === "key" && key !== undefined) return { kind, file: key.name, digest: name };
  throw new TouchmarkError("USAGE", "a guide is about keys and identities that flags name", {
    expected: "evidence by --key, or by --signer-identity and --signer-issuer",
    actual: signer,
  });
}

/** Null for what is no file where the reader stands. */
async function pathOf({ name, target }: ArtifactReport, host: Host): Promise<string | null> {
  if (/^[a-z0-9-]+:/i.test(target)) return null;
  const folder = trimmed(target);
  for (const path of [`${folder}/${name}`, folder]) if ((await host.kind(path)) === "file") return path;
  return null;
}

/** Null for evidence that is no file, as in a registry. */
async function bundleOf(
  { bundle: name, predicateType, builder }: Statement,
  described: readonly EvidenceDescription[],
  places: readonly string[],
  host: Host,
): Promise<GuideBundle | null> {
  const [, file = name, line] = /^(.*?)(?::(\d+)|#\d+)?$/s.exec(name) ?? [];
  checkName(name);
  const about = described.find((one) => one.name === name);
  for (const path of [file, ...places.map((place) => `${place}/${file}`)]) {
    if ((await host.kind(path)) !== "file") continue;
    const bytes = await host.readBytes(path, { max: MAX_EVIDENCE_BYTES });
    const bundle = line === undefined ? attemptOrNull(() => parseBundle(bytes)) : null;
    return {
      path,
      isOneBundle: bundle !== null && about?.format === "sigstore-bundle",
      predicateType,
      subjects: about?.subjects ?? 0,
      builder,
      hasTimestamps: (bundle?.timestamps.length ?? 0) > 0,
      hasLogEntries: (bundle?.tlogEntries.length ?? 0) > 0,
    };
  }
  return null;
}

function trimmed(target: string): string {
  const plain = target.replace(/\/+$/, "");
  return plain === "" ? target : plain;
}

function folderOf(target: string): string {
  const slash = target.lastIndexOf("/");
  return slash === -1 ? "." : target.slice(0, slash);
}

/** A page and a here-document are read by lines, and a backtick ends what is shown as it is. */
function checkName(name: string): void {
  if (!/[\p{Cc}\p{Cf}\u2028\u2029`\\]/u.test(name)) return;
  throw new TouchmarkError("NAME_REFUSED", `${JSON.stringify(name.slice(0, 200))} cannot stand in a guide`, {
    expected: "a name without control characters, backticks and backslashes",
    actual: JSON.stringify(name.slice(0, 200)),
  });
}
