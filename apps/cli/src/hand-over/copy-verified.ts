import path from "node:path";
import { isTouchmarkError, TouchmarkError } from "@touchmark/core";
import type { ArtifactReport, CheckReport } from "@touchmark/engine";
import { createHost, type Staging } from "@touchmark/host-node";
import type { Host } from "@touchmark/plugin";
import { changed } from "./changed.ts";
import { copyLayout } from "./copy-layout.ts";
import { copyTree } from "./copy-tree.ts";
import { type HandedTarget, shapeOf } from "./handed-targets.ts";

/**
 * Copies what a report says holds, and nothing else: no evidence, no file that was ignored. Each copy has the digest that
 * stands in the report, computed over the bytes that were written, so that it does not matter what anybody did to the
 * targets since (A44).
 *
 * @param report - `verified` as a whole; else nothing is copied.
 * @returns how many artifacts were copied.
 * @throws TouchmarkError `FILE_CHANGED`, `OUTPUT_CONFLICT` for two of the same name, and as `Staging` and the host.
 */
export async function copyVerified(
  report: CheckReport,
  targets: readonly HandedTarget[],
  staging: Staging,
  host: Host,
): Promise<number> {
  if (report.result !== "verified") return 0;
  const held = report.artifacts.filter(({ status }) => status === "verified" || status === "exception");
  for (const target of targets) {
    const own = held.filter((artifact) => artifact.target === target.given);
    if (target.kind === "layout") await copyImages(own, target, staging, host);
    else for (const artifact of own) await copyOne(artifact, target, staging, host);
  }
  return held.length;
}

async function copyImages(
  artifacts: readonly ArtifactReport[],
  { path: layout }: HandedTarget,
  staging: Staging,
  host: Host,
): Promise<void> {
  const digests = artifacts.map(({ digest }) => digest ?? "");
  await goneIsChanged(layout, () => copyLayout({ path: layout, digests, name: nameOf(layout) }, staging, host));
}

async function copyOne(artifact: ArtifactReport, target: HandedTarget, staging: Staging, host: Host): Promise<void> {
  const { name, digest } = artifact;
  const [, algorithm, hex] = /^(sha256|narSha256):([0-9a-f]{64})$/.exec(digest ?? "") ?? [];
  if (hex === undefined) throw new TouchmarkError("INTERNAL", `${name} was verified without a digest of its bytes`);
  await goneIsChanged(name, async () => {
    const from = await sourceOf(artifact, target, host);
    if (algorithm === "sha256") {
      const executable = shapeOf(from) === "executable";
      const found = await staging.write(name, host.openRead(from), { algorithm: "sha256", executable });
      if (found !== hex) throw changed(name);
    } else {
      await copyTree(from, name, staging, host);
      if ((await narOf(path.join(staging.content, name), host.signal)) !== hex) throw changed(name);
    }
  });
}

/** Where the bytes were. Whatever stands there now, it must have the digest. */
async function sourceOf({ name }: ArtifactReport, { kind, path: given }: HandedTarget, host: Host): Promise<string> {
  const shape = shapeOf(given);
  // Of links, only one into the Nix store was verified.
  if (kind === "tree" || shape === "link") return host.realPath(given);
  return shape === "folder" ? `${given}/${name}` : given;
}

/** Of the copy, which nobody else can write to. */
async function narOf(copy: string, signal: AbortSignal): Promise<string> {
  const host = createHost({ workspace: copy, roots: [], signal, userCode: false, env: {}, workers: 1 });
  try {
    return (await host.digestTree(copy, { files: false })).narSha256;
  } finally {
    await host.close();
  }
}

/** What was read for the verdict was there, and was a file. */
async function goneIsChanged(name: string, copy: () => Promise<void>): Promise<void> {
  try {
    await copy();
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (isTouchmarkError(error) ? GONE.includes(error.code) : code === "ENOENT" || code === "ENOTDIR") {
      throw changed(name);
    }
    throw error;
  }
}

const GONE: readonly string[] = ["INPUT_MISSING", "FILE_REFUSED", "IMAGE_MISSING", "DIGEST_MISMATCH", "OUTSIDE_ROOTS"];

function nameOf(layout: string): string {
  return path.basename(path.resolve(layout));
}
