import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { type MarkdownText, readMarkdown } from "./markdown.ts";

const root = fileURLToPath(new URL("../../../../", import.meta.url));

/** A page that people read, for the tests of the documentation. */
export interface Document extends MarkdownText {
  /** Below the repository's root, with forward slashes. */
  readonly path: string;
}

/** README, CONTRIBUTING, SECURITY, everything below docs/, and the README of every package. */
export function allDocuments(): readonly Document[] {
  const packages = ["packages", "apps"].flatMap((parent) =>
    readdirSync(path.join(root, parent)).map((name) => `${parent}/${name}/README.md`),
  );
  const docs = readdirSync(path.join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name.replaceAll("\\", "/")}`);
  return ["README.md", "CONTRIBUTING.md", "SECURITY.md", ...packages, ...docs.sort()].map(readDocument);
}

function readDocument(file: string): Document {
  return { path: file, ...readMarkdown(readFileSync(path.join(root, file), "utf8")) };
}

/**
 * Where a link leads, when that is in this repository and not there.
 *
 * @returns null for a link that holds, and for one to another site.
 */
export function brokenLink(from: string, target: string, documents: readonly Document[]): string | null {
  const own = /^https:\/\/github\.com\/touchmark\/touchmark\/(?:blob|tree)\/main\/(.+)$/.exec(target)?.[1];
  if (own === undefined && /^[a-z][a-z0-9+.-]*:/i.test(target)) return null;
  const [file = "", anchor] = (own ?? target).split("#");
  const folder = own === undefined ? path.posix.dirname(from) : ".";
  const place = file === "" ? from : path.posix.normalize(path.posix.join(folder, decodeURIComponent(file)));
  const full = path.join(root, place);
  if (!existsSync(full)) return `${place} is not there`;
  if (anchor === undefined) return null;
  const page = statSync(full).isDirectory() ? `${place}/README.md` : place;
  const there = documents.find((document) => document.path === page)?.anchors.has(anchor) ?? false;
  return there ? null : `${page} has no heading #${anchor}`;
}
