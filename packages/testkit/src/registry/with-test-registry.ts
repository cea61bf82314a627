import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Host, RegistryCredentials } from "@touchmark/plugin";
import { withTestHost } from "../test-host.ts";
import { startTestRegistry, type TestRegistry, type TestRegistryOptions } from "./test-registry.ts";

export interface RegistryBenchOptions extends TestRegistryOptions {
  /** What the docker configuration of the host knows for the registry; nothing when absent. */
  readonly knows?: RegistryCredentials;
}

export interface RegistryBench {
  readonly registry: TestRegistry;
  /** May talk to the registry and to nobody else, over real sockets. Its `wait` only notes how long it should have been. */
  readonly host: Host;
  /** Unit: milliseconds. */
  readonly pauses: readonly number[];
}

/** Runs something with a fresh test registry and a host that may talk to it, and ends both after it. */
export async function withTestRegistry<T>(
  options: RegistryBenchOptions,
  run: (bench: RegistryBench) => Promise<T>,
): Promise<T> {
  const registry = await startTestRegistry(options);
  const folder = mkdtempSync(join(tmpdir(), "test-registry-"));
  const pauses: number[] = [];
  const auths = options.knows === undefined ? {} : { [registry.host]: entryOf(options.knows) };
  writeFileSync(join(folder, "config.json"), JSON.stringify({ auths }));
  try {
    return await withTestHost(
      folder,
      (real) => {
        const wait = async (ms: number) => {
          pauses.push(ms);
        };
        return run({ registry, host: { ...real, wait }, pauses });
      },
      { env: { DOCKER_CONFIG: folder }, network: { kind: "registries", hosts: [registry.host] } },
    );
  } finally {
    rmSync(folder, { recursive: true });
    await registry.close();
  }
}

/** As docker writes it. */
function entryOf(credentials: RegistryCredentials): Readonly<Record<string, string>> {
  if (credentials.kind === "identity-token") return { identitytoken: credentials.token };
  return { auth: Buffer.from(`${credentials.username}:${credentials.password}`).toString("base64") };
}
