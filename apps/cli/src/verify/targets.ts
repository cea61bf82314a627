import { realpathSync } from "node:fs";
import path from "node:path";
import { TouchmarkError } from "@touchmark/core";
import { type Named, namedBy } from "@touchmark/engine";
import type { Fetcher } from "@touchmark/plugin";
import type { ReleaseTarget } from "@touchmark/releases";
import type { Context } from "../context.ts";
import { kindAt } from "../kind-at.ts";
import type { ImagesSaid } from "../kit/kit-images.ts";
import type { OpenedKit } from "../kit/open-kit.ts";

/** What is to be verified, and what may be read and contacted for it. */
export interface Targets {
  /** As `check` takes them. */
  readonly targets: readonly string[];
  /** Files, folders, layouts and trees among them: nothing in these may say what to think of them. */
  readonly paths: readonly string[];
  /** Registries that may be contacted: `host[:port]`. */
  readonly registries: readonly string[];
  /** Files and folders that may be read. */
  readonly readable: readonly string[];
  /** Whom to ask for evidence. */
  readonly fetchers: readonly Fetcher[];
  /** Those of the targets that are releases elsewhere, by their text. */
  readonly releases: ReadonlyMap<string, ReleaseTarget>;
  /** The kit among the targets, which its own stand for; null for none. */
  readonly kit: OpenedKit | null;
}

/**
 * Reads what the user wants to know about, by its text alone.
 *
 * @throws TouchmarkError `USAGE` for an empty target; `NETWORK_REFUSED` for a target that lies elsewhere with --offline; as
 * `namedBy` and `parseReleaseTarget`.
 */
export async function targetsOf(
  context: Context,
  positional: readonly string[],
  { bundle = [], evidence = [], offline = false, anyName = false }: TargetFlags,
): Promise<Targets> {
  if (positional.includes("")) {
    throw new TouchmarkError("USAGE", "a target is empty", {
      expected: "a file, a folder, a digest or an image; an unset shell variable gives none",
      actual: "an empty argument",
    });
  }
  const { cwd } = context;
  const others = positional.filter((target) => !target.startsWith(KIT));
  const kit = await kitAmong(context, positional, { targets: offline ? others : [], anyName });
  const { targets, releases } = await releasesAmong(others.filter((target) => !kit?.held.includes(target)));
  if (offline && releases.size > 0) throw releasesOffline([...releases.keys()]);
  const twice = kit?.targets.find((target) => targets.includes(target));
  if (twice !== undefined) throw namedTwice(twice);
  const named = namedBy(targets.filter((target) => !releases.has(target)));
  if (offline && named.registries.length > 0) throw refusedOffline(named);
  const fetchers = named.registries.length > 0 ? [(await import("../builtin-services.ts")).ociFetcher()] : [];
  return {
    targets: [...targets, ...(kit?.targets ?? [])],
    paths: [...named.paths, ...named.wholes, ...(kit?.readable ?? [])],
    registries: named.registries,
    readable: [...readableFor(named, [...bundle, ...evidence], cwd), ...(kit?.readable ?? [])],
    fetchers,
    releases,
    kit,
  };
}

const KIT = "kit:";

/**
 * A folder is a kit only where the user says so: whoever can write there could else call it one, and hide files in it from the
 * verdict.
 */
async function kitAmong(context: Context, positional: readonly string[], said: ImagesSaid): Promise<OpenedKit | null> {
  const [kit, ...more] = positional.filter((target) => target.startsWith(KIT));
  if (kit === undefined) return null;
  if (more.length > 0) throw new TouchmarkError("USAGE", "there are several kits", { expected: "one at a time" });
  return (await import("../kit/open-kit.ts")).openKit(context, kit.slice(KIT.length), said);
}

interface TargetFlags {
  readonly bundle?: readonly string[];
  readonly evidence?: readonly string[];
  readonly offline?: boolean;
  readonly anyName?: boolean;
}

/** What only a release elsewhere, or the address of its page, looks like. A file of such a name is given as `./NAME`. */
const ELSEWHERE = /^(?:(?:gh|gl|npm|pypi):|https?:\/\/)/i;

/** The targets, with releases in the one form in which they are called. */
async function releasesAmong(positional: readonly string[]): Promise<Pick<Targets, "targets" | "releases">> {
  const releases = new Map<string, ReleaseTarget>();
  if (!positional.some((text) => ELSEWHERE.test(text))) return { targets: positional, releases };
  const { parseReleaseTarget, releaseText } = await import("@touchmark/releases");
  const targets = positional.map((text) => {
    if (!ELSEWHERE.test(text)) return text;
    const release = parseReleaseTarget(text);
    const name = releaseText(release);
    releases.set(name, release);
    return name;
  });
  return { targets: [...new Set(targets)], releases };
}

/** Of two with one name, one alone would be judged. */
function namedTwice(target: string): TouchmarkError {
  return new TouchmarkError("USAGE", `${target} is in the kit, and a target beside it`, {
    expected: "one of the two",
    actual: "both",
  });
}

function releasesOffline(names: readonly string[]): TouchmarkError {
  return new TouchmarkError("NETWORK_REFUSED", "--offline, and a target is a release elsewhere", {
    expected: "files that were brought before: touchmark fetch, on a machine that may contact its host",
    actual: names.join(", "),
  });
}

function refusedOffline({ registries }: Named): TouchmarkError {
  return new TouchmarkError("NETWORK_REFUSED", "--offline, and a target lies in a registry", {
    expected: "oci-layout:PATH, or the image's digest (sha256:…) with --bundle FILE",
    actual: registries.join(", "),
  });
}

/**
 * The targets and bundles are what the user granted; of a file, a layout and a tree also the folder in which their evidence
 * lies.
 */
function readableFor({ paths, wholes }: Named, bundles: readonly string[], cwd: string): readonly string[] {
  return [
    ...[...paths, ...bundles].flatMap((named) => {
      const absolute = path.resolve(cwd, named);
      if (leadsIntoStore(absolute)) return [named, path.dirname(named)];
      return [kindAt(absolute) === "folder" ? named : path.dirname(named)];
    }),
    ...wholes.flatMap((named) => [named, path.dirname(named)]),
  ];
}

/** A link such as `result`: its target, outside of what is granted otherwise, is what the user means. */
function leadsIntoStore(absolute: string): boolean {
  try {
    return realpathSync.native(absolute).startsWith("/nix/store/");
  } catch {
    return false; // nothing is there: the engine says so
  }
}
