import type { BuilderTrust, TrustSigner } from "./entry.ts";
import { literalPrefix } from "./literal-prefix.ts";
import { repositoryOf } from "./overlap-sources.ts";

type Sided = Pick<BuilderTrust, "signer" | "source">;

/** What tells one key from another. */
export type KeyOf = (signer: Extract<TrustSigner, { readonly kind: "key" }>) => string;

/** False where nobody can be both signers. */
export function signersMeet(left: Sided, right: Sided, keyOf: KeyOf): boolean {
  const [one, other] = [left.signer, right.signer];
  if (one.kind === "key" || other.kind === "key") {
    return one.kind === "key" && other.kind === "key" && keyOf(one) === keyOf(other);
  }
  if (one.kind === "cloud-build" || other.kind === "cloud-build") return one.kind === other.kind;
  if (one.issuer !== other.issuer) return false;
  return namesMeet(one, left.source, other) ?? namesMeet(other, right.source, one) ?? true;
}

/** Null where the other one of the two knows. */
function namesMeet(one: TrustSigner, source: string | null, other: TrustSigner): boolean | null {
  switch (one.kind) {
    case "identity":
      return other.kind === "own-workflow" ? null : isOneOf(one.identity, other);
    case "own-workflow":
      return ownMeets(source, other);
    case "workflow":
      return workflowMeets(one, other);
    case "pattern":
      return other.kind === "pattern" ? begin(literalPrefix(one.pattern), literalPrefix(other.pattern)) : null;
    default:
      return false;
  }
}

function isOneOf(identity: string, other: TrustSigner): boolean {
  switch (other.kind) {
    case "identity":
      return identity === other.identity;
    case "pattern":
      return new RegExp(`^(?:${other.pattern})$`, "u").test(identity);
    case "workflow":
      return isVersionOf(identity, other);
    default:
      return false;
  }
}

function isVersionOf(identity: string, signer: Extract<TrustSigner, { readonly kind: "workflow" }>): boolean {
  if (!identity.startsWith(`${signer.workflow}@`)) return false;
  const ref = identity.slice(signer.workflow.length + 1);
  if (/^[0-9a-f]+$/.test(ref)) return signer.commits.includes(ref);
  // Which commit a tag or a branch is at, only its certificate says.
  return signer.commits.length > 0 || signer.tags?.accepts(ref.replace(/^refs\/tags\//, "")) === true;
}

/**
 * A workflow that others may call signs for its own repository only by chance: that a repository's own workflows are trusted too
 * matters where this is the very repository.
 */
function ownMeets(source: string | null, other: TrustSigner): boolean {
  const own = source === null ? null : `https://${repositoryOf(source)}/.github/workflows/`;
  switch (other.kind) {
    case "identity":
      return own === null ? other.identity.includes("/.github/workflows/") : other.identity.startsWith(own);
    case "pattern":
      return own === null || begin(literalPrefix(other.pattern), own);
    case "workflow":
      return own !== null && other.workflow.startsWith(own);
    case "own-workflow":
      return true;
    default:
      return false;
  }
}

function workflowMeets(one: Extract<TrustSigner, { readonly kind: "workflow" }>, other: TrustSigner): boolean | null {
  if (other.kind === "pattern") return begin(literalPrefix(other.pattern), `${one.workflow}@`);
  if (other.kind !== "workflow") return null;
  if (one.workflow !== other.workflow) return false;
  const haveCommits = one.commits.length > 0 || other.commits.length > 0;
  if (one.tags === null || other.tags === null || haveCommits) {
    const onlyCommits = one.tags === null && other.tags === null;
    return !onlyCommits || one.commits.some((commit) => other.commits.includes(commit));
  }
  return one.tags.intersects(other.tags);
}

/** True where a text can begin with both. */
function begin(left: string, right: string): boolean {
  return left.startsWith(right) || right.startsWith(left);
}
