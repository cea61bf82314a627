import { MAX_METADATA_BYTES, parseJson, type ResourceDescriptor, TouchmarkError } from "@touchmark/core";
import * as z from "zod";
import { MAX_LOCK_DEPTH } from "./limits.ts";
import { archiveDependency, gitDependency, originOf, registryDependency } from "./locked-dependency.ts";

const Locked = z.object({
  version: z.string().min(1).optional(),
  name: z.string().min(1).optional(),
  resolved: z.string().optional(),
  integrity: z.string().min(1).optional(),
  link: z.boolean().optional(),
});
interface LockedV1 {
  readonly version: string;
  readonly resolved?: string | undefined;
  readonly integrity?: string | undefined;
  readonly dependencies?: Readonly<Record<string, LockedV1>> | undefined;
}
const LockedV1: z.ZodType<LockedV1> = z.object({
  version: z.string().min(1),
  resolved: z.union([z.string(), z.literal(false).transform(() => undefined)]).optional(),
  integrity: z.string().min(1).optional(),
  dependencies: z
    .record(
      z.string(),
      z.lazy(() => LockedV1),
    )
    .optional(),
});
const Lock = z.discriminatedUnion("lockfileVersion", [
  z.object({ lockfileVersion: z.literal(1), dependencies: z.record(z.string(), LockedV1).optional() }),
  z.object({ lockfileVersion: z.literal([2, 3]), packages: z.record(z.string(), Locked) }),
]);

/**
 * Dependencies of a package-lock.json or npm-shrinkwrap.json of version 1, 2 or 3.
 *
 * Left out: the project and its workspaces, links and `file:` dependencies, which are of the same source tree; entries
 * without a version, which pin nothing (npm writes some for optional peers).
 *
 * @throws TouchmarkError `INPUT_INVALID`.
 */
export function parsePackageLock(bytes: Uint8Array, what: string): readonly ResourceDescriptor[] {
  const json = parseJson(bytes, { what, maxBytes: MAX_METADATA_BYTES, maxDepth: 2 * MAX_LOCK_DEPTH });
  const parsed = Lock.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new TouchmarkError("INPUT_INVALID", `${what} is not a lock file that we know`, {
      expected: "lockfileVersion 1, 2 or 3, and what npm writes into it",
      actual: `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "invalid"}`,
      cause: parsed.error,
    });
  }
  const lock = parsed.data;
  if (lock.lockfileVersion === 1) return flatten(lock.dependencies ?? {}).flatMap(dependencyOf);
  return Object.entries(lock.packages).flatMap(([path, locked]) => {
    const name = locked.name ?? nameOf(path);
    if (nameOf(path) === null || name === null || locked.link === true || locked.version === undefined) return [];
    return dependencyOf({ name, version: locked.version, resolved: locked.resolved, integrity: locked.integrity });
  });
}

interface Pinned {
  readonly name: string;
  readonly version: string;
  readonly resolved: string | undefined;
  readonly integrity: string | undefined;
}

function dependencyOf({ name, version, resolved, integrity }: Pinned): readonly ResourceDescriptor[] {
  const origin = originOf(resolved ?? "registry:/-/"); // bundled ones and npm's omit-lockfile-registry-resolved have no URL
  switch (origin.kind) {
    case "registry":
      return [registryDependency(name, version, integrity)];
    case "archive":
      return [archiveDependency(name, version === resolved ? null : version, integrity)];
    case "local":
      return [];
    case "git": {
      const dependency = gitDependency(name, origin.repository, origin.commit);
      return dependency === null ? [] : [dependency];
    }
  }
}

/** `node_modules/a/node_modules/@b/c` → `@b/c`; null for a folder of the project. */
function nameOf(path: string): string | null {
  const marker = "node_modules/";
  const at = path.lastIndexOf(marker);
  return at < 0 || (at > 0 && path[at - 1] !== "/") ? null : path.slice(at + marker.length);
}

/** In version 1 `version` holds the address of what does not come from a registry, and `npm:name@version` for an alias. */
function flatten(dependencies: Readonly<Record<string, LockedV1>>): readonly Pinned[] {
  return Object.entries(dependencies).flatMap(([key, locked]) => {
    const alias = /^npm:(.+)@([^@]+)$/.exec(locked.version);
    const isAddress = alias === null && /[:/]/.test(locked.version);
    return [
      {
        name: alias?.[1] ?? key,
        version: alias?.[2] ?? locked.version,
        resolved: isAddress ? locked.version : locked.resolved,
        integrity: locked.integrity,
      },
      ...flatten(locked.dependencies ?? {}),
    ];
  });
}
