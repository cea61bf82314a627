import type { Extension } from "./certificate.ts";
import { ascii, utf8 } from "./der.ts";

/**
 * What a certificate says about a GitHub workflow run; a field left out is an extension left out.
 * https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md
 */
export interface FulcioClaims {
  readonly issuer?: string;
  readonly trigger?: string;
  readonly sha?: string;
  readonly workflowName?: string;
  readonly repository?: string;
  readonly ref?: string;
  readonly buildSignerUri?: string;
  readonly buildSignerDigest?: string;
  readonly runnerEnvironment?: string;
  readonly sourceRepositoryUri?: string;
  readonly sourceRepositoryDigest?: string;
  readonly sourceRepositoryRef?: string;
  readonly sourceRepositoryId?: string;
  readonly sourceRepositoryOwnerUri?: string;
  readonly sourceRepositoryOwnerId?: string;
  readonly buildConfigUri?: string;
  readonly buildConfigDigest?: string;
  readonly buildTrigger?: string;
  readonly runInvocationUri?: string;
  readonly visibility?: string;
  readonly environment?: string;
  readonly tokenSubject?: string;
}

const ARC = "1.3.6.1.4.1.57264.1";

/** Bare text, of which Fulcio says that newer ones replace it. `issuer` is written in both forms. */
const LEGACY = { issuer: 1, trigger: 2, sha: 3, workflowName: 4, repository: 5, ref: 6 } as const;

/** DER UTF8String. */
const CURRENT = {
  issuer: 8,
  buildSignerUri: 9,
  buildSignerDigest: 10,
  runnerEnvironment: 11,
  sourceRepositoryUri: 12,
  sourceRepositoryDigest: 13,
  sourceRepositoryRef: 14,
  sourceRepositoryId: 15,
  sourceRepositoryOwnerUri: 16,
  sourceRepositoryOwnerId: 17,
  buildConfigUri: 18,
  buildConfigDigest: 19,
  buildTrigger: 20,
  runInvocationUri: 21,
  visibility: 22,
  environment: 23,
  tokenSubject: 24,
} as const;

export function fulcioExtensions(claims: FulcioClaims): Extension[] {
  return [
    ...written(LEGACY, claims).map(([number, text]) => fulcioExtension(number, ascii(text))),
    ...written(CURRENT, claims).map(([number, text]) => fulcioExtension(number, utf8(text))),
  ];
}

/** One of Fulcio's own extensions, with any content. */
export function fulcioExtension(number: number, value: Uint8Array): Extension {
  return { oid: `${ARC}.${number}`, critical: false, value };
}

/** A push of a tag in `octo/widgets`, by its own workflow. */
export const RELEASE_RUN: FulcioClaims = githubRun({ repository: "octo/widgets", ref: "refs/tags/v1.2.3" });

export function githubRun(run: {
  readonly repository: string;
  readonly ref: string;
  readonly sha?: string;
  /** `OWNER/REPO/PATH@REF`; a workflow of the repository itself unless given. */
  readonly workflow?: string;
}): FulcioClaims {
  const { repository, ref, sha = "0123456789abcdef".repeat(3).slice(0, 40) } = run;
  const own = `${repository}/.github/workflows/release.yml@${ref}`;
  return {
    issuer: "https://token.actions.githubusercontent.com",
    trigger: "push",
    sha,
    workflowName: "release",
    repository,
    ref,
    buildSignerUri: `https://github.com/${run.workflow ?? own}`,
    buildSignerDigest: /@([0-9a-f]{40})$/.exec(run.workflow ?? "")?.[1] ?? sha,
    runnerEnvironment: "github-hosted",
    sourceRepositoryUri: `https://github.com/${repository}`,
    sourceRepositoryDigest: sha,
    sourceRepositoryRef: ref,
    sourceRepositoryId: "1001",
    sourceRepositoryOwnerUri: `https://github.com/${repository.split("/")[0]}`,
    sourceRepositoryOwnerId: "2002",
    buildConfigUri: `https://github.com/${own}`,
    buildConfigDigest: sha,
    buildTrigger: "push",
    runInvocationUri: `https://github.com/${repository}/actions/runs/42/attempts/1`,
    visibility: "public",
    tokenSubject: `repo:${repository}:ref:${ref}`,
  };
}

function written(numbers: Readonly<Record<string, number>>, claims: FulcioClaims): [number, string][] {
  const texts = claims as Readonly<Record<string, string | undefined>>;
  return Object.entries(numbers).flatMap(([name, number]) => {
    const text = texts[name];
    return text === undefined ? [] : [[number, text] as [number, string]];
  });
}
