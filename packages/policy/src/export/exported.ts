import { listed } from "../document/fields.ts";
import type { RuleEntry } from "../document/rule-entry.ts";

/** A policy in another tool's words, and what these cannot say. */
export interface ExportedPolicy {
  readonly documents: readonly Readonly<Record<string, unknown>>[];
  /** A sentence each. What is lost is not asked for by the other tool, or lets through less. */
  readonly lost: readonly string[];
}

/** Somebody whom the policy believes, as other tools can say it. */
export type ExportedSigner = { readonly name: string; readonly maxLevel: number } & (
  | { readonly kind: "key"; readonly pem: string }
  | { readonly kind: "identity"; readonly issuer: string; readonly subject: string }
  /** A regular expression for the whole name; where it is null, any workflow of the rule's source. */
  | { readonly kind: "pattern"; readonly issuer: string; readonly subjectRegExp: string | null }
);

/** A signer for one rule, its name known or a pattern for it. */
export type RuleSigner =
  | Exclude<ExportedSigner, { readonly kind: "pattern" }>
  | {
      readonly kind: "pattern";
      readonly issuer: string;
      readonly subjectRegExp: string;
    };

/** A rule about images, with whoever may sign for it. */
export interface ImageRule {
  /** Counted from 1, in the policy. */
  readonly number: number;
  readonly rule: RuleEntry;
  readonly images: readonly string[];
  readonly signers: readonly RuleSigner[];
}

/** Those who may sign for a rule: up to its level, and where anybody's workflow is believed, those of its source. */
export function signersFor(rule: RuleEntry, signers: readonly ExportedSigner[]): readonly RuleSigner[] {
  return signers
    .filter(({ maxLevel }) => maxLevel >= (rule.level ?? 0))
    .flatMap((signer): readonly RuleSigner[] => {
      if (signer.kind !== "pattern") return [signer];
      const subjectRegExp = signer.subjectRegExp ?? ownWorkflows(rule.source);
      return subjectRegExp === null ? [] : [{ kind: "pattern", issuer: signer.issuer, subjectRegExp }];
    });
}

function ownWorkflows(source: string | undefined): string | null {
  if (source === undefined) return null;
  return `^${escaped(sourceUrl(source))}/\\.github/workflows/[^@]+@refs/(?:heads|tags)/.+$`;
}

/** A rule's `source` with its scheme, which it may leave out. */
export function sourceUrl(source: string): string {
  return source.startsWith("https://") ? source : `https://${source}`;
}

/** Literally, in a regular expression of RE2. */
export function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** The patterns of a rule that can be about images: with a registry before a slash, or a star. */
export function imagePatterns({ match }: RuleEntry): readonly string[] {
  return listed(match).filter((text) => /^(?:\*\*|[^/]*[.:*][^/]*\/)/.test(text) && !text.startsWith("pkg:"));
}

/** Keys of a rule that the tools are told, one way or another, or that ask for nothing. */
type Said = "match" | "source" | "any-source" | "commit" | "build-type" | "builder" | "level" | "require";

/** Keys of a rule that none of the tools can say, each with why it is missed. */
const UNSAID = {
  "source-id": "the id of the repository",
  "owner-id": "the id of the repository's owner",
  ref: "which ref",
  branch: "which branch",
  tag: "which tag",
  "versioned-tag": "which version of the tag",
  parameters: "what the build's parameters may be",
  "workflow-inputs": "inputs of the workflow",
  trigger: "what started the run",
  runner: "where it ran",
  platforms: "that each platform is covered by itself",
  "max-age": "how old it may be",
  builders: "how many builders must agree",
  when: "the expression",
  "any-name": "that it may have another name",
} as const satisfies Readonly<Record<Exclude<keyof RuleEntry, Said>, string>>;

/** What of a rule is lost in any of them. */
export function unsaidIn(rule: RuleEntry): readonly string[] {
  return Object.entries(UNSAID).flatMap(([key, what]) => (key in rule ? [`\`${key}\`: ${what}`] : []));
}
