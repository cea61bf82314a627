import { GITHUB_ISSUER, TouchmarkError } from "@touchmark/core";
import { checkedBuilderIds } from "./builder-id.ts";
import { checkedCommits } from "./builder-ref.ts";
import { type ExpectedFields, expectedFields } from "./expected-fields.ts";
import { checkedText, type Match, usage, wholePattern } from "./match.ts";
import type { Roots } from "./roots/roots.ts";
import { sharedBuilderIn } from "./shared-builders.ts";
import { type SourceExpectation, sourceExpectation } from "./source-expectation.ts";

/** Somebody whom a certificate names. Made by {@link trustedIdentity} only. */
export interface IdentityTrust {
  readonly kind: "identity";
  /** Who identified them; exact. */
  readonly issuer: string;
  readonly identity: Match;
  /** Null: the signing workflow must lie in the source repository itself. */
  readonly source: SourceExpectation | null;
  /** Further fields of the certificate, each exact. */
  readonly fields: ExpectedFields;
  /** Commits of the signing workflow that are believed; none: those that only its owners can have made. */
  readonly builderCommits: readonly string[];
  /** What provenance may name as its builder; none: any that agrees with the certificate, but for a delegator's. */
  readonly builderIds: readonly string[];
  /** Also believe what is in no transparency log. */
  readonly withoutLog: boolean;
  readonly roots: Roots;
  readonly [checked]: true;
}

declare const checked: unique symbol;

export interface IdentityOptions {
  readonly issuer: string;
  /** The certificate's name for the signer, or a pattern for it; exactly one of the two. */
  readonly identity: string | null;
  /** A regular expression, compared with the whole name. */
  readonly identityPattern: string | null;
  /** `OWNER/REPO` at the GitHub of the issuer, or a URL, either with `@refs/…` behind. */
  readonly source: string | null;
  /** Any of {@link ExpectedFields}; another is refused, never ignored. */
  readonly fields?: Readonly<Record<string, string>>;
  /**
   * Hex. With them an identity may be a workflow without its ref: then the commit alone says which version of it signed.
   * They are compared with the certificate's build signer digest.
   */
  readonly builderCommits?: readonly string[];
  /** URIs, each exact, or a workflow without its ref: then any tag of it. Needed where a delegator signs. */
  readonly builderIds?: readonly string[];
  readonly withoutLog: boolean;
  readonly roots: Roots;
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
  if (source !== null && source.ref !== null && fields.sourceRef !== undefined) {
    throw usage("the ref of the source is said twice", "with the source, or by itself", fields.sourceRef);
  }
  const builderCommits = checkedCommits(options.builderCommits ?? []);
  const identity = matchOf(options, builderCommits.length > 0);
  const shared = source === null ? sharedBuilderIn(identity) : null;
  if (shared !== null) throw sourceUnset(options, shared);
  return {
    kind: "identity",
    issuer,
    identity,
    source,
    fields,
    builderCommits,
    builderIds: checkedBuilderIds(options.builderIds ?? []),
    withoutLog: options.withoutLog,
    roots: options.roots,
  } as IdentityTrust;
}

function matchOf({ identity, identityPattern }: IdentityOptions, hasCommits: boolean): Match {
  if ((identity === null) === (identityPattern === null)) {
    throw usage(
      "one identity is trusted at a time",
      "an identity, or a pattern for it",
      identity === null ? "none" : "both",
    );
  }
  if (identity === null) return wholePattern(identityPattern ?? "");
  checkedText(identity, "the identity");
  return hasCommits && identity.includes("://") && !identity.includes("@")
    ? { workflow: identity }
    : { exact: identity };
}

function sourceUnset({ identity, identityPattern }: IdentityOptions, saidAt: string): TouchmarkError {
  return new TouchmarkError(
    "SOURCE_UNSET",
    `the trusted identity is a builder that any repository may call (${saidAt})`,
    {
      expected: "the repository that you expect, with --source OWNER/REPO",
      actual: identity ?? identityPattern,
    },
  );
}
