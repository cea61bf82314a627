/** What the tests of the documentation need to know of Markdown. */
export interface MarkdownText {
  /** Lines in fenced and indented code, with their line number from 1. */
  readonly code: readonly { readonly line: number; readonly text: string }[];
  /** Code between fences: its language, its first line's number, and its text without the indentation of the fence. */
  readonly fences: readonly { readonly line: number; readonly language: string; readonly text: string }[];
  /** Inline code outside of those. */
  readonly spans: readonly { readonly line: number; readonly text: string }[];
  /** Where links lead to. */
  readonly links: readonly { readonly line: number; readonly target: string }[];
  /** The anchors of headings, as GitHub makes them. */
  readonly anchors: ReadonlySet<string>;
}

export function readMarkdown(text: string): MarkdownText {
  const code: { line: number; text: string }[] = [];
  const fences: { line: number; language: string; text: string }[] = [];
  const spans: { line: number; text: string }[] = [];
  const links: { line: number; target: string }[] = [];
  const anchors = new Set<string>();
  let fence: string | null = null;
  let indent = 0;
  for (const [index, raw] of text.split("\n").entries()) {
    const line = index + 1;
    const mark = /^\s*(```+|~~~+)/.exec(raw)?.[1] ?? null;
    if (mark !== null && (fence === null || mark === fence)) {
      if (fence === null) {
        indent = raw.indexOf(mark);
        fences.push({ line: line + 1, language: raw.trim().slice(mark.length).trim(), text: "" });
      }
      fence = fence === null ? mark : null;
    } else if (fence !== null || raw.startsWith("    ")) {
      code.push({ line, text: raw });
      const block = fence === null ? undefined : fences.at(-1);
      if (block !== undefined) block.text += `${raw.slice(indent)}\n`;
    } else {
      for (const match of raw.matchAll(/`([^`]+)`/g)) spans.push({ line, text: match[1] ?? "" });
      const plain = raw.replaceAll(/`[^`]*`/g, "code");
      for (const match of plain.matchAll(/\]\(([^()\s]+)\)/g)) links.push({ line, target: match[1] ?? "" });
      const heading = /^#{1,6}\s+(.+)$/.exec(raw)?.[1];
      if (heading !== undefined) anchors.add(anchorOf(heading));
    }
  }
  return { code, fences, spans, links, anchors };
}

function anchorOf(heading: string): string {
  return heading
    .replaceAll("`", "")
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(/\s/g, "-");
}
