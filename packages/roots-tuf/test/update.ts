import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TouchmarkError } from "@touchmark/core";
import type { Host, HttpRequest, HttpResponse } from "@touchmark/plugin";
import { BaseFetcher, Updater } from "tuf-js";
// By this it knows that a file is not there; nothing else that a fetcher can throw says so.
import { DownloadHTTPError } from "tuf-js/dist/error.js";
import { vi } from "vitest";
import { type UpdatedRoots, updateRoots } from "../src/update-roots.ts";
import { NOW } from "./tuf-repository.ts";

type Files = ReadonlyMap<string, Uint8Array>;

export const MIRROR = "https://tuf.example/repo";

/** A mirror that serves these files; what it was asked for is in `asked`. */
export function mirrorHost(files: Files, answer?: (path: string) => Partial<HttpResponse> | null) {
  const asked: string[] = [];
  const fetch = async ({ url, maxBody }: HttpRequest): Promise<HttpResponse> => {
    const path = url.slice(`${MIRROR}/`.length);
    asked.push(path);
    const bytes = files.get(path);
    const found = { status: bytes === undefined ? 404 : 200, headers: {}, body: bytes ?? new Uint8Array() };
    const response = { ...found, ...answer?.(path) };
    if (response.body.byteLength > maxBody) throw new TouchmarkError("INPUT_TOO_LARGE", "too large");
    return response;
  };
  return { host: { fetch, wait: async () => {}, elapsed: () => 0 } as unknown as Host, asked };
}

/** One update, begun with the root of version 1. */
export async function update(
  files: Files,
  options: { readonly first?: Files; readonly kept?: Files; readonly now?: Date } = {},
): Promise<UpdatedRoots> {
  const { host } = mirrorHost(files);
  return updateRoots(updateOptions(options.first ?? files, options.kept, options.now), host);
}

export function updateOptions(first: Files, kept: Files = new Map(), now: Date = NOW) {
  const root = first.get("1.root.json");
  if (root === undefined) throw new Error("a repository without its first root");
  return {
    mirror: MIRROR,
    root,
    rootLabel: "root.json",
    kept: async (name: string) => kept.get(name) ?? null,
    now,
  };
}

/** The same by tuf-js: true where it gets the roots, or another target. */
export async function updatedByTufJs(
  files: Files,
  options: { readonly first?: Files; readonly kept?: Files; readonly now?: Date; readonly target?: string } = {},
): Promise<boolean> {
  const { first = files, kept = new Map(), now = NOW, target = "trusted_root.json" } = options;
  const folder = mkdtempSync(join(tmpdir(), "tuf-js-"));
  vi.useFakeTimers({ toFake: ["Date"], now });
  try {
    for (const [name, bytes] of kept) writeFileSync(join(folder, name), bytes);
    writeFileSync(join(folder, "root.json"), first.get("1.root.json") ?? "");
    const updater = new Updater({
      metadataDir: folder,
      metadataBaseUrl: MIRROR,
      targetDir: folder,
      targetBaseUrl: `${MIRROR}/targets`,
      fetcher: new FilesFetcher(files),
    });
    const info = await updater.getTargetInfo(target);
    if (info === undefined) return false;
    await updater.downloadTarget(info);
    return true;
  } catch {
    return false;
  } finally {
    vi.useRealTimers();
    rmSync(folder, { recursive: true, force: true });
  }
}

class FilesFetcher extends BaseFetcher {
  readonly #files: Files;

  constructor(files: Files) {
    super();
    this.#files = files;
  }

  override async fetch(url: string): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    const bytes = this.#files.get(url.slice(`${MIRROR}/`.length));
    if (bytes === undefined) throw new DownloadHTTPError("not there", 404);
    return new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
  }
}
