import type { GuideFacts, GuideSigner } from "./guide-facts.ts";
import { type GuideForm, guideForms, shownFiles } from "./guide-forms.ts";

/** The page, in Markdown. The same facts give the same page: no time, no machine. */
export function guidePage(facts: GuideFacts): string {
  const { list } = facts;
  return [
    `# How to verify ${list === null ? "this release" : `${list.series} ${list.version}`}`,
    intro(facts),
    "## Who signed it",
    [...facts.signers.map(signerLine), ...rootsLines(facts)].join("\n"),
    "Do not take this from here alone: whoever can change the release can change this page. Compare it with a place that you trust, such as the source repository.",
    ...guideForms(facts).map((form) => section(form, facts)),
    "## What a pass means",
    "The bytes that you have are those that the named signer stated, and the statement says where they were built from. It does not mean that the source is good, that nobody put something into it, or that the signer's build was not tampered with from inside.",
  ]
    .join("\n\n")
    .concat("\n");
}

function intro({ files, others, targets }: GuideFacts): string {
  const count = files.length + others.length;
  const places = targets.map((one) => `\`${one}\``).join(", ");
  return `${count === 1 ? "One artifact was" : `${count} artifacts were`} verified for this page. The lines below are typed in the folder in which these lie: ${places}. What each tool does not look at is said with it; the first one looks at the most. Keep this page and all that is not of the release outside of them: a file that nobody vouches for fails.`;
}

function signerLine(signer: GuideSigner): string {
  if (signer.kind === "key") return `- the holder of the key in \`${signer.file}\`, ${signer.digest}`;
  const source = signer.source === null ? "" : `, built from \`${signer.source}\``;
  const ref = signer.ref === null ? "" : ` at \`${signer.ref}\``;
  return `- \`${signer.identity}\`, identified by \`${signer.issuer}\`${source}${ref}`;
}

function rootsLines({ trustedRoot }: GuideFacts): readonly string[] {
  return trustedRoot === null ? [] : [`- certificates count by the roots in \`${trustedRoot}\``];
}

function section(form: GuideForm, { files }: GuideFacts): string {
  const some = form.title === "touchmark" ? null : shownFiles(files);
  return [
    `## With ${form.title}`,
    `Needs ${form.needs}.${some === null ? "" : ` The lines are for the first ${some} files.`}`,
    `\`\`\`sh\n${form.commands.join("\n")}\n\`\`\``,
    `Checks: ${form.checks}`,
    `Does not check: ${form.leaves}`,
  ].join("\n\n");
}
