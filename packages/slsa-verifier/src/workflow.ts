import type { VerifiedSigning } from "@touchmark/verify";
import { Refusal } from "./refusal.ts";

/** Who signed, as a certificate of GitHub Actions says it. */
export interface Workflow {
  readonly issuer: string;
  /** `https://github.com/octo/widgets/.github/workflows/x.yml`, without its ref. */
  readonly name: string;
  /** `refs/tags/v1`; empty where the name has none. */
  readonly ref: string;
  /** Name and ref without the host: `octo/widgets/.github/workflows/x.yml@refs/tags/v1`. */
  readonly path: string;
  /** `octo/widgets`. */
  readonly sourceRepository: string;
  readonly sourceCommit: string;
  readonly sourceRef: string | null;
  readonly sourceId: string | null;
  readonly sourceOwnerId: string | null;
  /** Commit of the workflow that signed. */
  readonly signerCommit: string | null;
  readonly runner: "github-hosted" | "self-hosted" | null;
  readonly trigger: string;
  /** `.github/workflows/x.yml`: the one that was started. */
  readonly configPath: string | null;
  /** `RUN/attempts/ATTEMPT`. */
  readonly run: string | null;
}

const GITHUB = "https://github.com/";

/**
 * Reads the certificate of a verified signature as slsa-verifier does.
 *
 * @throws Refusal `ErrorInvalidFormat`, `ErrorInvalidCertificate`.
 */
export function workflowOf({ leaf }: VerifiedSigning): Workflow {
  const { claims, identity } = leaf;
  if (!identity.startsWith(GITHUB)) {
    throw new Refusal("ErrorInvalidCertificate", `the certificate names no workflow of GitHub: ${identity}`);
  }
  const sourceCommit = required(claims.sourceCommit, "source commit");
  if (claims.buildConfigCommit !== null && claims.buildConfigCommit !== sourceCommit) {
    throw new Refusal("ErrorInvalidFormat", `'${sourceCommit}' != '${claims.buildConfigCommit}'`);
  }
  const sourceRepository = withoutStart(required(claims.sourceRepository, "source repository"), GITHUB);
  const at = identity.lastIndexOf("@");
  return {
    issuer: claims.issuer,
    name: at === -1 ? identity : identity.slice(0, at),
    ref: at === -1 ? "" : identity.slice(at + 1),
    path: withoutStart(identity, GITHUB),
    sourceRepository,
    sourceCommit,
    sourceRef: claims.sourceRef,
    sourceId: claims.sourceRepositoryId,
    sourceOwnerId: claims.sourceOwnerId,
    signerCommit: claims.buildSignerCommit,
    runner: runnerOf(claims.runnerEnvironment),
    trigger: required(claims.trigger, "trigger"),
    configPath: claims.buildConfig === null ? null : configPath(claims.buildConfig, sourceRepository),
    run:
      claims.runInvocation === null
        ? null
        : withoutStart(claims.runInvocation, `${GITHUB}${sourceRepository}/actions/runs/`),
  };
}

function required(value: string | null, what: string): string {
  if (value !== null) return value;
  throw new Refusal("ErrorInvalidFormat", `the certificate names no ${what}`);
}

function runnerOf(environment: string | null): Workflow["runner"] {
  return environment === "github-hosted" || environment === "self-hosted" ? environment : null;
}

function configPath(uri: string, repository: string): string {
  const [place = "", , ...more] = uri.split("@");
  const start = `${GITHUB}${repository}/`;
  if (more.length > 0 || !uri.includes("@") || !place.startsWith(start)) throw new Refusal("ErrorInvalidFormat", uri);
  return place.slice(start.length);
}

function withoutStart(text: string, start: string): string {
  return text.startsWith(start) ? text.slice(start.length) : text;
}
