import { type DigestSet, showDigest, TouchmarkError } from "@touchmark/core";
import type { Host } from "@touchmark/plugin";
import {
  type Absence,
  type Artifact,
  acceptableAlgorithms,
  type Evidence,
  examine,
  type Finding,
  finding,
  judge,
  type Trust,
  type Verdict,
} from "@touchmark/verify";
import { bundleIdentity, findCandidates, readEvidence } from "./check-evidence.ts";
import { composeReport } from "./check-report.ts";
import { expandTargets, type Item } from "./check-targets.ts";
import { ignoring } from "./ignore-pattern.ts";
import { packageNameReader } from "./package-name.ts";
import type { ArtifactReport, CheckReport } from "./report.ts";

export interface CheckOptions {
  /** Files, folders and digests (`sha256:…`). */
  readonly targets: readonly string[];
  /** Evidence that the user named, and nothing else is used; null to look for it. */
  readonly bundles: readonly string[] | null;
  /** Whom the user believes; never taken from a target. */
  readonly trust: readonly Trust[];
  /** Also fail when a subject of trusted provenance is matched by no target. */
  readonly complete: boolean;
  /** Also accept the bytes of a subject under another name. */
  readonly anyName: boolean;
  /** Patterns of files that are not judged (`ignoring`). */
  readonly ignore: readonly string[];
}

/**
 * Verifies artifacts: finds the evidence, authenticates it, hashes the files and says for each what holds.
 *
 * @returns a report also when something does not hold; whatever is wrong with artifacts or evidence is in it.
 * @throws TouchmarkError `TRUST_UNSET` when nobody is trusted, before anything is read; `TARGET_MISSING` for a target or
 * named evidence that is not there; `INPUT_INVALID` for a target that is a malformed digest; what the host throws.
 */
export async function check(options: CheckOptions, host: Host): Promise<CheckReport> {
  requireTrust(options.trust);
  const isIgnored = ignoring(options.ignore);
  const all = await expandTargets(options.targets, host);
  const ignored = all.filter((item) => item.kind !== "digest" && isIgnored(item.name));
  const items = all.filter((item) => item.kind === "digest" || !isIgnored(item.name));
  const gathered = await gatherEvidence(options, items, host);
  const judged = await judgeItems(options, items, gathered, host);
  return composeReport({ ...judged, ignored, evidenceFindings: gathered.findings }, options);
}

function requireTrust(trust: readonly Trust[]): void {
  if (trust.length > 0) return;
  throw new TouchmarkError("TRUST_UNSET", "nobody said who may sign these artifacts", {
    expected: "a public key that you trust (--key PUB)",
    actual: "none",
  });
}

/** What the evidence files turned out to be. */
interface Gathered {
  readonly evidence: readonly Evidence[];
  /** Paths of files that are evidence as a whole. */
  readonly setAside: ReadonlySet<string>;
  readonly findings: readonly Finding[];
}

async function gatherEvidence(options: CheckOptions, items: readonly Item[], host: Host): Promise<Gathered> {
  const evidence = new Map<string, Evidence>(); // by identity: one bundle in two files is one piece of evidence
  const setAside = new Set<string>();
  const findings: Finding[] = [];
  for await (const file of readEvidence(await findCandidates(items, options.bundles, host), host)) {
    if (file.whole) setAside.add(file.file.path);
    if (!file.used) continue;
    findings.push(...file.findings);
    for (const { name, bundle } of file.bundles) {
      const identity = bundleIdentity(bundle);
      if (evidence.has(identity)) continue;
      const examined = examine(name, bundle, options.trust);
      evidence.set(identity, examined);
      if (examined.kind === "refused") {
        findings.push(...examined.findings.map((one) => ({ ...one, message: `${name}: ${one.message}` })));
      }
    }
  }
  if (evidence.size === 0 && findings.length === 0 && items.length > 0) findings.push(noEvidence());
  return { evidence: [...evidence.values()], setAside, findings };
}

/** Not one artifact's fault: without it, every file looks as if it were left out of the release. */
function noEvidence(): Finding {
  return finding("NOT_COVERED", "there is no evidence among the targets or beside them", {
    expected: "a file such as NAME.intoto.jsonl or NAME.sigstore.json there, or one that --bundle names",
    actual: "none",
  });
}

async function judgeItems(
  options: CheckOptions,
  items: readonly Item[],
  gathered: Gathered,
  host: Host,
): Promise<{ readonly artifacts: readonly ArtifactReport[]; readonly absent: Absence }> {
  const artifacts = await readArtifacts(items, gathered, host);
  const judgement = await judge([...artifacts.values()], gathered.evidence, options);
  const verdicts = judgement.verdicts.values();
  const reports = items.map((item) => {
    const artifact = artifacts.get(item);
    const verdict = artifact === undefined ? refusal(item) : (verdicts.next().value ?? refusal(item));
    return reportOn(item, artifact, verdict);
  });
  return { artifacts: reports, absent: judgement.absent };
}

/** What the judge needs to know of each item, in the order of the items; those that have no bytes are left out. */
async function readArtifacts(
  items: readonly Item[],
  { evidence, setAside }: Gathered,
  host: Host,
): Promise<ReadonlyMap<Item, Artifact>> {
  const files = items.filter((item) => item.kind === "file");
  const hashed = await host.digest(
    files.map(({ file }) => file),
    acceptableAlgorithms(evidence),
  );
  const digestsOf = new Map<Item, DigestSet>(files.map((item, index) => [item, hashed[index] ?? {}]));
  const artifacts = new Map<Item, Artifact>();
  for (const item of items) {
    switch (item.kind) {
      case "digest":
        artifacts.set(item, item);
        break;
      case "file": {
        const { name, place, file } = item;
        const digests = digestsOf.get(item) ?? {};
        const identify = packageNameReader(file, digests["sha256"], host);
        const looksLikeEvidence = setAside.has(file.path);
        artifacts.set(item, { kind: "file", name, place, digests, identify, looksLikeEvidence });
        break;
      }
      case "refused":
        break;
    }
  }
  return artifacts;
}

function refusal(item: Item): Verdict {
  return { status: "not-covered", statements: [], findings: item.kind === "refused" ? [item.finding] : [] };
}

function reportOn(item: Item, artifact: Artifact | undefined, verdict: Verdict): ArtifactReport {
  const digest = artifact?.kind === "file" ? showDigest(artifact.digests) : null;
  return {
    name: item.name,
    target: item.target,
    digest: item.kind === "digest" ? `${item.algorithm}:${item.hex}` : digest,
    status: verdict.status,
    statements: [...verdict.statements],
    findings: [...verdict.findings],
  };
}
