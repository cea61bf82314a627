import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { goProgram } from "../peers/go-programs.mjs";
import { startServer } from "./server-process.ts";

/** `distribution` has no referrers API (it answers 404), `referrers` has the one of OCI 1.1. Both allow deleting. */
export type RegistryKind = "distribution" | "referrers";

export interface Registry {
  /** `127.0.0.1:PORT`, plain HTTP, as it stands in an image reference. */
  readonly host: string;
  /** Every request so far is in there. */
  readonly log: () => Promise<string>;
  readonly stop: () => Promise<void>;
}

const PROGRAMS = { distribution: "registry", referrers: "referrers-registry" };

/** Both, for `describe.each`. */
export const REGISTRIES: readonly { readonly kind: RegistryKind; readonly program: string }[] = [
  { kind: "distribution", program: PROGRAMS.distribution },
  { kind: "referrers", program: PROGRAMS.referrers },
];

/** False where this machine cannot build it; tests that need it are then skipped by name. */
export function hasRegistry(kind: RegistryKind): boolean {
  return goProgram(PROGRAMS[kind]) !== null;
}

/**
 * A registry on a free port of 127.0.0.1. `distribution` keeps its data under `folder` and survives a restart there;
 * `referrers` forgets everything when it stops.
 *
 * @param htpasswd - lines of users, passwords by bcrypt; `distribution` then lets nobody else in.
 */
export async function startRegistry(kind: RegistryKind, folder: string, htpasswd?: string): Promise<Registry> {
  const program: string = goProgram(PROGRAMS[kind]) ?? "";
  await mkdir(folder, { recursive: true });
  const { ready, log, stop } = await startServer({
    name: PROGRAMS[kind],
    folder,
    command: kind === "distribution" ? [program, "serve", await writeConfiguration(folder, htpasswd)] : [program],
    // distribution sends traces to port 4318 unless told otherwise.
    env: { OTEL_TRACES_EXPORTER: "none" },
    // The registry takes a free port itself: nobody else can take it in between.
    ready: /listening on (127\.0\.0\.1:\d+)/,
  });
  return { host: ready[1] ?? "", log, stop };
}

/** https://distribution.github.io/distribution/about/configuration/ */
async function writeConfiguration(folder: string, htpasswd: string | undefined): Promise<string> {
  const file = join(folder, "registry.yml");
  const users = join(folder, "htpasswd");
  if (htpasswd !== undefined) await writeFile(users, htpasswd);
  const configuration = {
    version: "0.1",
    log: { level: "info", formatter: "text" },
    storage: {
      filesystem: { rootdirectory: join(folder, "data") },
      delete: { enabled: true },
      maintenance: { uploadpurging: { enabled: false } },
    },
    http: { addr: "127.0.0.1:0", secret: "of one process" },
    ...(htpasswd === undefined ? {} : { auth: { htpasswd: { realm: "e2e", path: users } } }),
  };
  // JSON is YAML.
  await writeFile(file, JSON.stringify(configuration));
  return file;
}
