import { boundedArray } from "@touchmark/core";
import * as z from "zod";
import { MAX_METADATA_MEMBERS, MAX_TUF_TEXT } from "./limits.ts";

// https://theupdateframework.github.io/specification/latest/#document-formats; unknown members are ignored, as it says there.

const text = z.string().max(MAX_TUF_TEXT);
/** Counts from 1 on: a threshold of 0 would need nobody. */
const count = z.int().min(1);

/** An object with any names, its members counted before they are looked at. */
const named = <Value extends z.ZodType>(value: Value) =>
  z
    .unknown()
    .refine(
      (object) => typeof object !== "object" || object === null || Object.keys(object).length <= MAX_METADATA_MEMBERS,
      `more than ${MAX_METADATA_MEMBERS} members`,
    )
    .pipe(z.record(z.string().max(1024), value));

/** A date that is none would never be reached. */
const expires = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/, "expected a time such as 2026-01-02T03:04:05Z")
  .transform((value) => new Date(value))
  .refine((date) => !Number.isNaN(date.getTime()), "no such date");

const signed = {
  spec_version: z.string().regex(/^1\.\d+(?:\.\d+)?$/, "expected version 1 of the specification"),
  version: count,
  expires,
};

const Role = z.object({ keyids: boundedArray(text, MAX_METADATA_MEMBERS), threshold: count });
const Key = z.object({ keytype: text, scheme: text, keyval: z.object({ public: text }) });
const hashes = z.record(z.string().max(32), z.string().regex(/^[0-9a-f]{32,128}$/, "expected lowercase hex"));
const MetaFile = z.object({
  version: count,
  length: z.int().min(1).optional(),
  hashes: hashes.optional(),
});

const RootSigned = z.object({
  _type: z.literal("root"),
  ...signed,
  consistent_snapshot: z.boolean(),
  keys: named(Key),
  roles: named(z.unknown()).pipe(z.object({ root: Role, timestamp: Role, snapshot: Role, targets: Role })),
});

const TimestampSigned = z.object({
  _type: z.literal("timestamp"),
  ...signed,
  meta: z.object({ "snapshot.json": MetaFile }),
});

const SnapshotSigned = z.object({ _type: z.literal("snapshot"), ...signed, meta: named(MetaFile) });

const TargetFile = z.object({ length: z.int().min(0), hashes });

/** Not followed, and counted all the same: the library reads them, in the square of the time. */
const Delegations = z.object({
  keys: named(z.unknown()),
  roles: z.optional(boundedArray(z.unknown(), MAX_METADATA_MEMBERS)),
});

const TargetsSigned = z.object({
  _type: z.literal("targets"),
  ...signed,
  targets: named(TargetFile),
  delegations: Delegations.optional(),
});

/** Around each of the four. */
export const Envelope = z.object({
  signatures: boundedArray(z.object({ keyid: text, sig: text }), MAX_METADATA_MEMBERS),
  signed: z.looseObject({ _type: text }),
});

/** The four kinds, by the name of their role. */
export const SIGNED = {
  root: RootSigned,
  timestamp: TimestampSigned,
  snapshot: SnapshotSigned,
  targets: TargetsSigned,
} as const;

export type RoleName = keyof typeof SIGNED;
export type Signed<Name extends RoleName> = z.output<(typeof SIGNED)[Name]>;
export type MetaFile = z.output<typeof MetaFile>;
export type TargetFile = z.output<typeof TargetFile>;
