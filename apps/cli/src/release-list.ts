import { createHash } from "node:crypto";
import {
  attempt,
  isTouchmarkError,
  MAX_EVIDENCE_BYTES,
  type Predecessor,
  parseBundle,
  parseStatement,
  type ReleaseManifest,
  readRelease,
  releaseOf,
  stateRelease,
  TouchmarkError,
} from "@touchmark/core";
import type { Prepared, ReleasePlan } from "@touchmark/engine";
import { isLater } from "@touchmark/verify";
import { releaseStore } from "./builtin-services.ts";
import type { Config } from "./config/schema.ts";
import type { Context } from "./context.ts";
import { readInput } from "./read-input.ts";

/** What `attest` takes about the list of a release. */
export interface ReleaseOptions {
  readonly name?: string;
  readonly releaseManifest?: boolean;
  readonly releaseVersion?: string;
  readonly predecessor?: string;
}

/** True where flags or configuration want a list. */
export function wantsList(options: ReleaseOptions, config: Config | null): boolean {
  if (options.releaseManifest ?? config?.release?.manifest ?? false) return true;
  const stray = options.releaseVersion === undefined ? options.predecessor : options.releaseVersion;
  if (stray === undefined) return false;
  throw new TouchmarkError("USAGE", "no list of the release is made, and a flag says something of it", {
    expected: "--release-manifest beside it, or release.manifest in the configuration",
    actual: options.releaseVersion === undefined ? "--predecessor alone" : "--release-version alone",
  });
}

/** A list that is going to be signed. */
export interface PlannedList extends ReleasePlan {
  readonly purl: string;
}

/**
 * What the list will say, before anything is signed.
 *
 * @param stem - of the files that are written; without the version at its end it is the release's name.
 * @throws TouchmarkError `RELEASE_UNNAMED` where nothing gives a name or a version; `INPUT_INVALID` for a predecessor that is
 * no list of an older release of the same name; as `stateRelease` and `readInput`.
 */
export async function planList(
  context: Context,
  options: ReleaseOptions,
  config: Config | null,
  { prepared, stem, folder }: { readonly prepared: Prepared; readonly stem: string; readonly folder: string },
): Promise<PlannedList> {
  const artifacts = prepared.statements.flatMap((statement) => statement.subject);
  const isNamed = options.name !== undefined || config?.release?.name !== undefined || artifacts.length === 1;
  if (!isNamed) throw unnamed("name", "release.name in the configuration, or --name");
  const version = options.releaseVersion ?? config?.release?.version ?? taggedVersion(prepared);
  if (version === null) throw unnamed("version", "release.version in the configuration, --release-version, or a tag");
  const name = withoutVersion(stem, version);
  const content = { name, version };
  const { predicate } = stateRelease({ ...content, predecessor: null, subjects: artifacts });
  const purl = String(predicate["purl"]);
  const predecessor = await predecessorOf(context, options.predecessor, {
    series: purl.slice(0, purl.lastIndexOf("@")),
    version,
  });
  return {
    purl,
    state: (evidence) => stateRelease({ ...content, predecessor, subjects: [...artifacts, ...evidence] }),
    publisher: releaseStore({ folder, name: stem }),
  };
}

function taggedVersion({ claim }: Prepared): string | null {
  const uri = claim.source?.uri ?? "";
  const at = uri.lastIndexOf("@refs/");
  return at === -1 ? null : (releaseOf(uri.slice(at + 1))?.version ?? null);
}

/** `tool-1.2.3` and `tool_v1.2.3` are called so because of the version: the release is one of `tool`. */
function withoutVersion(stem: string, version: string): string {
  for (const end of [`-${version}`, `_${version}`, `-v${version}`, `_v${version}`]) {
    if (stem.endsWith(end) && stem.length > end.length) return stem.slice(0, -end.length);
  }
  return stem;
}

/** Its signature is not checked: what is stated is which file it is. */
async function predecessorOf(
  context: Context,
  file: string | undefined,
  release: { readonly series: string; readonly version: string },
): Promise<Predecessor | null> {
  if (file === undefined) return null;
  const bytes = await readInput(context.cwd, file, MAX_EVIDENCE_BYTES);
  const before = listIn(bytes, file);
  if (before.series !== release.series) throw noPredecessor(file, `a list of ${release.series}`, before.purl);
  if (isLater(release.version, before.version) === false) {
    throw noPredecessor(file, `a list of a release before ${release.version}`, before.version);
  }
  return { version: before.version, sha256: createHash("sha256").update(bytes).digest("hex") };
}

function listIn(bytes: Uint8Array, file: string): ReleaseManifest {
  const release = attempt(() => readRelease(parseStatement(parseBundle(bytes).payload)));
  if (isTouchmarkError(release)) throw noPredecessor(file, "the signed list of a release", release.message);
  if (release === null) throw noPredecessor(file, "the signed list of a release", "another statement");
  return release;
}

function noPredecessor(file: string, expected: string, actual: string): TouchmarkError {
  return new TouchmarkError("INPUT_INVALID", `${file} is not the list of the release before this one`, {
    expected,
    actual,
  });
}

function unnamed(what: string, expected: string): TouchmarkError {
  return new TouchmarkError("RELEASE_UNNAMED", `nothing says the ${what} of the release that is to be listed`, {
    expected,
    actual: "none",
  });
}
