import type { EvidenceDescription } from "@touchmark/engine";
import { counted } from "../render/counted.ts";
import { safe } from "../render/terminal.ts";

/** Entries that a person reads; more are the same again, or an attack. Unit: entries. */
const MAX_SUGGESTED = 20;

/** An entry as evidence would have it, with why a person must look at it. */
export interface Suggested {
  readonly signer: Readonly<Record<string, unknown>>;
  /** Absent for Google Cloud Build. */
  readonly builder: string | null;
  readonly source: string | null;
  readonly runners: string | null;
  /** What the person has to know about the signer. */
  readonly remarks: readonly string[];
  /** The evidence that says so; the first, and how many more. */
  readonly evidence: string;
  readonly pieces: number;
}

/**
 * What evidence says of itself, as entries of a trust file. Whoever made the evidence chose every word of it: nothing is believed
 * by it, and the level stays 0 until a person decides.
 */
export function suggestEntries(found: readonly EvidenceDescription[]): readonly Suggested[] {
  const byWords = new Map<string, Suggested>();
  const signerOfEntry = ({ signer, remarks }: Suggested) => JSON.stringify([signer, remarks]);
  const withBuilder = new Set(
    found.filter(({ builder }) => builder !== null).map((one) => signerOfEntry(suggested(one))),
  );
  for (const one of found) {
    const entry = suggested(one);
    // What names no builder, such as an SBOM or the list of a release, adds nothing to what its signer's provenance says.
    if (one.builder === null && withBuilder.has(signerOfEntry(entry))) continue;
    const words = JSON.stringify([signerOfEntry(entry), entry.builder, entry.source, entry.runners]);
    const known = byWords.get(words);
    byWords.set(words, known === undefined ? entry : { ...known, pieces: known.pieces + 1 });
  }
  return [...byWords.values()].slice(0, MAX_SUGGESTED);
}

function suggested(one: EvidenceDescription): Suggested {
  const { certificate, format } = one;
  const of = { evidence: one.name, pieces: 1 };
  if (format === "cloud-build") {
    return { ...of, signer: { "cloud-build": true }, builder: null, source: one.source, runners: null, remarks: [] };
  }
  if (certificate === null) {
    const hint = one.signer.kind === "key" ? one.signer.hint : null;
    return {
      ...of,
      signer: { key: "PUBLIC_KEY.pub" },
      builder: one.builder ?? "URI_OF_THE_BUILDER",
      source: one.source,
      runners: null,
      remarks: [
        `put the public key beside this file, from a place that you trust${hint === null ? "" : `; the evidence calls it ${hint}`}`,
      ],
    };
  }
  const { issuer, identity, source, runner } = certificate;
  return {
    ...of,
    ...signerOf(issuer, identity),
    builder: one.builder === null || one.builder === identity ? "same-as-signer" : one.builder,
    source,
    runners: ["github-hosted", "gitlab-hosted", "self-hosted"].find((kind) => kind === runner) ?? null,
  };
}

function signerOf(issuer: string, identity: string): Pick<Suggested, "signer" | "remarks"> {
  const [, workflow, version] = /^https:\/\/([^@]+)@refs\/tags\/v?(\d+\.\d+\.\d+)$/.exec(identity) ?? [];
  if (workflow !== undefined && version !== undefined && workflow.includes("/.github/workflows/")) {
    const next = Number(version.split(".")[0]) + 1;
    return {
      signer: { issuer, workflow, at: { tags: `>=${version} <${next}` } },
      remarks: ["the range is a guess: this version was seen, and no other"],
    };
  }
  const isAtCommit = /@[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(identity);
  return {
    signer: { issuer, identity },
    remarks: isAtCommit
      ? ["at a commit, which may be a fork's: find it in the history of the workflow's own repository first"]
      : [],
  };
}

/** The entries as a trust file, which no program believes before a person changed it. */
export function suggestionLines(entries: readonly Suggested[]): readonly string[] {
  return [
    "# What evidence says of itself. NOTHING HERE IS VERIFIED: whoever made the evidence chose these words.",
    "# Compare every line with what the project publishes in a place that you trust, set max-level (docs/levels.md), and commit it.",
    "# yaml-language-server: $schema=https://touchmark.dev/schema/trust-v1.json",
    "version: 1",
    "trust:",
    ...entries.flatMap((entry, index) => entryLines(entry, index + 1)),
  ];
}

function entryLines(entry: Suggested, number: number): readonly string[] {
  const { builder, source, runners, signer, remarks, evidence, pieces } = entry;
  const more = pieces === 1 ? "" : ` and ${counted(pieces - 1, "more piece")} of evidence`;
  return [
    `  # from ${comment(evidence)}${more}`,
    ...remarks.map((remark) => `  # ${comment(remark)}`),
    `  - name: ${quoted(`unverified ${number}`)}`,
    "    signer:",
    ...Object.entries(signer).map(([key, value]) => `      ${key}: ${flow(value)} # unverified`),
    ...(builder === null ? [] : [`    builder: ${quoted(builder)} # unverified`]),
    ...(source === null ? [] : [`    source: ${quoted(source)} # unverified`]),
    ...(runners === null ? [] : [`    runners: ${quoted(runners)} # unverified`]),
    "    max-level: 0 # yours to decide",
  ];
}

function flow(value: unknown): string {
  if (typeof value === "string") return quoted(value);
  if (typeof value !== "object" || value === null) return String(value);
  return `{ ${Object.entries(value)
    .map(([key, inner]) => `${key}: ${quoted(String(inner))}`)
    .join(", ")} }`;
}

/** A stranger's words: what is not plainly one word stands in quotes, in which nothing ends the line. */
function quoted(text: string): string {
  return /^(?:https:\/\/)?[A-Za-z][\w./@+-]*$/.test(text) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(text)
    ? text
    : JSON.stringify(text).replace(
        /[\u007f-\uffff]/g,
        (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`,
      );
}

function comment(text: string): string {
  return safe(text).replace(/\s+/g, " ");
}
