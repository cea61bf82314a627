import { decodeUtf8, type ResourceDescriptor, TouchmarkError } from "@touchmark/core";
import * as z from "zod";
import { archiveDependency, gitDependency, originOf, registryDependency } from "./locked-dependency.ts";
import { parseYaml } from "./yaml-text.ts";
import { isYarnClassicLock, parseYarnClassicLock } from "./yarn-classic-lock.ts";

const Metadata = z.object({ version: z.string().regex(/^\d+$/) });
const Locked = z.object({ version: z.string().min(1), resolution: z.string().min(1) });

/** Protocols of what lies in the source tree, or is made from another entry by it. */
const OF_THE_TREE = ["workspace", "file", "link", "portal", "patch", "exec"];

/**
 * Dependencies of a yarn.lock, as yarn 1 or yarn 2 to 4 wrote it.
 *
 * Those of yarn 2 to 4 come without a digest: `checksum` there is of yarn's own zip archive, not of the tarball.
 * Left out: workspaces, links and local files; patches, whose unpatched package has an entry of its own.
 *
 * @throws TouchmarkError `INPUT_INVALID`.
 */
export function parseYarnLock(bytes: Uint8Array, what: string): readonly ResourceDescriptor[] {
  const text = decodeUtf8(bytes, what);
  if (isYarnClassicLock(text)) return parseYarnClassicLock(text, what);
  const [document = {}] = parseYaml(text, what);
  const { __metadata: metadata, ...entries } = asRecord(document, what);
  if (!Metadata.safeParse(metadata).success) throw notALock(what, "no __metadata with a version");
  return Object.values(entries).flatMap((entry) => {
    const parsed = Locked.safeParse(entry);
    if (!parsed.success) throw notALock(what, parsed.error.issues[0]?.message ?? "invalid");
    return dependencyOf(parsed.data.resolution, parsed.data.version, what);
  });
}

/** `@scope/name@npm:1.0.0::binding`: who it is, then a protocol and what that needs. */
function dependencyOf(resolution: string, version: string, what: string): readonly ResourceDescriptor[] {
  const at = resolution.indexOf("@", 1);
  const name = resolution.slice(0, Math.max(at, 0));
  const reference = resolution.slice(at + 1);
  const protocol = /^([a-z+]+):/.exec(reference)?.[1] ?? "";
  if (at < 1) throw notALock(what, `the resolution ${JSON.stringify(resolution.slice(0, 120))}`);
  if (OF_THE_TREE.includes(protocol)) return [];
  if (protocol === "npm") return [registryDependency(name, version, undefined)];
  const origin = originOf(reference.replace(/::.*$/, ""));
  switch (origin.kind) {
    case "registry":
      return [registryDependency(name, version, undefined)];
    case "archive":
      if (protocol !== "https" && protocol !== "http") break;
      if (!/[#&]commit=/.test(reference)) return [archiveDependency(name, version, undefined)];
      return gitOf(name, reference);
    case "git":
      return gitOf(name, reference);
    case "local":
      break;
  }
  throw notALock(what, `the resolution ${JSON.stringify(resolution.slice(0, 120))}`);
}

function gitOf(name: string, reference: string): readonly ResourceDescriptor[] {
  const [repository = "", fragment = ""] = reference.split("#", 2);
  const commit = new URLSearchParams(fragment).get("commit") ?? "";
  const dependency = gitDependency(name, repository, commit);
  return dependency === null ? [] : [dependency];
}

function asRecord(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (value !== null && typeof value === "object" && !Array.isArray(value)) return value as Record<string, unknown>;
  throw notALock(what, "no entries");
}

function notALock(what: string, actual: string): TouchmarkError {
  return new TouchmarkError("INPUT_INVALID", `${what} is not a lock file that we know`, {
    expected: "what yarn 1 or yarn 2 to 4 writes",
    actual,
  });
}
