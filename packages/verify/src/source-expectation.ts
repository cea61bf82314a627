import { gitHubServer, type Provenance, sameRepository } from "@touchmark/core";
import { refused } from "./certificate/refused.ts";
import { checkedText, usage } from "./match.ts";

/** Where the artifacts must have been built from, as the certificate says. */
export interface SourceExpectation {
  /** `https://github.com/octo/widgets`. */
  readonly repository: string;
  /** `refs/tags/v1.0.0`; null for any. */
  readonly ref: string | null;
}

/**
 * Reads `OWNER/REPO` at the GitHub of the issuer, `HOST/OWNER/REPO`, or a URL, each with `@refs/…` behind or without.
 *
 * @throws TouchmarkError `USAGE`.
 */
export function sourceExpectation(text: string, issuer: string): SourceExpectation {
  checkedText(text, "the source");
  const at = text.indexOf("@");
  const [place, ref] = at === -1 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
  if (ref !== null && !/^refs\/./.test(ref)) {
    throw usage("the ref of the source is not written in full", "refs/tags/NAME or refs/heads/NAME", ref);
  }
  if (/^[\w.-]+\/[\w.-]+$/.test(place)) {
    const server = gitHubServer(issuer);
    if (server !== null) return { repository: `${server}/${place}`, ref };
    throw usage("the source names no host", "a URL; OWNER/REPO is for GitHub's issuers alone", text);
  }
  if (/^[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:\/[\w.~-]+){2,}$/.test(place) && !place.endsWith(".git")) {
    return { repository: `https://${place}`, ref };
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

/**
 * Compares what provenance says that it was built from. Where a key signed, this is the key holder's word and all that there is.
 *
 * @throws TouchmarkError `SOURCE_MISMATCH`.
 */
export function checkStatedSource({ source }: Provenance, { repository, ref }: SourceExpectation): void {
  const isExpected = sameRepository(source?.repository ?? null, repository) && (ref === null || source?.ref === ref);
  if (isExpected) return;
  throw refused("SOURCE_MISMATCH", "the provenance names another source", {
    expected: `${repository}${ref === null ? "" : `@${ref}`}`,
    actual: source === null ? "no repository" : `${source.repository}${source.ref === null ? "" : `@${source.ref}`}`,
  });
}
