import { decodeUtf8, type ResourceDescriptor, TouchmarkError } from "@touchmark/core";
import * as z from "zod";
import { archiveDependency, gitDependency, originOf, registryDependency } from "./locked-dependency.ts";
import { parseYaml } from "./yaml-text.ts";

const Resolution = z.object({
  type: z.enum(["git", "directory", "binary", "variations"]).optional(),
  integrity: z.string().min(1).optional(),
  tarball: z.string().min(1).optional(),
  repo: z.string().min(1).optional(),
  commit: z.string().min(1).optional(),
  directory: z.string().optional(),
});
const Locked = z.object({
  resolution: Resolution,
  name: z.string().min(1).optional(),
  version: z.string().min(1).optional(),
});
const Lock = z.object({
  lockfileVersion: z.string().regex(/^(?:6|9)\.\d+$/),
  packages: z.record(z.string(), Locked).optional(),
});
type Locked = z.infer<typeof Locked>;

/**
 * Dependencies of a pnpm-lock.yaml of version 6 (pnpm 8) or 9 (pnpm 9 to 12).
 *
 * Left out: folders and local tarballs, which are of the same source tree, and runtimes (`node@runtime:`), which are
 * locked for all platforms at once.
 *
 * @throws TouchmarkError `INPUT_INVALID`.
 */
export function parsePnpmLock(bytes: Uint8Array, what: string): readonly ResourceDescriptor[] {
  const documents = parseYaml(decodeUtf8(bytes, what), what);
  if (documents.length === 0) throw notALock(what, "nothing", undefined);
  return documents.flatMap((document) => {
    const parsed = Lock.safeParse(document);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw notALock(what, `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "invalid"}`, parsed.error);
    }
    return Object.entries(parsed.data.packages ?? {}).flatMap(([key, locked]) => dependencyOf(key, locked, what));
  });
}

function dependencyOf(key: string, locked: Locked, what: string): readonly ResourceDescriptor[] {
  const { resolution } = locked;
  if (resolution.type === "binary" || resolution.type === "variations") return [];
  if (resolution.type === "directory" || resolution.directory !== undefined) return [];
  const { name, version } = identityOf(key, locked, what);
  if (resolution.type === "git") return listed(gitDependency(name, resolution.repo ?? "", resolution.commit ?? ""));
  if (resolution.tarball === undefined) return [registryDependency(name, version, resolution.integrity)];
  const origin = originOf(resolution.tarball);
  switch (origin.kind) {
    case "registry":
      return [registryDependency(name, version, resolution.integrity)];
    case "archive":
      return [archiveDependency(name, version, resolution.integrity)];
    case "local":
      return [];
    case "git":
      return listed(gitDependency(name, origin.repository, origin.commit));
  }
}

/** `@scope/name@1.0.0`, in version 6 `/@scope/name@1.0.0(peer@2.0.0)`; the entry itself says it for other addresses. */
function identityOf(key: string, locked: Locked, what: string): { readonly name: string; readonly version: string } {
  const plain = key.replace(/^\//, "").replace(/\(.*$/, "");
  const at = plain.indexOf("@", 1);
  const name = locked.name ?? plain.slice(0, Math.max(at, 0));
  const version = locked.version ?? plain.slice(at + 1);
  if (name !== "" && version !== "" && (at > 0 || locked.version !== undefined)) return { name, version };
  throw new TouchmarkError("INPUT_INVALID", `${what} has an entry that we cannot name`, {
    expected: "name@version",
    actual: JSON.stringify(key.slice(0, 120)),
  });
}

function listed(dependency: ResourceDescriptor | null): readonly ResourceDescriptor[] {
  return dependency === null ? [] : [dependency];
}

function notALock(what: string, actual: string, cause: unknown): TouchmarkError {
  return new TouchmarkError("INPUT_INVALID", `${what} is not a lock file that we know`, {
    expected: "lockfileVersion 6 or 9, and what pnpm writes into it",
    actual,
    cause,
  });
}
