import {
  encodeStatement,
  type Finding,
  MAX_EVIDENCE_BYTES,
  readSlsaResult,
  readVerificationSummary,
  type Statement,
  showDigest,
  TouchmarkError,
} from "@touchmark/core";
import type { Host, PlatformRun, Signer } from "@touchmark/plugin";
import {
  type Artifact,
  type Evidence,
  examine,
  judge,
  readPieces,
  type SummaryTrust,
  trustedVerifier,
} from "@touchmark/verify";

/** Who signs summaries, and whom a consumer would have to trust. */
export interface SummarySigning {
  readonly signer: Signer;
  readonly run: PlatformRun;
  readonly trust: SummaryTrust["signer"];
}

/**
 * Signs summaries, reads each back and has it accepted as a consumer would, by the seven steps: what passed covers its subjects
 * at the levels that it states, and what failed is refused for that reason alone.
 *
 * @returns a bundle each, one line of JSON.
 * @throws TouchmarkError of the signer; `LIMIT_EXCEEDED`; `SELF_CHECK_FAILED`.
 */
export async function signSummaries(
  statements: readonly Statement[],
  { signer, run, trust }: SummarySigning,
  host: Host,
): Promise<readonly Uint8Array[]> {
  const bundles: Uint8Array[] = [];
  for (const statement of statements) {
    const bundle = await signer.sign(encodeStatement(statement), run, host);
    await checkBundle(bundle, statement, trust);
    bundles.push(bundle);
  }
  return bundles;
}

async function checkBundle(bundle: Uint8Array, statement: Statement, signer: SummaryTrust["signer"]): Promise<void> {
  if (bundle.byteLength > MAX_EVIDENCE_BYTES) {
    throw new TouchmarkError("LIMIT_EXCEEDED", "the summary is larger than verifiers read", {
      expected: `at most ${MAX_EVIDENCE_BYTES} bytes`,
      actual: `${bundle.byteLength} bytes`,
    });
  }
  const said = readVerificationSummary(statement);
  if (said === null) throw new TypeError("the statement is a summary");
  const trust = trustedVerifier({
    signer,
    verifierId: said.verifierId,
    resourceUri: said.resourceUri,
    levels: said.passed ? said.levels.filter((level) => readSlsaResult(level)?.level !== null) : [],
  });
  const { pieces, findings } = await readPieces(bundle, "the summary");
  const [only] = pieces;
  if (only === undefined || pieces.length > 1) throw failed(findings[0]);
  const evidence = examine(only.name, only.piece, { trust: [], verifiers: [trust] });
  if (!said.passed) return requireFailure(evidence);
  const { verdicts } = await judge(statement.subject.map(digestArtifact), [evidence], { anyName: false });
  const broken = verdicts.find(({ status }) => status !== "verified");
  if (broken !== undefined) throw failed(broken.findings[0]);
}

function requireFailure(evidence: Evidence): void {
  const [why] = evidence.kind === "refused" ? evidence.findings : [];
  if (why?.code !== "VSA_FAILED") throw failed(why);
}

function digestArtifact({ digest }: Statement["subject"][number]): Artifact {
  const name = showDigest(digest) ?? "";
  const at = name.indexOf(":");
  const algorithm = name.slice(0, at) as Extract<Artifact, { readonly kind: "digest" }>["algorithm"];
  return { kind: "digest", name, algorithm, hex: name.slice(at + 1) };
}

function failed(why: Finding | undefined): TouchmarkError {
  return new TouchmarkError("SELF_CHECK_FAILED", "a verification summary is not accepted after it was signed", {
    expected: "a summary that its own verifier accepts",
    actual: why === undefined ? "none that could be read" : `${why.code}: ${why.message}`,
  });
}
