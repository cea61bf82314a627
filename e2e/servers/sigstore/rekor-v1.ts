import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { TestLog } from "../../../packages/testkit/src/sigstore/index.ts";
import { debianProgram } from "../../peers/debian-programs.mjs";
import { goProgram, goSourceFile } from "../../peers/go-programs.mjs";
import { runProgram } from "../../touchmark-process.ts";
import { type RunningServer, startServer } from "../server-process.ts";
import { PORTS, REKOR_V1_HOST } from "./addresses.ts";
import { inNetworkOf } from "./network.ts";
import type { ServerProgram } from "./real-servers.ts";
import type { TrustDomain } from "./trust-domain.ts";

/** What the older Rekor stands on: a tree, in a database. */
export interface RekorV1 {
  readonly server: ServerProgram;
  readonly log: TestLog;
  readonly stop: () => Promise<void>;
}

const PROGRAMS = ["rekor-server", "trillian_log_server", "trillian_log_signer", "createtree"];
/** PostgreSQL refuses to run as root: it gets a user namespace in which whoever we are is nobody. */
const AS_NOBODY = ["--user", "--map-user=65534", "--map-group=65534"];

/** False where this machine cannot have it: no Go, no Debian's PostgreSQL. */
export function hasRekorV1(): boolean {
  return debianProgram("postgres") !== null && PROGRAMS.every((program) => goProgram(program) !== null);
}

/**
 * Starts the tree and its database, and says how to start Rekor over it. The database speaks through a socket alone.
 *
 * @param pid - whose network the rest runs in.
 */
export async function startRekorV1(folder: string, pid: string, domain: TrustDomain): Promise<RekorV1> {
  const running: RunningServer[] = [];
  const stop = async () => {
    // The database last: it waits for its clients.
    for (const server of running.splice(0).reverse()) await server.stop();
  };
  try {
    const postgres = await startPostgres(folder);
    running.push(postgres.server);
    const storage = ["-storage_system=postgresql", "-quota_system=noop", `-postgresql_uri=${postgres.uri}`];
    const start = async (name: string, port: number, args: readonly string[], ready: RegExp) => {
      const listen = [`-rpc_endpoint=127.0.0.1:${port}`, "-http_endpoint=", "-logtostderr"];
      const command = inNetworkOf(pid, folder, [goProgram(name) ?? "", ...storage, ...listen, ...args]);
      running.push(await startServer({ name, folder, command, ready }));
    };
    await start("trillian_log_server", PORTS.real.trillian, [], /RPC server starting/i);
    const often = ["-force_master", "-sequencer_interval=100ms"];
    await start("trillian_log_signer", PORTS.real.trillianSigner, often, /RPC server starting/i);
    const tree = await createTree(folder, pid);
    return { server: program(tree, domain), log: { ...domain.rekorV1, tree }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** https://github.com/sigstore/rekor; wants port 2112 of every interface too, and goes on when it is taken. */
function program(tree: string, { files }: TrustDomain): ServerProgram {
  return {
    program: "rekor-server",
    health: "/ping",
    args: [
      "serve",
      ...["--host=127.0.0.1", `--port=${PORTS.real.rekorV1}`, "--rekor_server.address=127.0.0.1"],
      ...[`--rekor_server.hostname=${REKOR_V1_HOST}`, `--rekor_server.signer=${files.rekorV1Key}`],
      ...["--trillian_log_server.address=127.0.0.1", `--trillian_log_server.port=${PORTS.real.trillian}`],
      ...[`--trillian_log_server.tlog_id=${tree}`, "--enable_retrieve_api=false"],
    ],
  };
}

async function createTree(folder: string, pid: string): Promise<string> {
  const server = `-admin_server=127.0.0.1:${PORTS.real.trillian}`;
  const [enter, ...args] = inNetworkOf(pid, folder, [goProgram("createtree") ?? "", server]);
  return succeeded("createtree", await runProgram(enter, args, { cwd: folder })).trim();
}

async function startPostgres(folder: string): Promise<{ readonly server: RunningServer; readonly uri: string }> {
  const home = join(folder, "postgres");
  const data = join(home, "data");
  await mkdir(home, { recursive: true });
  const asNobody = (name: string, ...args: string[]) => [...AS_NOBODY, debianProgram(name) ?? "", ...args];
  const run = async (name: string, ...args: string[]) =>
    succeeded(name, await runProgram("unshare", asNobody(name, ...args), { cwd: home }));
  await run("initdb", "--auth=trust", "--username=rekor", "--encoding=UTF8", "--no-sync", `--pgdata=${data}`);
  const server = await startServer({
    name: "postgres",
    folder,
    command: ["unshare", ...asNobody("postgres", "-D", data, "-k", home, "-c", "listen_addresses=", "-c", "fsync=off")],
    ready: /database system is ready to accept connections/,
  });
  const schema = goSourceFile("trillian_log_server", "storage/postgresql/schema/storage.sql") ?? "";
  try {
    await run("psql", "-q", "-h", home, "-U", "rekor", "-d", "postgres", "-v", "ON_ERROR_STOP=1", "-f", schema);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { server, uri: `postgresql:///postgres?host=${home}&user=rekor` };
}

function succeeded(name: string, ended: { status: number | null; stdout: string; stderr: string }): string {
  if (ended.status === 0) return ended.stdout;
  throw new Error(`${name} ended with ${ended.status}:\n${ended.stderr}`);
}
