import type { Targets } from "@tufjs/models";
import { checkSigners, type Signers } from "./check-signatures.ts";
import { MAX_LISTING_BYTES } from "./limits.ts";
import { type Metadata, parseMetadata } from "./metadata.ts";
import type { Mirror } from "./mirror.ts";
import { held, readDescribed } from "./read-described.ts";
import { readTarget, type Target, targetIn } from "./read-target.ts";
import type { KeptFile } from "./root-chain.ts";
import { refuseExpired, unusable } from "./unusable.ts";

/** The keys of npm's registry, as the repository has them now. */
export interface UpdatedNpmKeys {
  /** `keys.json`. */
  readonly bytes: Uint8Array;
  /** What to keep beside the roots' files, by its name. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** Metadata of one update, all of it verified. */
export interface Verified {
  readonly root: Metadata<"root">;
  readonly snapshot: Metadata<"snapshot">;
  readonly targets: Metadata<"targets">;
}

/** The name under which npm's keys are kept. */
export const NPM_KEYS_FILE = "npm_keys.json";
const KEYS: Target = { path: "registry.npmjs.org/keys.json", keptAs: NPM_KEYS_FILE };

/**
 * Sigstore's role for what npm's registry says; npm holds its key. No other delegation is followed, and none of its own.
 * https://github.com/sigstore/root-signing/blob/main/metadata/targets.json
 */
const ROLE = "registry.npmjs.org";
const ROLE_FILE = `${ROLE}.json`;

/**
 * Reads the target `registry.npmjs.org/keys.json`: the repository's own, or else that of the role `registry.npmjs.org` where it
 * is the first that the repository's targets name for this path. TUF specification, 5.6.7.
 *
 * @returns null where the repository has it in neither way.
 * @throws TouchmarkError `ROOTS_STALE` for an expired role; `SERVICE_INVALID`; as `askService`.
 */
export async function updateNpmKeys(
  verified: Verified,
  mirror: Mirror,
  kept: KeptFile,
  now: Date,
): Promise<UpdatedNpmKeys | null> {
  const { root, targets } = verified;
  const own = targetIn(targets, KEYS);
  if (own !== null) return updated(await readTarget(KEYS, own, root, mirror, kept), []);
  const signers = delegateOf(targets);
  if (signers === null) return null;
  const role = await readRole(verified, signers, mirror, kept);
  refuseExpired(role, ROLE_FILE, now);
  const described = targetIn(role, KEYS);
  if (described === null) return null;
  return updated(await readTarget(KEYS, described, root, mirror, kept), [[ROLE_FILE, role.bytes]]);
}

function updated(bytes: Uint8Array, files: readonly (readonly [string, Uint8Array])[]): UpdatedNpmKeys {
  return { bytes, files: new Map([...files, [NPM_KEYS_FILE, bytes]]) };
}

/** Who signs for the path of the keys; null where it is nobody, or another role. */
function delegateOf({ model }: Metadata<"targets">): Signers | null {
  const { delegations } = model.signed as Targets; // what "targets" are in the library
  const [first] = delegations?.rolesForTarget(KEYS.path) ?? [];
  const role = first?.role === ROLE ? delegations?.roles?.[ROLE] : undefined;
  if (delegations === undefined || role === undefined) return null;
  const { keyIDs: keyids, threshold } = role;
  return { keyids, threshold, keys: delegations.keys, namedBy: "targets.json names" };
}

/** The role's metadata in the version that the snapshot names. */
async function readRole(
  { root, snapshot }: Verified,
  signers: Signers,
  mirror: Mirror,
  kept: KeptFile,
): Promise<Metadata<"targets">> {
  const meta = snapshot.signed.meta[ROLE_FILE];
  if (meta === undefined) throw unusable("snapshot.json", `${ROLE_FILE} in it`, "none");
  const signed = (bytes: Uint8Array, label: string) => {
    const role = parseMetadata("targets", bytes, label);
    checkSigners(signers, role, label);
    return role;
  };
  const before = held(ROLE_FILE, await kept(ROLE_FILE, MAX_LISTING_BYTES), signed);
  return readDescribed(ROLE_FILE, meta, before, signed, root, mirror);
}
