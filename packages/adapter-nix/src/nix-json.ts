import { issueText, type Json, MAX_METADATA_BYTES, parseJson, TouchmarkError } from "@touchmark/core";
import * as z from "zod";
import { MAX_OUTPUTS } from "./limits.ts";
import { parseNarinfo } from "./narinfo.ts";
import { parseNixHash } from "./nix-hash.ts";
import type { Store } from "./store.ts";
import { invalidStorePath, NIX_STORE, parseStorePath, type StorePath } from "./store-path.ts";

/** What a file of Nix says that there is. */
export interface Listed {
  readonly path: StorePath;
  /** Null where only a path is known. */
  readonly made: Made | null;
  readonly recorded: RecordedHash | null;
}

/** Which output of which derivation a path is. */
export interface Made {
  readonly derivation: StorePath;
  readonly output: string;
}

/** What a store's database says of a path's bytes, as they once were. */
export interface RecordedHash {
  /** Hex SHA-256 of the NAR. */
  readonly narSha256: string;
  /** Unit: bytes. */
  readonly narSize: number | null;
}

const text = z.string().max(4096);

/** `nix build --json`; other members, such as startTime, are of no use here. */
const Built = z.object({ drvPath: text, outputs: z.record(text, text) });
/** A path that was there already, given to `nix build --json`. */
const Opaque = z.union([text, z.object({ path: text })]);
/** `nix path-info --json`: null, or `valid` false, for a path that the store does not know; the exit code is 0 then too. */
const Info = z.object({ valid: z.literal(true).optional(), narHash: text, narSize: z.int().min(0).optional() });
const Unknown = z.union([z.null(), z.object({ valid: z.literal(false) })]);

type Info = z.infer<typeof Info>;

const BuiltList = z.array(z.union([Built, Opaque])).max(MAX_OUTPUTS);
const InfoList = z.array(z.union([Info.extend({ path: text }), z.object({ path: text, valid: z.literal(false) })]));
const InfoRecord = z.record(text, z.union([Info, Unknown]));
/** Nix 2.34 with `--json-format 2`: the keys are base names. */
const InfoVersion2 = z.object({ info: InfoRecord, storeDir: text, version: z.literal(2) });

/**
 * Reads what `nix build --json` or `nix path-info --json` printed, of Nix 2.8 to 2.34, or a narinfo file.
 *
 * @throws TouchmarkError `INPUT_INVALID` for anything else; `STORE_PATH_INVALID` for a path that the store does not know
 * and one that is none; `SUBJECTS_EMPTY` when it lists nothing; `LIMIT_EXCEEDED`.
 */
export function parseNixFile(bytes: Uint8Array, store: Store, what: string): readonly Listed[] {
  const listed = bytes[0] === 0x53 ? narinfo(bytes, store, what) : json(bytes, store, what);
  if (listed.length > MAX_OUTPUTS) {
    throw new TouchmarkError("LIMIT_EXCEEDED", `${what} names too many store paths`, {
      expected: `at most ${MAX_OUTPUTS}`,
      actual: String(listed.length),
    });
  }
  if (listed.length > 0) return listed;
  throw new TouchmarkError("SUBJECTS_EMPTY", `${what} names no store path`, {
    expected: "at least one output",
    actual: "none",
  });
}

function narinfo(bytes: Uint8Array, store: Store, what: string): readonly Listed[] {
  return parseNarinfo(bytes, what).map(({ storePath, narHash, narSize }) => ({
    path: parseStorePath(storePath, store.directories, what),
    made: null,
    recorded: recordedOf({ narHash, narSize }, what),
  }));
}

function json(bytes: Uint8Array, store: Store, what: string): readonly Listed[] {
  const value = parseJson(bytes, { what, maxBytes: MAX_METADATA_BYTES });
  if (isInfoList(value)) {
    return read(InfoList, value, what).map((entry) =>
      "narHash" in entry ? info(entry.path, entry, store, what) : info(entry.path, null, store, what),
    );
  }
  if (Array.isArray(value)) return read(BuiltList, value, what).flatMap((entry) => built(entry, store, what));
  if (isObject(value) && "derivations" in value) throw unknownShape(what, "what nix derivation show printed");
  if (isObject(value) && "info" in value) {
    const { info: entries, storeDir } = read(InfoVersion2, value, what);
    if (!store.directories.includes(storeDir)) {
      throw invalidStorePath(`${what} is about another store`, store.directories, JSON.stringify(storeDir));
    }
    return Object.entries(entries).map(([base, entry]) => info(`${storeDir}/${base}`, entry, store, what));
  }
  return Object.entries(read(InfoRecord, value, what)).map(([path, entry]) => info(path, entry, store, what));
}

function isInfoList(value: Json): boolean {
  return Array.isArray(value) && value.some((entry) => isObject(entry) && ("narHash" in entry || "valid" in entry));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function built(entry: z.infer<typeof BuiltList>[number], store: Store, what: string): readonly Listed[] {
  const read = (path: string) => parseStorePath(path, store.directories, what);
  if (typeof entry === "string") return [{ path: read(entry), made: null, recorded: null }];
  if ("path" in entry) return [{ path: read(entry.path), made: null, recorded: null }];
  const derivation = read(entry.drvPath);
  return Object.entries(entry.outputs).map(([output, path]) => ({
    path: read(path),
    made: { derivation, output },
    recorded: null,
  }));
}

function info(path: string, entry: Info | z.infer<typeof Unknown>, store: Store, what: string): Listed {
  const parsed = parseStorePath(path, store.directories, what);
  if (entry === null || entry.valid === false) {
    throw invalidStorePath(
      `the store did not know ${parsed.base} when ${what} was written`,
      store.directories,
      "no such path in the store",
    );
  }
  return { path: parsed, made: null, recorded: recordedOf(entry as Info, what) };
}

function recordedOf(entry: { narHash: string; narSize?: number | null | undefined }, what: string): RecordedHash {
  const { algorithm, hex } = parseNixHash(entry.narHash, `a narHash in ${what}`);
  if (algorithm !== "sha256") {
    throw new TouchmarkError("INPUT_INVALID", `${what} has a narHash of another algorithm`, {
      expected: "sha256",
      actual: algorithm,
    });
  }
  return { narSha256: hex, narSize: entry.narSize ?? null };
}

function read<T>(schema: z.ZodType<T>, value: Json, what: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw unknownShape(what, issueText(parsed.error), parsed.error);
}

function unknownShape(what: string, actual: string, cause?: unknown): TouchmarkError {
  return new TouchmarkError("INPUT_INVALID", `${what} is not what Nix prints about outputs`, {
    expected: `what nix build --json or nix path-info --json printed about paths of ${NIX_STORE}`,
    actual,
    cause,
  });
}
