import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RegistryCredentials } from "@touchmark/plugin";
import { type ServiceBench, withServiceHost } from "../with-service-host.ts";
import { startTestRegistry, type TestRegistry, type TestRegistryOptions } from "./test-registry.ts";

export interface RegistryBenchOptions extends TestRegistryOptions {
  /** What the docker configuration of the host knows for the registry; nothing when absent. */
  readonly knows?: RegistryCredentials;
}

export interface RegistryBench extends ServiceBench {
  readonly registry: TestRegistry;
}

/** Runs something with a fresh test registry and a host that may talk to it, and ends both after it. */
export async function withTestRegistry<T>(
  options: RegistryBenchOptions,
  run: (bench: RegistryBench) => Promise<T>,
): Promise<T> {
  const registry = await startTestRegistry(options);
  const auths = options.knows === undefined ? {} : { [registry.host]: entryOf(options.knows) };
  const env = (folder: string) => {
    writeFileSync(join(folder, "config.json"), JSON.stringify({ auths }));
    return { DOCKER_CONFIG: folder };
  };
  const network = { kind: "registries", hosts: [registry.host] } as const;
  return withServiceHost({ network, env, close: () => registry.close() }, (bench) => run({ registry, ...bench }));
}

/** As docker writes it. */
function entryOf(credentials: RegistryCredentials): Readonly<Record<string, string>> {
  if (credentials.kind === "identity-token") return { identitytoken: credentials.token };
  return { auth: Buffer.from(`${credentials.username}:${credentials.password}`).toString("base64") };
}
