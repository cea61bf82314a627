import { spawnSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { debianProgram, onPath } from "../peers/debian-programs.mjs";
import { goProgram } from "../peers/go-programs.mjs";
import { type Ended, runProgram } from "../touchmark-process.ts";
import { logTail, startServer } from "./server-process.ts";

export interface Buildkit {
  /** `unix://…`: only this user reaches it, and no port can be taken. */
  readonly address: string;
  /**
   * Runs buildctl, or buildx with this server as its builder.
   *
   * @throws Error with what the program and the server wrote when it ends with anything but 0.
   */
  readonly run: (client: BuildClient, args: readonly string[], options?: ClientOptions) => Promise<Ended>;
  readonly log: () => Promise<string>;
  readonly stop: () => Promise<void>;
}

export type BuildClient = "buildctl" | "buildx";

interface ClientOptions {
  /** The folder of the server unless given. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const BUILDER = "touchmark-e2e";
/** Namespaces of its own: whatever a build mounted or started is gone with the server, however that ends. */
const OWN_NAMESPACES = ["--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];

/** False where this machine cannot have it: not Linux, not root, no right to mount, no Go. Tests that need it are then skipped by name. */
export function hasBuildkit(): boolean {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return false;
  if (spawnSync("unshare", [...OWN_NAMESPACES, "true"]).status !== 0) return false;
  return goProgram("buildkitd") !== null && goProgram("buildx") !== null && debianProgram("runc") !== null;
}

/** A BuildKit of its own under `folder`, which builds for linux/amd64 and linux/arm64; RUN works for this machine's own. */
export async function startBuildkit(folder: string): Promise<Buildkit> {
  await mkdir(folder, { recursive: true });
  // Instead of the machine's own.
  await writeFile(join(folder, "buildkitd.toml"), "");
  const address = `unix://${join(folder, "buildkitd.sock")}`;
  const { log, stop } = await startServer({
    name: "buildkitd",
    folder,
    command: [
      onPath("unshare") ?? "",
      ...OWN_NAMESPACES,
      goProgram("buildkitd") ?? "",
      `--config=${join(folder, "buildkitd.toml")}`,
      `--root=${join(folder, "root")}`,
      `--addr=${address}`,
      `--otel-socket-path=${join(folder, "otel.sock")}`,
      "--containerd-worker=false",
      "--oci-worker=true",
      "--oci-worker-gc=false",
      "--oci-worker-net=host",
      // Needs neither overlayfs nor a daemon.
      "--oci-worker-snapshotter=native",
      `--oci-worker-binary=${debianProgram("runc")}`,
      "--oci-worker-platform=linux/amd64",
      "--oci-worker-platform=linux/arm64",
    ],
    ready: /running server on /,
  });
  const run: Buildkit["run"] = async (client, args, options = {}) => {
    const ended = await runProgram(goProgram(client) ?? "", args, {
      cwd: options.cwd ?? folder,
      env: {
        HOME: folder,
        BUILDKIT_HOST: address,
        BUILDX_CONFIG: join(folder, "buildx"),
        DOCKER_CONFIG: join(folder, "docker"),
        ...options.env,
      },
    });
    if (ended.status === 0) return ended;
    throw new Error(`${client} ended with ${ended.status}:\n${ended.stderr}\nbuildkitd:\n${await logTail(log)}`);
  };
  await run("buildx", ["create", "--name", BUILDER, "--driver", "remote", "--use", address]);
  return { address, run, log, stop };
}
