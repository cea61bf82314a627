import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { canonicalize } from "@tufjs/canonical-json";

export const NOW = new Date("2026-06-01T00:00:00Z");
const LATER = "2026-07-01T00:00:00Z";
const ROLES = ["root", "timestamp", "snapshot", "targets"] as const;
type Role = (typeof ROLES)[number];

/** A key of a role, under the name by which roots call it. */
export interface TufKey {
  readonly id: string;
  readonly sign: (bytes: Uint8Array) => Uint8Array;
  readonly entry: { readonly keytype: string; readonly scheme: string; readonly keyval: { readonly public: string } };
}

export function tufKey(kind: "ecdsa" | "ed25519" = "ecdsa"): TufKey {
  const { publicKey, privateKey } =
    kind === "ecdsa" ? generateKeyPairSync("ec", { namedCurve: "P-256" }) : generateKeyPairSync("ed25519");
  return tufKeyOf(publicKey, (bytes) => sign(kind === "ecdsa" ? "sha256" : null, bytes, privateKey));
}

/** @param publicKey - P-256 or Ed25519. */
export function tufKeyOf(publicKey: KeyObject, signs: TufKey["sign"]): TufKey {
  const kind = publicKey.asymmetricKeyType === "ed25519" ? "ed25519" : "ecdsa";
  const hex = publicKey.export({ type: "spki", format: "der" }).subarray(-32).toString("hex");
  const entry =
    kind === "ecdsa"
      ? {
          keytype: "ecdsa",
          scheme: "ecdsa-sha2-nistp256",
          keyval: { public: publicKey.export({ type: "spki", format: "pem" }).toString() },
        }
      : { keytype: "ed25519", scheme: "ed25519", keyval: { public: hex } };
  return { id: createHash("sha256").update(JSON.stringify(entry)).digest("hex"), sign: signs, entry };
}

/** A role to which the targets delegate. */
export interface Delegate {
  readonly name: string;
  readonly paths: readonly string[];
  readonly terminating: boolean;
  readonly keys: readonly TufKey[];
  readonly threshold: number;
  readonly signers: readonly TufKey[];
  readonly version: number;
  readonly expires: string;
  /** Name to content. */
  readonly targets: Readonly<Record<string, string>>;
}

/** The role as Sigstore's repository has it for npm. */
export function npmDelegate(keysJson: string, changes: Partial<Delegate> = {}): Delegate {
  const keys = changes.keys ?? [tufKey()];
  return {
    ...{ name: "registry.npmjs.org", paths: ["registry.npmjs.org/*"], terminating: true, keys, threshold: 1 },
    ...{ signers: keys, version: 3, expires: LATER, targets: { "registry.npmjs.org/keys.json": keysJson } },
    ...changes,
  };
}

/** What one state of a repository says; every part can be another one than would be right. */
export interface Content {
  readonly root: number;
  readonly keys: Readonly<Record<Role, readonly TufKey[]>>;
  readonly threshold: Readonly<Record<Role, number>>;
  readonly versions: Readonly<Record<"timestamp" | "snapshot" | "targets", number>>;
  readonly expires: Readonly<Record<Role, string>>;
  readonly consistent: boolean;
  readonly target: string;
  /** Further targets, by name. */
  readonly others: Readonly<Record<string, string>>;
  /** In the order of the targets' metadata. */
  readonly delegates: readonly Delegate[];
  /** Changes what is signed, before it is. */
  readonly edit: (role: Role, signed: Record<string, unknown>) => void;
  /** Who signs, of those whom the root names. */
  readonly signers: (role: Role, keys: readonly TufKey[]) => readonly TufKey[];
}

/** @param keys - one that is online, and three of people. */
export function content(
  [online, a, b, c]: readonly [TufKey, TufKey, TufKey, TufKey] = [tufKey(), tufKey(), tufKey("ed25519"), tufKey()],
): Content {
  return {
    root: 1,
    keys: { root: [a, b, c], targets: [a, b, c], timestamp: [online], snapshot: [online] },
    threshold: { root: 2, targets: 2, timestamp: 1, snapshot: 1 },
    versions: { timestamp: 1, snapshot: 1, targets: 1 },
    expires: { root: LATER, timestamp: LATER, snapshot: LATER, targets: LATER },
    consistent: true,
    target: "roots, first",
    others: {},
    delegates: [],
    edit: () => {},
    signers: (_role, keys) => keys,
  };
}

/** The files of a repository, by their paths; a root is added to those of `earlier`. */
export function publish(state: Content, earlier: ReadonlyMap<string, Uint8Array> = new Map()): Map<string, Uint8Array> {
  const files = new Map(earlier);
  const made = (role: Role, fields: Record<string, unknown>) => {
    const version = role === "root" ? state.root : state.versions[role];
    const signed = { _type: role, spec_version: "1.0.31", version, expires: state.expires[role], ...fields };
    state.edit(role, signed);
    return signedBytes(signed, state.signers(role, state.keys[role]));
  };
  const prefix = (version: number) => (state.consistent ? `${version}.` : "");

  files.set(`${state.root}.root.json`, made("root", rootFields(state)));
  const targets = { "trusted_root.json": state.target, ...state.others };
  const roles: Record<string, unknown> = {};
  for (const { name, version, expires, signers, targets: own } of state.delegates) {
    const bytes = signedBytes(
      { _type: "targets", spec_version: "1.0.31", version, expires, targets: listed(own) },
      signers,
    );
    files.set(`${prefix(version)}${name}.json`, bytes);
    roles[`${name}.json`] = metaFile(version, bytes);
  }
  const delegations = state.delegates.length === 0 ? {} : { delegations: delegationsTo(state.delegates) };
  const targetsBytes = made("targets", { targets: listed(targets), ...delegations });
  files.set(`${prefix(state.versions.targets)}targets.json`, targetsBytes);
  const listing = { "targets.json": metaFile(state.versions.targets, targetsBytes), ...roles };
  const snapshotBytes = made("snapshot", { meta: listing });
  files.set(`${prefix(state.versions.snapshot)}snapshot.json`, snapshotBytes);
  const meta = { "snapshot.json": metaFile(state.versions.snapshot, snapshotBytes) };
  files.set("timestamp.json", made("timestamp", { meta }));
  for (const one of [targets, ...state.delegates.map((delegate) => delegate.targets)]) {
    for (const [name, text] of Object.entries(one))
      files.set(targetPath(name, text, state.consistent), Buffer.from(text));
  }
  return files;
}

/** Where a target lies in its repository. */
export function targetPath(name: string, text: string, consistent: boolean): string {
  const at = name.lastIndexOf("/") + 1;
  return `targets/${name.slice(0, at)}${consistent ? `${sha256(Buffer.from(text))}.` : ""}${name.slice(at)}`;
}

function listed(targets: Readonly<Record<string, string>>) {
  return Object.fromEntries(Object.entries(targets).map(([name, text]) => [name, described(text)]));
}

function delegationsTo(delegates: readonly Delegate[]) {
  return {
    keys: Object.fromEntries(delegates.flatMap(({ keys }) => keys.map(({ id, entry }) => [id, entry]))),
    roles: delegates.map(({ name, paths, terminating, threshold, keys }) => ({
      ...{ name, paths, terminating, threshold },
      keyids: keys.map(({ id }) => id),
    })),
  };
}

function rootFields({ keys, threshold, consistent }: Content) {
  const all = ROLES.flatMap((role) => keys[role]).map(({ id, entry }) => [id, entry]);
  const roles = ROLES.map((role) => [role, { keyids: keys[role].map(({ id }) => id), threshold: threshold[role] }]);
  return { consistent_snapshot: consistent, keys: Object.fromEntries(all), roles: Object.fromEntries(roles) };
}

function signedBytes(signed: Record<string, unknown>, signers: readonly TufKey[]): Uint8Array {
  const bytes = Buffer.from(canonicalize(signed));
  const signatures = signers.map((key) => ({ keyid: key.id, sig: Buffer.from(key.sign(bytes)).toString("hex") }));
  return Buffer.from(JSON.stringify({ signatures, signed }));
}

function metaFile(version: number, bytes: Uint8Array) {
  return { version, length: bytes.byteLength, hashes: { sha256: sha256(bytes) } };
}

function described(text: string) {
  return { length: Buffer.byteLength(text), hashes: { sha256: sha256(Buffer.from(text)) } };
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
