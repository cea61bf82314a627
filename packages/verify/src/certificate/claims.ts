import { GITHUB_ISSUER } from "@touchmark/core";
import { type Extension, rawString, utf8String } from "./extensions.ts";
import { refused } from "./refused.ts";

/**
 * What the certificate authority says about the run in which somebody signed; null where it says nothing.
 * Source: https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md
 */
export interface CertificateClaims {
  /** Who identified the signer: `https://token.actions.githubusercontent.com`. */
  readonly issuer: string;
  /** .9: the workflow that signed, `https://github.com/O/R/.github/workflows/x.yml@refs/tags/v1`. */
  readonly buildSigner: string | null;
  /** .10: its commit, hex. */
  readonly buildSignerCommit: string | null;
  /** .11: `github-hosted` or `self-hosted`. */
  readonly runnerEnvironment: string | null;
  /** .12: `https://github.com/octo/widgets`. */
  readonly sourceRepository: string | null;
  /** .13: the commit, hex. */
  readonly sourceCommit: string | null;
  /** .14: `refs/tags/v1.0.0`. */
  readonly sourceRef: string | null;
  /** .15 and .17: they stay with a repository and its owner when names change hands. */
  readonly sourceRepositoryId: string | null;
  readonly sourceOwnerId: string | null;
  /** .18: the workflow that was started: the caller's, where the signing one is reusable. */
  readonly buildConfig: string | null;
  /** .19: its commit, hex. */
  readonly buildConfigCommit: string | null;
  /** .20: `push`, `release`. */
  readonly trigger: string | null;
  /** .21: `https://github.com/octo/widgets/actions/runs/1/attempts/1`. */
  readonly runInvocation: string | null;
  /** .23: the deployment environment of the job. */
  readonly environment: string | null;
}

const ARC = "1.3.6.1.4.1.57264.1.";

/**
 * Reads Fulcio's extensions. Old ones (.1 to .6) say some of it too; where both are there they must agree, and certificates
 * of 2023 and before have no others.
 *
 * @throws TouchmarkError `CERTIFICATE_INVALID`.
 */
export function readClaims(extensions: ReadonlyMap<string, Extension>): CertificateClaims {
  const text = (arc: number): string | null => {
    const extension = extensions.get(`${ARC}${arc}`);
    if (extension === undefined) return null;
    // "" is how some versions wrote what a token did not say.
    return (arc < 8 ? rawString(extension) : utf8String(extension)) || null;
  };
  const either = (now: number, before: number): string | null => {
    const [current, old] = [text(now), text(before)];
    if (current !== null && old !== null && current !== old) throw disagree(now, before, current, old);
    return current ?? old;
  };
  const issuer = either(8, 1);
  if (issuer === null) {
    throw refused("CERTIFICATE_INVALID", "the certificate does not say who identified the signer", {
      expected: `the extension ${ARC}8`,
      actual: "none",
    });
  }
  return {
    issuer,
    buildSigner: text(9),
    buildSignerCommit: text(10),
    runnerEnvironment: text(11),
    sourceRepository: sourceRepository(text(12), text(5), issuer),
    sourceCommit: either(13, 3),
    sourceRef: either(14, 6),
    sourceRepositoryId: text(15),
    sourceOwnerId: text(17),
    buildConfig: text(18),
    buildConfigCommit: text(19),
    trigger: either(20, 2),
    runInvocation: text(21),
    environment: text(23),
  };
}

/** .5 is `octo/widgets` alone: a URL only where the issuer says of which host. */
function sourceRepository(uri: string | null, name: string | null, issuer: string): string | null {
  if (uri === null) return name !== null && issuer === GITHUB_ISSUER ? `https://github.com/${name}` : null;
  if (name !== null && !uri.endsWith(`/${name}`)) throw disagree(12, 5, uri, name);
  return uri;
}

function disagree(now: number, before: number, current: string, old: string) {
  return refused("CERTIFICATE_INVALID", "two extensions of the certificate contradict each other", {
    expected: `${ARC}${now}: ${current}`,
    actual: `${ARC}${before}: ${old}`,
  });
}
