import {
  type DigestSet,
  isWellFormedDigest,
  MAX_METADATA_BYTES,
  parseIntegrity,
  parseJson,
  TouchmarkError,
} from "@touchmark/core";
import * as z from "zod";
import { findJsonTail } from "./json-tail.ts";
import { MAX_PACKAGES } from "./limits.ts";
import type { PackEntry, PackList } from "./pack-entry.ts";
import { readPackedFileName } from "./packed-file-name.ts";
import { parseYarnLines } from "./yarn-lines.ts";

const Entry = z.object({
  id: z.string().optional(),
  name: z.string().min(1),
  version: z.string().min(1),
  filename: z.string().min(1),
  integrity: z.string().min(1).optional(),
  shasum: z.string().min(1).optional(),
});
const Failure = z.object({
  error: z.looseObject({ code: z.string().optional(), message: z.string().optional(), summary: z.string().optional() }),
});

/**
 * Reads what `npm pack --json` printed, in the shape of npm 6 to 12, pnpm 9 to 12 or yarn 4. What lifecycle scripts
 * printed before it is passed over.
 *
 * yarn prints one line after the other and no end: a list that was cut off after a whole package cannot be told from a
 * complete one.
 *
 * @throws TouchmarkError `INPUT_INVALID` for anything else, for the error that a tool printed instead, and for several
 * lists in one file; `NOTHING_FOUND` for an empty list; `INPUT_TOO_LARGE`, `LIMIT_EXCEEDED`.
 */
export function parsePackList(bytes: Uint8Array, what: string): PackList {
  if (bytes.byteLength > MAX_METADATA_BYTES) {
    throw new TouchmarkError("INPUT_TOO_LARGE", `${what} is too large to read`, {
      expected: `at most ${MAX_METADATA_BYTES} bytes`,
      actual: `${bytes.byteLength} bytes`,
    });
  }
  const list = parseYarnLines(bytes, what) ?? parseJsonList(bytes, what);
  if (list.entries.length === 0) {
    throw new TouchmarkError("NOTHING_FOUND", `${what} lists no package`, {
      expected: "at least one packed package",
      actual: "an empty list",
    });
  }
  if (list.entries.length > MAX_PACKAGES) {
    throw new TouchmarkError("LIMIT_EXCEEDED", `${what} lists too many packages`, {
      expected: `at most ${MAX_PACKAGES}`,
      actual: String(list.entries.length),
    });
  }
  return list;
}

function parseJsonList(bytes: Uint8Array, what: string): PackList {
  const start = findJsonTail(bytes);
  if (start === null) {
    throw new TouchmarkError("INPUT_INVALID", `${what} does not end with the JSON of a pack command`, {
      expected: "what npm pack --json printed, whole",
      actual: bytes.byteLength === 0 ? "nothing" : "no complete JSON object or array at the end",
    });
  }
  refuseEarlierList(bytes.subarray(0, start), what);
  const json = parseJson(bytes.subarray(start), { what, maxBytes: MAX_METADATA_BYTES });
  const failure = Failure.safeParse(json);
  if (failure.success && !isEntry(failure.data.error)) {
    const { code, summary, message } = failure.data.error;
    throw new TouchmarkError("INPUT_INVALID", `${what} holds the error of a pack command that failed`, {
      expected: "a list of packed packages",
      actual: [code, summary ?? message]
        .filter((text) => text !== undefined)
        .join(": ")
        .slice(0, 500),
    });
  }
  const listed = entriesOf(json, what).map((entry) => readEntry(entry, what));
  return {
    tool: listed.some(({ id }) => id !== undefined) ? "npm" : "pnpm",
    entries: listed.map(({ entry }) => entry),
  };
}

/** An array (npm 6 to 11, pnpm -r), one entry (pnpm), or an object keyed by the package's name (npm 12). */
function entriesOf(json: unknown, what: string): readonly unknown[] {
  if (Array.isArray(json)) return json;
  if (isEntry(json)) return [json];
  const keyed = Object.entries(json as Readonly<Record<string, unknown>>);
  for (const [key, value] of keyed) {
    if (isEntry(value) && (value as { readonly name?: unknown }).name === key) continue;
    throw new TouchmarkError("INPUT_INVALID", `${what} is not what a pack command prints`, {
      expected: "packages by their name, each with its filename",
      actual: `another value under ${JSON.stringify(key.slice(0, 80))}`,
    });
  }
  return keyed.map(([, value]) => value);
}

function isEntry(value: unknown): boolean {
  return value !== null && typeof value === "object" && "filename" in value && typeof value.filename === "string";
}

function readEntry(value: unknown, what: string): { readonly id: string | undefined; readonly entry: PackEntry } {
  const parsed = Entry.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new TouchmarkError("INPUT_INVALID", `${what} lists a package in a way that we do not know`, {
      expected: "name, version and filename as texts",
      actual: `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "invalid"}`,
      cause: parsed.error,
    });
  }
  const { id, name, version, filename, integrity, shasum } = parsed.data;
  const label = `${name}@${version} in ${what}`;
  const declared: PackEntry["declared"][number][] = [];
  if (integrity !== undefined) declared.push({ member: "integrity", digest: readIntegrity(integrity, label) });
  if (shasum !== undefined) declared.push({ member: "shasum", digest: readShasum(shasum, label) });
  return { id, entry: { name, version, ...readPackedFileName(filename, label), declared } };
}

function readIntegrity(integrity: string, label: string): DigestSet {
  const digest = parseIntegrity(integrity);
  if (Object.keys(digest).length > 0) return digest;
  throw new TouchmarkError("INPUT_INVALID", `${label} has an integrity that we cannot compare`, {
    expected: "sha512-<base64>",
    actual: JSON.stringify(integrity.slice(0, 120)),
  });
}

function readShasum(shasum: string, label: string): DigestSet {
  if (isWellFormedDigest("sha1", shasum)) return { sha1: shasum };
  throw new TouchmarkError("INPUT_INVALID", `${label} has a shasum that is not one`, {
    expected: "40 hex digits",
    actual: JSON.stringify(shasum.slice(0, 80)),
  });
}

/** Two lists in one file (`npm pack --json >> pack.json`): the last alone would be a part of what was packed. */
function refuseEarlierList(before: Uint8Array, what: string): void {
  if (!Buffer.from(before.buffer, before.byteOffset, before.byteLength).includes('"filename":')) return;
  throw new TouchmarkError("INPUT_INVALID", `${what} holds more than one list, or the rest of one`, {
    expected: "the output of one pack command; give each list its own file",
    actual: `another "filename" before the last list`,
  });
}
