import { GITHUB_ISSUER, gitHubServer, TouchmarkError } from "@touchmark/core";
import { checkedBuilderIds } from "./builder-id.ts";
import { checkedCommits, type TagRange } from "./builder-ref.ts";
import { type ExpectedFields, expectedFields } from "./expected-fields.ts";
import { checkedText, type Match, usage, wholePattern } from "./match.ts";
import type { Roots } from "./roots/roots.ts";
import { sharedBuilderIn } from "./shared-builders.ts";
import { type SourceExpectation, sourceExpectation } from "./source-expectation.ts";
import type { Standing } from "./standing.ts";

/** Somebody whom a certificate names. Made by {@link trustedIdentity} only. */
export interface IdentityTrust {
  readonly kind: "identity";
  /** Who identified them; exact. */
  readonly issuer: string;
  readonly identity: Match;
  /** Null: the signing workflow must lie in the source repository itself. */
  readonly source: SourceExpectation | null;
  /**
   * A policy says for each artifact what it must be built from, and with it the source may be any (`needsSource`). Without a
   * policy this changes nothing.
   */
  readonly sourceByPolicy: boolean;
  /** Further fields of the certificate, each exact. */
  readonly fields: ExpectedFields;
  /** Commits of the signing workflow that are believed; none: those that only its owners can have made. */
  readonly builderCommits: readonly string[];
  /** Tags of the signing workflow that are believed beside those commits; null where no tag is asked for. */
  readonly builderTags: TagRange | null;
  /** What provenance may name as its builder; none: any that agrees with the certificate, but for a delegator's. */
  readonly builderIds: readonly string[];
  /** Also believe what is in no transparency log. */
  readonly withoutLog: boolean;
  readonly roots: Roots;
  /** Null where flags name the identity. */
  readonly standing: Standing | null;
  readonly [checked]: true;
}

declare const checked: unique symbol;

export interface IdentityOptions {
  readonly issuer: string;
  /** The certificate's name for the signer, or a pattern for it; exactly one of the two, or `ownWorkflow`. */
  readonly identity: string | null;
  /** A regular expression, compared with the whole name. */
  readonly identityPattern: string | null;
  /** Any workflow of the source repository itself, at the GitHub of the issuer; needs a source. */
  readonly ownWorkflow?: boolean;
  /** `OWNER/REPO` at the GitHub of the issuer, or a URL, either with `@refs/…` behind. */
  readonly source: string | null;
  /** Without a source: leave it to a policy. */
  readonly sourceByPolicy?: boolean;
  /** Any of {@link ExpectedFields}; another is refused, never ignored. */
  readonly fields?: Readonly<Record<string, string>>;
  /**
   * Hex. With them an identity may be a workflow without its ref: then the commit alone says which version of it signed.
   * They are compared with the certificate's build signer digest.
   */
  readonly builderCommits?: readonly string[];
  /** With it, as with commits, an identity may be a workflow without its ref: then its tag must be one of these. */
  readonly builderTags?: TagRange;
  /** URIs, each exact, or a workflow without its ref: then any tag of it. Needed where a delegator signs. */
  readonly builderIds?: readonly string[];
  readonly withoutLog: boolean;
  readonly roots: Roots;
  readonly standing?: Standing;
}

/**
 * An identity that the user trusts.
 *
 * @throws TouchmarkError `USAGE` for a configuration that would trust more than was meant; `SOURCE_UNSET` for a builder
 * that is made to be called by any repository, without a source.
 */
export function trustedIdentity(options: IdentityOptions): IdentityTrust {
  const issuer = checkedText(options.issuer, "the issuer");
  if (!/^https?:\/\/[^/]/.test(issuer)) {
    throw usage("the issuer is not a URL", GITHUB_ISSUER, issuer);
  }
  const source = options.source === null ? null : sourceExpectation(options.source, issuer);
  const fields = expectedFields(options.fields ?? {});
  if (options.standing?.builders === null) {
    throw usage("no builder is named, so that any would do", "a URI, or same-as-signer", "none");
  }
  if (source !== null && source.ref !== null && fields.sourceRef !== undefined) {
    throw usage("the ref of the source is said twice", "with the source, or by itself", fields.sourceRef);
  }
  const builderCommits = checkedCommits(options.builderCommits ?? []);
  const builderTags = options.builderTags ?? null;
  const identity = matchOf(options, issuer, builderCommits.length > 0 || builderTags !== null);
  const sourceByPolicy = source === null && options.sourceByPolicy === true;
  const shared = source === null && !sourceByPolicy ? anybodyIn(identity) : null;
  if (shared !== null) throw sourceUnset(options, shared);
  return {
    kind: "identity",
    issuer,
    identity,
    source,
    sourceByPolicy,
    fields,
    builderCommits,
    builderTags,
    builderIds: checkedBuilderIds(options.builderIds ?? []),
    withoutLog: options.withoutLog,
    roots: options.roots,
    standing: options.standing ?? null,
  } as IdentityTrust;
}

function matchOf(
  { identity, identityPattern, ownWorkflow = false }: IdentityOptions,
  issuer: string,
  hasVersions: boolean,
): Match {
  if (ownWorkflow) return ownWorkflowOf(issuer, [identity, identityPattern]);
  if ((identity === null) === (identityPattern === null)) {
    throw usage(
      "one identity is trusted at a time",
      "an identity, or a pattern for it",
      identity === null ? "none" : "both",
    );
  }
  if (identity === null) return wholePattern(identityPattern ?? "");
  checkedText(identity, "the identity");
  return hasVersions && identity.includes("://") && !identity.includes("@")
    ? { workflow: identity }
    : { exact: identity };
}

/** Where it is said that anybody can have it signed; null where only its owners can. */
function anybodyIn(identity: Match): string | null {
  return "ownWorkflowAt" in identity ? "every repository has workflows" : sharedBuilderIn(identity);
}

function ownWorkflowOf(issuer: string, others: readonly (string | null)[]): Match {
  const server = gitHubServer(issuer);
  if (server === null) throw usage("the issuer is not a GitHub, so that nothing is a workflow", GITHUB_ISSUER, issuer);
  if (others.every((other) => other === null)) return { ownWorkflowAt: server };
  throw usage("one identity is trusted at a time", "any workflow of the source, or one by its name", "both");
}

function sourceUnset({ identity, identityPattern }: IdentityOptions, saidAt: string): TouchmarkError {
  return new TouchmarkError("SOURCE_UNSET", `the trusted identity may sign for any repository (${saidAt})`, {
    expected: "the repository that you expect, with --source OWNER/REPO",
    actual: identity ?? identityPattern ?? "a workflow of any repository",
  });
}
