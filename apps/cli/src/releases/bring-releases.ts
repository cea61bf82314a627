import { mkdir } from "node:fs/promises";
import path from "node:path";
import { type Code, type Finding, findingOf, isTouchmarkError } from "@touchmark/core";
import type { BroughtTarget, EvidenceSource } from "@touchmark/engine";
import { allInParallel } from "@touchmark/oci";
import {
  askedRelease,
  contactsOf,
  type DownloadBudget,
  downloadBudget,
  type Endpoints,
  homeOf,
  openRelease,
  packageOf,
  type Release,
  type ReleaseTarget,
  type SavedAsset,
} from "@touchmark/releases";
import type { Context } from "../context.ts";
import { hostFor } from "../host-for.ts";
import { counted } from "../render/counted.ts";
import { safe } from "../render/terminal.ts";
import { withinTime } from "../within-time.ts";
import { writeThrough } from "./file-sink.ts";
import { endpointsOf, furtherContacts, type ReleaseFlags, tokenFor } from "./release-flags.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** Releases that lie on the disk now. */
export interface Brought {
  /** As `check` takes them. */
  readonly brought: ReadonlyMap<string, BroughtTarget>;
  readonly evidence: readonly EvidenceSource[];
  /** Files of each release, by its target. */
  readonly files: ReadonlyMap<string, readonly SavedAsset[]>;
  /** What may be read. */
  readonly readable: readonly string[];
  /** Who was contacted, or could have been: `host[:port]`. */
  readonly contacts: readonly string[];
  /** Removes it all. */
  close(): Promise<void>;
}

/** Files that are brought at once. */
const AT_ONCE = 4;

/** For all files and all evidence of one release. Unit: milliseconds. */
const MAX_BRING_MS = 2 * 60 * 60 * 1_000;

/** Not the fault of whoever keeps the evidence. */
const OURS: readonly Code[] = ["ABORTED", "INTERNAL", "DISK_FULL", "OUTPUT_UNWRITABLE", "OUTPUT_CONFLICT"];

/**
 * Brings releases into a folder for this process alone, with what their hosts keep about them. Each host is contacted for
 * its own targets, and may send us to those that are known for it, and to those that the user named.
 *
 * @param flags.bundle - with evidence of the user's own, nobody is asked for more.
 * @throws TouchmarkError as `openRelease` and `Asset.save`.
 */
export async function bringReleases(
  context: Context,
  releases: ReadonlyMap<string, ReleaseTarget>,
  flags: ReleaseFlags & { readonly bundle?: readonly string[] },
): Promise<Brought> {
  const endpoints = endpointsOf(flags);
  const further = furtherContacts(flags);
  const tasks = [...releases].map(([name, target]) => {
    const contacts = [...new Set([...contactsOf(target, endpoints), ...further])];
    return { name, target, contacts, token: tokenFor(target, endpoints, context.env) };
  });
  const folder = await temporaryFolder();
  try {
    const budget = downloadBudget();
    const ones: BroughtRelease[] = [];
    for (const [index, task] of tasks.entries()) {
      const place = path.join(folder.path, `${index + 1}`);
      ones.push(await bring(context, { ...task, place, endpoints, budget, asks: flags.bundle === undefined }));
    }
    return {
      brought: new Map(ones.map(({ name, target }) => [name, target])),
      evidence: ones.flatMap(({ evidence }) => evidence),
      files: new Map(ones.map(({ name, files }) => [name, files])),
      readable: [folder.path],
      contacts: [...new Set(tasks.flatMap(({ contacts }) => contacts))],
      close: folder.remove,
    };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

interface Task {
  readonly name: string;
  readonly target: ReleaseTarget;
  readonly contacts: readonly string[];
  readonly token: string | null;
  /** Where it goes: a folder that is not there. */
  readonly place: string;
  readonly endpoints: Endpoints;
  readonly budget: DownloadBudget;
  /** Whether the host is asked for evidence. */
  readonly asks: boolean;
}

interface BroughtRelease {
  readonly name: string;
  readonly target: BroughtTarget;
  readonly evidence: readonly EvidenceSource[];
  readonly files: readonly SavedAsset[];
}

async function bring(context: Context, task: Task): Promise<BroughtRelease> {
  const { name, target, contacts, token, place, budget, asks } = task;
  const home = homeOf(target, task.endpoints);
  context.terminal.detail(`asks ${safe(home.host)} for ${safe(name)}`);
  return withinTime(MAX_BRING_MS, context.signal, home.host, async (signal) => {
    const host = hostFor(context, { signal, network: { kind: "services", hosts: contacts } });
    try {
      const release = await openRelease(target, { home, token, contacts, budget }, host);
      const folder = path.join(place, "files");
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const files = await allInParallel(release.assets, AT_ONCE, (asset) =>
        writeThrough(path.join(folder, asset.name), asset.name, (sink) => asset.save(sink)),
      );
      context.terminal.detail(`${safe(name)}: ${counted(files.length, "file")}`);
      const { evidence, gaps } = asks ? await evidenceOf(name, release, files, place) : NOTHING_ASKED;
      return {
        name,
        target: { folder, package: packageOf(target), release: askedRelease(target), gaps },
        evidence,
        files,
      };
    } finally {
      await host.close();
    }
  });
}

const NOTHING_ASKED = { evidence: [], gaps: [] } as const;

/** What came before the host failed counts; that not all of it was seen is said where something does not hold. */
async function evidenceOf(
  name: string,
  release: Release,
  files: readonly SavedAsset[],
  place: string,
): Promise<{ readonly evidence: readonly EvidenceSource[]; readonly gaps: readonly Finding[] }> {
  const evidence: EvidenceSource[] = [];
  const folder = path.join(place, "evidence");
  await mkdir(folder, { mode: 0o700 });
  const gaps: Finding[] = [];
  try {
    for await (const piece of release.evidence(files)) {
      const file = path.join(folder, `${evidence.length + 1}.json`);
      await writeThrough(file, piece.name, (sink) => sink.write(piece.bytes));
      evidence.push({ path: file, name: piece.name });
    }
  } catch (error) {
    if (!isTouchmarkError(error) || OURS.includes(error.code)) throw error;
    gaps.push(findingOf(error, `the evidence about ${name}`));
  }
  return { evidence, gaps };
}
