import path from "node:path";
import { MAX_EVIDENCE_BYTES, TouchmarkError } from "@touchmark/core";
import { targetForm } from "@touchmark/engine";
import { openStaging } from "@touchmark/host-node";
import { openRegistry } from "@touchmark/oci";
import type { Host } from "@touchmark/plugin";
import { ociFetcher } from "../builtin-services.ts";
import type { Context } from "../context.ts";
import { shapeOf } from "../hand-over/handed-targets.ts";
import { hostFor } from "../host-for.ts";
import { type KitContents, kitContents } from "../kit/kit-contents.ts";
import { encodeKitManifest, KIT_MANIFEST } from "../kit/kit-manifest.ts";
import { saveImage } from "../kit/save-image.ts";
import { oneChunk } from "../one-chunk.ts";
import { onlineRoots } from "../online-roots.ts";
import { type Brought, bringReleases } from "../releases/bring-releases.ts";
import { counted } from "../render/counted.ts";
import { safe } from "../render/terminal.ts";
import { type Targets, targetsOf } from "../verify/targets.ts";
import { type VerifyOptions, verifyCommand } from "./verify.ts";

type FetchOptions = VerifyOptions & { readonly out: string };

/**
 * `touchmark fetch`: gathers targets, what is kept about them, and with --online the roots and npm's keys, into a kit for a machine without a
 * network; then verifies that kit with the same options, and says no more of it.
 */
export async function fetchCommand(
  context: Context,
  positional: readonly string[],
  options: FetchOptions,
): Promise<number> {
  const { out, ...verifying } = options;
  const place = path.resolve(context.cwd, out);
  if (shapeOf(place) !== "nothing") {
    throw new TouchmarkError("OUTPUT_CONFLICT", `${out} is taken`, {
      expected: "nothing: the kit is made, and never mixed with what was there",
      actual: "something stands there already",
    });
  }
  const named = await targetsOf(context, positional, options);
  const staging = await openStaging(path.dirname(place), { shown: out, flush: true, signal: context.signal });
  const brought = named.releases.size === 0 ? null : await bringReleases(context, named.releases, options);
  const host = hostFor(context, {
    roots: [...named.readable, ...(brought?.readable ?? [])],
    network: { kind: "registries", hosts: named.registries },
  });
  try {
    const kit = kitContents(staging);
    for (const target of named.targets) await gather(target, { named, brought, kit, host });
    await gatherEvidence(options, brought, kit, host);
    if (options.online === true) {
      const { files } = await onlineRoots(context, options, { withNpmKeys: true });
      for (const [name, bytes] of files) await kit.add(`roots/tuf/${name}`, "the roots' mirror", oneChunk(bytes));
    }
    const { targets, files } = kit;
    const manifest = encodeKitManifest({ made: new Date().toISOString(), targets, files });
    await staging.write(KIT_MANIFEST, oneChunk(manifest), { algorithm: "sha256", executable: false });
    staging.moveTo(place, out);
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    const said = `${safe(out)}: ${counted(targets.length, "target")}, ${counted(files.length, "file")}, ${bytes} bytes`;
    context.terminal.note(`${said}; verified here with the same options:`);
  } finally {
    await Promise.all([host.close(), staging.remove(), brought?.close()]);
  }
  const { online: _online, mirror: _mirror, bundle: _bundle, evidence: _evidence, ...again } = verifying;
  return verifyCommand(context, [`kit:${out}`], { ...again, offline: true });
}

interface Gathering {
  readonly named: Targets;
  readonly brought: Brought | null;
  readonly kit: KitContents;
  readonly host: Host;
}

async function gather(target: string, { named, brought, kit, host }: Gathering): Promise<void> {
  if (named.releases.has(target)) {
    const place = kit.place("artifacts");
    kit.targets.push({ kind: "release", name: target, place });
    const { folder, gaps = [] } = brought?.brought.get(target) ?? {};
    // What the host could not be asked for would be missing on the other side, where nobody can ask again.
    const [gap] = gaps;
    if (gap !== undefined) throw new TouchmarkError(gap.code, gap.message, gap);
    for (const { name } of brought?.files.get(target) ?? []) {
      await kit.add(`${place}/${name}`, target, host.openRead(`${folder}/${name}`));
    }
    return;
  }
  const form = targetForm(target);
  if (form.kind === "image") {
    const { registry, repository, name, digest } = form.reference;
    if (digest === null) {
      throw new TouchmarkError("TAG_UNPINNED", `${target} names no digest`, {
        expected: `oci://${name}@sha256:DIGEST`,
      });
    }
    const pinned = `oci://${name}@${digest}`;
    if (kit.targets.some((one) => one.name === pinned)) return;
    const place = kit.place("images");
    kit.targets.push({ kind: "image", name: pinned, place });
    const manifests = await saveImage(openRegistry(registry, host).repository(repository), digest, place, kit);
    const fetcher = ociFetcher();
    for (const one of manifests) {
      for await (const piece of fetcher.fetch({ repository: name, digest: one }, host)) {
        await kit.evidence(piece.name, piece.bytes);
      }
    }
    return;
  }
  if (form.kind !== "path") {
    throw new TouchmarkError("USAGE", `${target} cannot be fetched`, {
      expected: "files, folders, images in registries, and releases elsewhere",
      actual: target,
    });
  }
  const place = kit.place("artifacts");
  kit.targets.push({ kind: "files", name: target, place });
  const isFolder = (await host.kind(form.path)) === "folder";
  const files = isFolder ? await host.list(form.path) : [{ ...(await host.file(form.path)), kind: "file" }];
  for (const { kind, name, path: file } of files) {
    if (kind !== "file") {
      throw new TouchmarkError("FILE_REFUSED", `${name} is no regular file`, { expected: "files", actual: kind });
    }
    await kit.add(`${place}/${name}`, target, host.openRead(file));
  }
}

/** What the user named, and what the hosts of releases keep. */
async function gatherEvidence(
  { bundle = [], evidence = [] }: FetchOptions,
  brought: Brought | null,
  kit: KitContents,
  host: Host,
): Promise<void> {
  for (const one of brought?.evidence ?? []) {
    await kit.evidence(one.name, await host.readBytes(one.path, { max: MAX_EVIDENCE_BYTES }));
  }
  for (const named of [...bundle, ...evidence]) {
    const isFolder = (await host.kind(named)) === "folder";
    const files = isFolder ? (await host.list(named)).filter(({ kind }) => kind === "file") : [await host.file(named)];
    for (const file of files)
      await kit.evidence(file.path, await host.readBytes(file.path, { max: MAX_EVIDENCE_BYTES }));
  }
}
