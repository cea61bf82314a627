import { readSource, type SubjectsFile, showDigest } from "@touchmark/core";
import type { Prepared } from "@touchmark/engine";
import type { PlatformRun, Receipt } from "@touchmark/plugin";
import type { Trust } from "@touchmark/verify";
import { column } from "./column.ts";
import { shellWord } from "./shell-word.ts";
import { safe } from "./terminal.ts";

/** How many names a summary shows before it counts the rest. */
const NAMES_SHOWN = 12;

/** What one artifact of the release brought, for a person. */
export function partLines(outputs: SubjectsFile): readonly string[] {
  const parts = outputs.parts.map((part) => (part.part === null ? part.artifact : `${part.artifact}/${part.part}`));
  const names = outputs.subjects.map((subject) => subject.name);
  const declared = outputs.subjects.filter((subject) => subject.declared).length;
  const shown = outputs.subjects.slice(0, NAMES_SHOWN);
  const pad = column(shown.map(shownName));
  return [
    `  parts         ${parts.length}: ${listed(parts)}`,
    `  subjects      ${names.length}${declared === 0 ? "" : ` (${declared} only declared)`}`,
    ...shown.map((subject) => `                ${pad(shownName(subject))}  ${shortDigest(showDigest(subject.digest))}`),
    ...(names.length > NAMES_SHOWN ? [`                and ${names.length - NAMES_SHOWN} more`] : []),
    `  dependencies  ${dependencyText(outputs)}`,
    `  byproducts    ${outputs.byproducts.length}`,
  ];
}

/** A platform of an image as a person would call it: `ghcr.io/octo/app (linux/amd64)`; any other name as it is. */
function shownName({ name }: { readonly name: string }): string {
  if (!name.startsWith("pkg:oci/")) return name;
  const qualifiers = new URLSearchParams(name.slice(name.indexOf("?") + 1));
  const [repository, platform] = [qualifiers.get("repository_url"), qualifiers.get("platform")];
  return repository === null || platform === null ? name : `${repository} (${platform})`;
}

/** Who would be named as the builder, and the level that it honestly has. */
export function claimLines(prepared: Prepared, run: PlatformRun): readonly string[] {
  const source = readSource(prepared.claim.source ?? undefined);
  const commit = prepared.claim.source?.digest?.["gitCommit"];
  return [
    `  source        ${source === null ? (commit === undefined ? "none known" : `commit ${commit}`) : `${safe(source.repository)}${source.ref === null ? "" : ` ${safe(source.ref)}`} ${source.commit ?? ""}`}`,
    `  builder       ${prepared.claim.builder.id}`,
    `  level         SLSA Build L${run.level.build}: ${run.level.reason}`,
  ];
}

/** Whom a certificate names, and for which source: what a consumer has to expect. */
export interface ShownSigner {
  readonly identity: string;
  readonly issuer: string;
  /** `https://HOST/PATH@REF`; null where the certificate names none. */
  readonly source: string | null;
  /** No log has the signature. */
  readonly withoutLog: boolean;
}

/** @returns null for a key. */
export function signerIn(trust: Trust): ShownSigner | null {
  if (trust.kind !== "identity" || !("exact" in trust.identity)) return null;
  const { source } = trust;
  const shown = source === null ? null : `${source.repository}${source.ref === null ? "" : `@${source.ref}`}`;
  return { identity: trust.identity.exact, issuer: trust.issuer, source: shown, withoutLog: trust.withoutLog };
}

/** As they can be typed behind `touchmark verify`. */
export function verifyFlags({ identity, issuer, source, withoutLog }: ShownSigner): string {
  const flags = ["--signer-identity", identity, "--signer-issuer", issuer];
  const further = [...(source === null ? [] : ["--source", source]), ...(withoutLog ? ["--without-log"] : [])];
  return [...flags, ...further].map(shellWord).join(" ");
}

/** What was written where, and what had been written by an earlier run. */
export function receiptLines(receipts: readonly Receipt[]): readonly string[] {
  const shown = receipts.slice(0, NAMES_SHOWN);
  return [
    ...shown.map((receipt) => `  ${receipt.existed ? "was there" : "wrote    "}     ${safe(receipt.uri)}`),
    ...(receipts.length > shown.length ? [`                and ${receipts.length - shown.length} more`] : []),
  ];
}

/** `sha256:1f3c9a…` with the first 12 digits. */
export function shortDigest(digest: string | null): string {
  if (digest === null) return "-";
  const colon = digest.indexOf(":");
  return `${digest.slice(0, colon + 13)}…`;
}

function dependencyText(outputs: SubjectsFile): string {
  const total = outputs.resolvedDependencies.length;
  const reporters = [...new Set(outputs.resolvedDependencies.map((entry) => entry.reportedBy))];
  return total === 0 ? "0" : `${total} (reported by ${reporters.join(", ")})`;
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_SHOWN).map(safe).join(", ");
  return names.length > NAMES_SHOWN ? `${shown}, and ${names.length - NAMES_SHOWN} more` : shown;
}
