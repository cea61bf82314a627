import { TouchmarkError } from "@touchmark/core";
import { MAX_CERTIFICATE_TEXT, MAX_PATTERN } from "./certificate/limits.ts";
import { GITHUB_ISSUER, gitHubServer } from "./github-issuer.ts";
import type { Roots } from "./roots/roots.ts";

/** Exact by default; a pattern is another type, and must match the whole. */
export type Match = { readonly exact: string } | { readonly pattern: RegExp; readonly text: string };

/** Where the artifacts must have been built from, as the certificate says. */
export interface SourceExpectation {
  /** `https://github.com/octo/widgets`. */
  readonly repository: string;
  /** `refs/tags/v1.0.0`; null for any. */
  readonly ref: string | null;
}

/** Somebody whom a certificate names. Made by {@link trustedIdentity} only. */
export interface IdentityTrust {
  readonly kind: "identity";
  /** Who identified them; exact. */
  readonly issuer: string;
  readonly identity: Match;
  /** Null: the signing workflow must lie in the source repository itself. */
  readonly source: SourceExpectation | null;
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
  if (!/^https?:\/\/[^\s/]+(?:\/\S*)?$/.test(issuer)) {
    throw usage("the issuer is not a URL", GITHUB_ISSUER, issuer);
  }
  const source = options.source === null ? null : sourceExpectation(options.source, issuer);
  const identity = matchOf(options);
  if (source === null) refuseSharedBuilder(identity);
  return {
    kind: "identity",
    issuer,
    identity,
    source,
    withoutLog: options.withoutLog,
    roots: options.roots,
  } as IdentityTrust;
}

/** True when the whole text is what was meant. */
export function matches(match: Match, text: string): boolean {
  return "exact" in match ? match.exact === text : match.pattern.test(text);
}

export function shownMatch(match: Match): string {
  return "exact" in match ? match.exact : `pattern ${match.text}`;
}

function matchOf({ identity, identityPattern }: IdentityOptions): Match {
  if ((identity === null) === (identityPattern === null)) {
    throw usage(
      "one identity is trusted at a time",
      "an identity, or a pattern for it",
      identity === null ? "none" : "both",
    );
  }
  if (identity !== null) return { exact: checkedText(identity, "the identity") };
  const text = identityPattern ?? "";
  return { pattern: anchored(text), text };
}

function anchored(text: string): RegExp {
  let pattern: RegExp;
  try {
    if (text.length > MAX_PATTERN) throw new SyntaxError(`${text.length} characters`);
    new RegExp(text, "u"); // by itself, so that no bracket in it closes the one around it
    pattern = new RegExp(`^(?:${text})$`, "u");
  } catch (cause) {
    throw usage(
      "the pattern for an identity is not a regular expression",
      `one of at most ${MAX_PATTERN} characters`,
      (cause as Error).message,
    );
  }
  const anybody = [
    "",
    "a@example.com",
    "https://example.com/a",
    "https://github.com/a/b/.github/workflows/c.yml@refs/heads/d",
  ];
  if (anybody.some((name) => pattern.test(name))) {
    throw usage("the pattern for an identity accepts anybody", "one that names at least an owner", text);
  }
  return pattern;
}

function sourceExpectation(text: string, issuer: string): SourceExpectation {
  checkedText(text, "the source");
  const at = text.indexOf("@");
  const [place, ref] = at === -1 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
  if (ref !== null && !/^refs\/\S+$/.test(ref)) {
    throw usage("the ref of the source is not written in full", "refs/tags/NAME or refs/heads/NAME", ref);
  }
  if (/^[\w.-]+\/[\w.-]+$/.test(place)) {
    const server = gitHubServer(issuer);
    if (server !== null) return { repository: `${server}/${place}`, ref };
    throw usage("the source names no host", "a URL; OWNER/REPO is for GitHub's issuers alone", text);
  }
  if (!/^https:\/\/[\w.-]+(?::\d+)?(?:\/[\w.~-]+)+$/.test(place) || place.endsWith(".git")) {
    throw usage(
      "the source is not a repository",
      "OWNER/REPO or https://HOST/PATH, as certificates have it: without .git",
      text,
    );
  }
  return { repository: place, ref };
}

/** Public workflows that sign for whoever calls them. Others are seen when they signed: their source is another repository. */
const SHARED_BUILDERS = ["https://github.com/slsa-framework/slsa-github-generator/"];

function refuseSharedBuilder(identity: Match): void {
  if (!("exact" in identity) || !SHARED_BUILDERS.some((builder) => identity.exact.startsWith(builder))) return;
  throw new TouchmarkError("SOURCE_UNSET", "the trusted identity is a builder that any repository may call", {
    expected: "the repository that you expect, with --source OWNER/REPO",
    actual: identity.exact,
  });
}

function checkedText(text: string, what: string): string {
  if (text !== "" && text.length <= MAX_CERTIFICATE_TEXT && /^[\x21-\x7e]+$/.test(text)) return text;
  throw usage(
    `${what} is not one that a certificate can hold`,
    `1 to ${MAX_CERTIFICATE_TEXT} ASCII characters without spaces`,
    JSON.stringify(text.slice(0, 120)),
  );
}

function usage(message: string, expected: string, actual: string): TouchmarkError {
  return new TouchmarkError("USAGE", message, { expected, actual });
}
