import { algorithmByName } from "@touchmark/core";
import type { HashAlgorithm } from "@touchmark/plugin";
import { type Files, hexOf } from "./memory-host.ts";

/** The parts of an entry of artifacts.json that the tests change. */
export interface Entry {
  name: string;
  path: string;
  type: string;
  internal_type?: number;
  extra?: Record<string, unknown>;
}

/** What GoReleaser wrote, as text; what is absent is made up. */
export interface Recorded {
  readonly artifacts: string;
  readonly metadata?: string;
  readonly config?: string;
  /** Path in the workspace → text, of files that artifacts.json does not have: extra files, digests.txt. */
  readonly others?: Readonly<Record<string, string>>;
  /** Name in a list → path of an extra file that goes by that name. */
  readonly extraNames?: Readonly<Record<string, string>>;
  /** Name of a checksum list → its real text. */
  readonly lists?: Readonly<Record<string, string>>;
}

export const COMMIT = "3aabc671ca276ba76fca14316e1b47648f56709c";

/**
 * A dist folder as GoReleaser would have left it, with made-up bytes: every file that artifacts.json names is there, and
 * each recorded checksum is rewritten to that of its bytes. blake3 and crc32 keep what was recorded: nothing here computes
 * them.
 */
export function syntheticDist(recorded: Recorded): Map<string, Uint8Array> {
  const entries = JSON.parse(recorded.artifacts) as Entry[];
  const folder = (entries.find(({ type }) => type === "Metadata")?.path ?? "dist/metadata.json").replace(
    /\/[^/]*$/,
    "",
  );
  const files = new Map<string, Uint8Array>();
  for (const [path, text] of Object.entries(recorded.others ?? {})) files.set(path, bytesOf(text));
  for (const { path, type } of entries) if (!isImage(type)) files.set(path, bytesOf(`the bytes of ${path}`));
  for (const entry of entries) rewriteChecksum(entry, files);
  for (const entry of entries.filter(({ type }) => type === "Checksum")) {
    files.set(entry.path, bytesOf(listText(entry, entries, files, recorded)));
  }
  files.set(`${folder}/artifacts.json`, bytesOf(JSON.stringify(entries)));
  files.set(`${folder}/metadata.json`, bytesOf(recorded.metadata ?? metadataText()));
  files.set(
    `${folder}/config.yaml`,
    bytesOf(recorded.config ?? configText({ dist: folder, algorithm: algorithmOf(entries) })),
  );
  return files;
}

function isImage(type: string): boolean {
  return type.includes("Docker");
}

function rewriteChecksum({ path, extra }: Entry, files: Files): void {
  const [name, hex] = String(extra?.["Checksum"] ?? "").split(":");
  if (extra === undefined || !name || !hex) return;
  extra["Checksum"] = `${name}:${hexOr(name, files.get(path), hex)}`;
}

function hexOr(name: string, bytes: Uint8Array | undefined, recorded: string): string {
  const algorithm = algorithmByName(name) as HashAlgorithm | null;
  return algorithm === null || bytes === undefined ? recorded : hexOf(bytes, algorithm);
}

/** The real list's lines with the digests of our bytes; a name that stands there twice takes its files in turn. */
function listText(list: Entry, entries: readonly Entry[], files: Files, recorded: Recorded): string {
  const algorithm = algorithmOf(entries);
  const of = list.extra?.["ChecksumOf"];
  if (typeof of === "string") return hexOr(algorithm, files.get(of), "");
  const taken = new Set<Entry>();
  const lines = (recorded.lists?.[list.name] ?? "").split("\n").filter((line) => line !== "");
  return lines
    .map((line) => {
      const [recordedHex = "", name = ""] = line.split(/ {2}(.*)/s);
      const entry = entries.find(
        (one) => one.name === name && !taken.has(one) && one.extra?.["Checksum"] !== undefined,
      );
      if (entry !== undefined) taken.add(entry);
      const bytes = files.get(entry?.path ?? recorded.extraNames?.[name] ?? name);
      return `${hexOr(algorithm, bytes, recordedHex)}  ${name}\n`;
    })
    .join("");
}

function algorithmOf(entries: readonly Entry[]): string {
  const declared = entries.map(({ extra }) => String(extra?.["Checksum"] ?? "")).find((text) => text !== "");
  return declared?.split(":")[0] ?? "sha256";
}

export function metadataText(change: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    project_name: "demo",
    tag: "v1.0.0",
    previous_tag: "",
    version: "1.0.0",
    commit: COMMIT,
    date: "2026-11-21T10:02:36Z",
    runtime: { goos: "linux", goarch: "amd64" },
    ...change,
  });
}

/** In the order of `type Project` in GoReleaser's pkg/config/config.go. */
export function configText(change: {
  dist?: string;
  algorithm?: string;
  release?: string[];
  checksum?: string[];
}): string {
  return [
    "version: 2",
    "project_name: demo",
    "release:",
    "  github:",
    "    owner: example",
    "    name: demo",
    ...(change.release ?? []).map((line) => `  ${line}`),
    "checksum:",
    "  name_template: checksums.txt",
    `  algorithm: ${change.algorithm ?? "sha256"}`,
    ...(change.checksum ?? []).map((line) => `  ${line}`),
    "docker_digest:",
    "  name_template: digests.txt",
    `dist: ${change.dist ?? "dist"}`,
    "github_urls:",
    "  download: https://github.com",
    "",
  ].join("\n");
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A release of two names for one binary, an archive, an SBOM and a signed list: enough for one trap at a time. */
export function smallDist(
  change: Partial<Recorded> & { readonly entries?: readonly Entry[] } = {},
): Map<string, Uint8Array> {
  const checksum = () => ({ Checksum: `sha256:${"0".repeat(64)}` });
  const entries: readonly Entry[] = [
    { name: "metadata.json", path: "dist/metadata.json", internal_type: 35, type: "Metadata" },
    { name: "demo", path: "dist/demo_linux/demo", internal_type: 4, type: "Binary", extra: { Builder: "go", Ext: "" } },
    { name: "demo-linux", path: "dist/demo_linux/demo", type: "Binary", extra: { Format: "binary", ...checksum() } },
    { name: "demo.tar.gz", path: "dist/demo.tar.gz", type: "Archive", extra: { Format: "tar.gz", ...checksum() } },
    { name: "demo.tar.gz.sbom.json", path: "dist/demo.tar.gz.sbom.json", type: "SBOM", extra: checksum() },
    { name: "checksums.txt", path: "dist/checksums.txt", type: "Checksum", extra: {} },
    { name: "checksums.txt.sig", path: "dist/checksums.txt.sig", type: "Signature", extra: { ID: "default" } },
    { name: "demo.rb", path: "dist/homebrew/Casks/demo.rb", type: "Homebrew Cask", extra: {} },
    ...(change.entries ?? []),
  ];
  const names = ["demo-linux", "demo.tar.gz", "demo.tar.gz.sbom.json"];
  const list = names.map((name) => `${"0".repeat(64)}  ${name}\n`).join("");
  return syntheticDist({ artifacts: JSON.stringify(entries), lists: { "checksums.txt": list }, ...change });
}

/** A copy with one file changed; null takes it away. */
export function withFile(files: Files, path: string, content: string | Uint8Array | null): Map<string, Uint8Array> {
  const copy = new Map(files);
  if (content === null) copy.delete(path);
  else copy.set(path, typeof content === "string" ? bytesOf(content) : content);
  return copy;
}

/** A copy with the text of one file changed. */
export function edited(files: Files, path: string, edit: (text: string) => string): Map<string, Uint8Array> {
  return withFile(files, path, edit(textAt(files, path)));
}

/** A copy with artifacts.json changed. */
export function withEntries(
  files: Files,
  edit: (entries: Entry[]) => Entry[],
  folder = "dist",
): Map<string, Uint8Array> {
  return edited(files, `${folder}/artifacts.json`, (text) => JSON.stringify(edit(JSON.parse(text) as Entry[])));
}

export function textAt(files: Files, path: string): string {
  return new TextDecoder().decode(files.get(path));
}
