import type { Host } from "@touchmark/plugin";
import { checkSignatures } from "./check-signatures.ts";
import { MAX_LISTING_BYTES, MAX_TIMESTAMP_BYTES } from "./limits.ts";
import { type Metadata, parseMetadata } from "./metadata.ts";
import { type Mirror, openMirror } from "./mirror.ts";
import { type UpdatedNpmKeys, updateNpmKeys } from "./npm-keys.ts";
import { held, readDescribed, type SignedBy } from "./read-described.ts";
import { readTarget, type Target, targetIn } from "./read-target.ts";
import { firstRoot, followRoots, type KeptFile } from "./root-chain.ts";
import type { RoleName } from "./schema.ts";
import { refuseExpired, rolledBack, unusable } from "./unusable.ts";

export interface UpdateOptions {
  /** The repository: https, or http to this machine. */
  readonly mirror: string;
  /** The TUF root that everything begins with: `root.json`. */
  readonly root: Uint8Array;
  /** What messages call it. */
  readonly rootLabel: string;
  /** What was kept of earlier updates; each file is verified anew, and one that does not hold counts as missing. */
  readonly kept: KeptFile;
  readonly now: Date;
}

export interface UpdatedRoots {
  /** `trusted_root.json`, as the repository has it now. */
  readonly bytes: Uint8Array;
  /** Version of the TUF root by which it was verified. */
  readonly rootVersion: number;
  /** What to keep for the next time, by its name. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** True for a `timestamp.json` of the same repository that is newer than this update: what is kept must not go back. */
  isOlderThan(timestamp: Uint8Array): boolean;
  /**
   * Reads the keys of npm's registry by the same metadata: `registry.npmjs.org/keys.json`.
   *
   * @returns null where the repository has none.
   * @throws TouchmarkError `ROOTS_STALE` where the role that says them has expired; `SERVICE_INVALID`; as `askService`.
   */
  npmKeys(): Promise<UpdatedNpmKeys | null>;
}

const ROOTS: Target = { path: "trusted_root.json", keptAs: "trusted_root.json" };

/**
 * Reads the newest trusted roots of a Sigstore instance from its TUF repository, by the client's workflow of the TUF
 * specification, section 5 (https://theupdateframework.github.io/specification/latest/#detailed-client-workflow), without
 * delegations: the roots are a target of the repository's own. Only npm's keys may come from a role of npm's.
 *
 * Whoever holds the mirror cannot make roots; they can withhold newer ones only until the timestamp expires.
 *
 * @param host - may contact the mirror.
 * @throws TouchmarkError `ROOTS_INVALID` for a root to begin with that is none; `ROOTS_ROLLBACK` for older metadata than what
 * was kept; `ROOTS_STALE` for expired metadata; `SERVICE_INVALID` for what is malformed, not signed, or not what was signed; as
 * `askService`.
 */
export async function updateRoots(options: UpdateOptions, host: Host): Promise<UpdatedRoots> {
  const { kept, now } = options;
  const mirror = openMirror(options.mirror, host);
  const chain = await followRoots(firstRoot(options.root, options.rootLabel), mirror, kept, now);
  const root = chain.newest;
  const timestamp = await newTimestamp(root, mirror, kept, now);
  const snapshot = await newSnapshot(root, timestamp, mirror, kept, now);
  const targets = await newTargets(root, snapshot, mirror, kept, now);
  const listed = targetIn(targets, ROOTS);
  if (listed === null) throw unusable("targets.json", `${ROOTS.path} in it`, "none");
  const bytes = await readTarget(ROOTS, listed, root, mirror, kept);
  return {
    bytes,
    rootVersion: root.signed.version,
    files: new Map<string, Uint8Array>([
      ...chain.files,
      ["timestamp.json", timestamp.bytes],
      ["snapshot.json", snapshot.bytes],
      ["targets.json", targets.bytes],
      [ROOTS.keptAs, bytes],
    ]),
    isOlderThan: (other) => {
      const theirs = held("timestamp.json", other, signedBy(root, "timestamp"));
      return theirs !== null && theirs.signed.version > timestamp.signed.version;
    },
    npmKeys: () => updateNpmKeys({ root, snapshot, targets }, mirror, kept, now),
  };
}

/** TUF specification, 5.4. */
async function newTimestamp(root: Metadata<"root">, mirror: Mirror, kept: KeptFile, now: Date) {
  const name = "timestamp.json";
  const signed = signedBy(root, "timestamp");
  const before = held(name, await kept(name, MAX_TIMESTAMP_BYTES), signed);
  const given = signed(await mirror.file(name, MAX_TIMESTAMP_BYTES), name);
  if (before !== null) {
    if (given.signed.version < before.signed.version) {
      throw rolledBack(name, before.signed.version, given.signed.version);
    }
    const seen = before.signed.meta["snapshot.json"].version;
    const { version } = given.signed.meta["snapshot.json"];
    if (version < seen) throw rolledBack("snapshot.json", seen, version);
  }
  // Of two with the same version, the one that was seen first.
  const timestamp = before?.signed.version === given.signed.version ? before : given;
  refuseExpired(timestamp, name, now);
  return timestamp;
}

/** TUF specification, 5.5. */
async function newSnapshot(
  root: Metadata<"root">,
  timestamp: Metadata<"timestamp">,
  mirror: Mirror,
  kept: KeptFile,
  now: Date,
) {
  const name = "snapshot.json";
  const signed = signedBy(root, "snapshot");
  const before = held(name, await kept(name, MAX_LISTING_BYTES), signed);
  const snapshot = await readDescribed(name, timestamp.signed.meta[name], before, signed, root, mirror);
  for (const [file, { version }] of Object.entries(before?.signed.meta ?? {})) {
    const given = snapshot.signed.meta[file]?.version ?? 0;
    if (given < version) throw rolledBack(file === "targets.json" ? file : "delegated role", version, given);
  }
  refuseExpired(snapshot, name, now);
  return snapshot;
}

/** TUF specification, 5.6. */
async function newTargets(
  root: Metadata<"root">,
  snapshot: Metadata<"snapshot">,
  mirror: Mirror,
  kept: KeptFile,
  now: Date,
) {
  const name = "targets.json";
  const meta = snapshot.signed.meta[name];
  if (meta === undefined) throw unusable("snapshot.json", `${name} in it`, "none");
  const signed = signedBy(root, "targets");
  const before = held(name, await kept(name, MAX_LISTING_BYTES), signed);
  const targets = await readDescribed(name, meta, before, signed, root, mirror);
  refuseExpired(targets, name, now);
  return targets;
}

function signedBy<Name extends RoleName>(root: Metadata<"root">, role: Name): SignedBy<Name> {
  return (bytes, label) => {
    const metadata = parseMetadata(role, bytes, label);
    checkSignatures(root, metadata, label);
    return metadata;
  };
}
