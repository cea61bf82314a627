import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pythonProgram } from "../peers/python-programs.mjs";
import { type Ended, runProgram } from "../touchmark-process.ts";

const script = (name: string) => fileURLToPath(new URL(`tuf/${name}`, import.meta.url));

type Role = "root" | "timestamp" | "snapshot" | "targets";

/** What one state of a repository says, for e2e/servers/tuf/repository.py. Keys are names; `ed…` is Ed25519, others P-256. */
export interface TufState {
  readonly root: number;
  readonly keys: Readonly<Record<Role, readonly string[]>>;
  /** Who signs the root: those of its own keys, and of the keys before, that do. */
  readonly rootSigners: readonly string[];
  readonly threshold: Readonly<Record<Role, number>>;
  readonly versions: Readonly<Record<"timestamp" | "snapshot" | "targets", number>>;
  /** RFC 3339 with an offset, whole seconds. */
  readonly expires: Readonly<Record<Role, string>>;
  readonly consistent: boolean;
  /** Name to content. */
  readonly targets: Readonly<Record<string, string>>;
  /** A role that signs for some paths. */
  readonly delegate?: TufDelegate;
}

interface TufDelegate {
  readonly name: string;
  readonly paths: readonly string[];
  readonly keys: readonly string[];
  readonly version: number;
  readonly expires: string;
  readonly targets: Readonly<Record<string, string>>;
}

/** A repository that python-tuf makes. */
export interface TufRepository {
  /** What a mirror serves. */
  readonly folder: string;
  /** Publishes a state over what is there. */
  readonly publish: (state: TufState) => Promise<void>;
  /** python-tuf's own client, on what it has kept in a folder; it gets the target or fails. */
  readonly updatedByPython: (rootFile: string, mirror: string, kept: string) => Promise<Ended>;
}

/** False where this machine has no Python for it; tests that need it are then skipped by name. */
export function hasTufRepository(): boolean {
  return pythonProgram("python-tuf") !== null;
}

export async function makeTufRepository(folder: string): Promise<TufRepository> {
  const [python = ""] = pythonProgram("python-tuf") ?? [];
  await mkdir(folder, { recursive: true });
  return {
    folder: join(folder, "repo"),
    publish: async (state) => {
      const ended = await runProgram(python, [script("repository.py"), folder], {
        cwd: folder,
        input: JSON.stringify(state),
      });
      if (ended.status !== 0) throw new Error(`python-tuf did not publish:\n${ended.stderr}`);
    },
    updatedByPython: (rootFile, mirror, kept) =>
      runProgram(python, [script("client.py"), rootFile, mirror, kept], { cwd: folder }),
  };
}

const DAY = 86_400_000;

/** So many days from now; negative: ago. */
export function inDays(days: number): string {
  return new Date(Date.now() + days * DAY).toISOString().replace(/\.\d+Z$/, "+00:00");
}

/** The first state: three of five for roots and targets as Sigstore has it, one online key for the rest. */
export function firstState(trustedRoot: string): TufState {
  const holders = ["a", "b", "c", "d", "ed-e"];
  return {
    root: 1,
    keys: { root: holders, targets: holders, timestamp: ["online"], snapshot: ["online"] },
    rootSigners: ["a", "b", "c"],
    threshold: { root: 3, targets: 3, timestamp: 1, snapshot: 1 },
    versions: { timestamp: 1, snapshot: 1, targets: 1 },
    expires: { root: inDays(30), timestamp: inDays(7), snapshot: inDays(30), targets: inDays(30) },
    consistent: true,
    targets: { "trusted_root.json": trustedRoot },
  };
}

/** The state after one, with new versions of everything but the root. */
export function nextState(state: TufState, changes: Partial<TufState> = {}): TufState {
  const { timestamp, snapshot, targets } = state.versions;
  return {
    ...state,
    versions: { timestamp: timestamp + 1, snapshot: snapshot + 1, targets: targets + 1 },
    ...changes,
  };
}

/** The role as Sigstore's repository has it for the keys of npm's registry. */
export function npmDelegate(keysJson: string, expires: string = inDays(30)): TufDelegate {
  return {
    name: "registry.npmjs.org",
    paths: ["registry.npmjs.org/*"],
    keys: ["npm"],
    version: 3,
    expires,
    targets: { "registry.npmjs.org/keys.json": keysJson },
  };
}
