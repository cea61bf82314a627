import { mkdir, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { fakeTimeLibrary } from "../peers/debian-programs.mjs";
import { goProgram } from "../peers/go-programs.mjs";
import { type Ended, type RunOptions, runProgram } from "../touchmark-process.ts";
import { logTail, type RunningServer, startServer } from "./server-process.ts";
import { addressOf, HOSTS, PORTS, type ServerName, TOKEN_HOST } from "./sigstore/addresses.ts";
import type { FaultWindow, SigstoreFault } from "./sigstore/faults.ts";
import { writeFulcioConfiguration } from "./sigstore/fulcio-configuration.ts";
import { type Claims, idToken, type TokenTimes } from "./sigstore/id-token.ts";
import { REQUEST_TOKEN } from "./sigstore/issuer-answers.ts";
import { hasNetwork, inNetworkOf, inNewNetwork } from "./sigstore/network.ts";
import type {
  GotAnswer,
  SeenRequest,
  SentRequest,
  StandInCommand,
  StandInConfiguration,
} from "./sigstore/stand-ins.ts";
import { makeTrustDomain, type TrustDomain } from "./sigstore/trust-domain.ts";
import { type TrustFiles, writeTrustFiles } from "./sigstore/trust-files.ts";

const READY_MS = 30_000;
const POLL_MS = 20;

/** The real servers, which a test may stop and start again. */
export type RealServer = "fulcio" | "rekor" | "timestamps";

export interface InsideOptions extends RunOptions {
  /**
   * How far the program's clock is ahead, in seconds; negative: behind. Only for programs that ask the C library, which
   * those of Go do not.
   */
  readonly clockAhead?: number;
}

/** A whole Sigstore in a network of its own: only programs run by `inside` reach it, and nothing else. */
export interface Sigstore extends TrustFiles {
  readonly fulcioUrl: string;
  readonly rekorUrl: string;
  /** Without the path. */
  readonly timestampsUrl: string;
  /** All keys: to sign by hand what no server would. */
  readonly domain: TrustDomain;
  /** An ID token of the claims' issuer, for `sigstore` unless they say another audience. */
  readonly token: (claims: Claims, times?: TokenTimes) => string;
  /** The environment of a GitHub job with `id-token: write`: where it gets tokens of these claims. */
  readonly tokenEnvironment: (claims: Claims) => Readonly<Record<string, string>>;
  /** Runs a program in the network; it trusts the certificates of the issuers' names. */
  readonly inside: (program: string, args: readonly string[], options: InsideOptions) => Promise<Ended>;
  /** From now on a server fails, until `mend`. */
  readonly fail: (server: ServerName, fault: SigstoreFault, window?: FaultWindow) => Promise<void>;
  readonly mend: () => Promise<void>;
  /**
   * Sends a request in the network.
   *
   * @returns null when there is no answer.
   */
  readonly send: (
    request: Pick<SentRequest, "method" | "port" | "path"> & Partial<SentRequest>,
  ) => Promise<GotAnswer | null>;
  /** What came in since the last call, in order. */
  readonly requests: () => Promise<readonly SeenRequest[]>;
  /** Ends a real server, or starts it again with what it had on disk. */
  readonly kill: (server: RealServer) => Promise<void>;
  readonly revive: (server: RealServer) => Promise<void>;
  readonly log: (server: RealServer) => Promise<string>;
  readonly stop: () => Promise<void>;
}

const PROGRAMS = ["fulcio", "rekor-server-posix", "timestamp-server"];

/** False where this machine cannot have it: no Go, or no right to make a network. Tests that need it are then skipped by name. */
export function hasSigstore(): boolean {
  return hasNetwork() && PROGRAMS.every((program) => goProgram(program) !== null);
}

export async function startSigstore(folder: string): Promise<Sigstore> {
  await mkdir(folder, { recursive: true });
  const domain = await makeTrustDomain(join(folder, "keys"));
  const standIns = await startStandIns(folder, domain);
  const pid = standIns.ready[1] ?? "";
  const command = (line: StandInCommand) => sendCommand(socketIn(folder), line);
  const send: Sigstore["send"] = async (one) => {
    return (await command({ do: "send", headers: {}, body: "", ...one })) as GotAnswer | null;
  };
  const commands = await serverCommands(folder, domain);
  const running = new Map<RealServer, RunningServer>();
  const certificates = { SSL_CERT_FILE: domain.files.tlsRoot, NODE_EXTRA_CA_CERTS: domain.files.tlsRoot };

  const revive = async (name: RealServer) => {
    const { program, args, health } = commands[name];
    // One from before is fatal for Fulcio.
    await rm(fulcioSocket(folder), { force: true });
    const server = await startServer({
      name,
      folder,
      command: inNetworkOf(pid, folder, [goProgram(program) ?? "", ...args]),
      env: certificates,
      ready: /./,
    });
    running.set(name, server);
    const deadline = Date.now() + READY_MS;
    while ((await send({ method: "GET", port: PORTS.real[name], path: health }))?.status !== 200) {
      if (Date.now() > deadline)
        throw new Error(`${name} did not answer in ${READY_MS} ms:\n${await logTail(server.log)}`);
      await sleep(POLL_MS);
    }
  };
  const kill = async (name: RealServer) => {
    await running.get(name)?.stop();
    running.delete(name);
  };
  const stop = async () => {
    await Promise.all([...running.keys()].map(kill));
    await standIns.stop();
  };
  try {
    await Promise.all((["fulcio", "rekor", "timestamps"] as const).map(revive));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    ...(await writeTrustFiles(folder, domain, null)),
    fulcioUrl: addressOf(PORTS.fulcio),
    rekorUrl: addressOf(PORTS.rekor),
    timestampsUrl: addressOf(PORTS.timestamps),
    domain,
    token: (claims, times) => idToken(domain.tokens.privateKey, claims, times),
    tokenEnvironment: (claims) => ({
      ACTIONS_ID_TOKEN_REQUEST_URL: `https://${TOKEN_HOST}/token?claims=${encodeURIComponent(JSON.stringify(claims))}`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: REQUEST_TOKEN,
    }),
    inside: (program, args, options) => {
      const [enter, ...rest] = inNetworkOf(pid, options.cwd, [program, ...args]);
      return runProgram(enter, rest, { ...options, env: { ...certificates, ...clock(options), ...options.env } });
    },
    fail: async (server, fault, window = {}) => {
      await command({ do: "fail", server, fault, window });
    },
    mend: async () => {
      await command({ do: "mend" });
    },
    send,
    requests: async () => (await command({ do: "requests" })) as SeenRequest[],
    kill,
    revive,
    log: async (name) => (await running.get(name)?.log()) ?? "",
    stop,
  };
}

function clock({ clockAhead }: InsideOptions): Readonly<Record<string, string>> {
  if (clockAhead === undefined) return {};
  const offset = `${clockAhead < 0 ? "" : "+"}${clockAhead}s`;
  return { LD_PRELOAD: fakeTimeLibrary() ?? "", FAKETIME: offset, FAKETIME_DONT_FAKE_MONOTONIC: "1" };
}

/** The process that the network lasts as long as. */
async function startStandIns(folder: string, { files }: TrustDomain): Promise<RunningServer> {
  const [program, configuration] = [join(folder, "stand-ins.mjs"), join(folder, "stand-ins.json")];
  // Plain Node has no types: the fixture's own program is built as the command line is.
  await build({
    entryPoints: [fileURLToPath(new URL("sigstore/stand-ins.ts", import.meta.url))],
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    outfile: program,
    logLevel: "silent",
  });
  const written: StandInConfiguration = { socket: socketIn(folder), ...files };
  await writeFile(configuration, JSON.stringify(written));
  return startServer({
    name: "stand-ins",
    folder,
    command: await inNewNetwork(folder, HOSTS, [process.execPath, program, configuration]),
    ready: /^ready as (\d+)/m,
  });
}

interface ServerProgram {
  readonly program: string;
  readonly args: readonly string[];
  /** Answers 200 once the server does. */
  readonly health: string;
}

async function serverCommands(folder: string, { files }: TrustDomain): Promise<Record<RealServer, ServerProgram>> {
  const fulcioConfiguration = join(folder, "fulcio.json");
  await writeFulcioConfiguration(fulcioConfiguration);
  const { real } = PORTS;
  return {
    fulcio: {
      program: "fulcio",
      health: "/healthz",
      args: [
        "serve",
        ...["--host=127.0.0.1", `--port=${real.fulcio}`, "--grpc-host=127.0.0.1", `--grpc-port=${real.fulcioGrpc}`],
        ...[`--metrics-port=${real.fulcioMetrics}`, `--legacy-unix-domain-socket=${fulcioSocket(folder)}`],
        ...["--ca=fileca", `--fileca-cert=${files.fulcioChain}`, `--fileca-key=${files.fulcioKey}`],
        // The key has no password; the flag must be there all the same.
        ...["--fileca-key-passwd=unused", "--fileca-watch=false", `--config-path=${fulcioConfiguration}`],
        ...[`--ct-log-url=${addressOf(PORTS.ctLog)}`, `--ct-log-public-key-path=${files.ctLogPublicKey}`],
      ],
    },
    rekor: {
      program: "rekor-server-posix",
      health: "/healthz",
      args: [
        "serve",
        ...["--http-address=127.0.0.1", `--http-port=${real.rekor}`, `--http-metrics-port=${real.rekorMetrics}`],
        ...["--grpc-address=127.0.0.1", `--grpc-port=${real.rekorGrpc}`, "--hostname=127.0.0.1"],
        ...[`--storage-dir=${join(folder, "rekor")}`, `--signer-filepath=${files.rekorKey}`],
        // Signing waits for a checkpoint; the defaults are for a busy log.
        ...["--checkpoint-interval=500ms", "--batch-max-age=100ms"],
      ],
    },
    timestamps: {
      program: "timestamp-server",
      health: "/ping",
      args: [
        "serve",
        ...["--host=127.0.0.1", `--port=${real.timestamps}`, "--timestamp-signer=file"],
        ...[`--file-signer-key-path=${files.timestampsKey}`, `--certificate-chain-path=${files.timestampsChain}`],
        "--disable-ntp-monitoring",
      ],
    },
  };
}

function fulcioSocket(folder: string): string {
  return join(folder, "fulcio.sock");
}

function socketIn(folder: string): string {
  return join(folder, "stand-ins.sock");
}

function sendCommand(socketPath: string, command: StandInCommand): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, method: "POST", path: "/" }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk)).on("error", reject);
      answer.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        if (answer.statusCode === 200) resolve(JSON.parse(text));
        else reject(new Error(`the stand-ins: ${text}`));
      });
    });
    sent.on("error", reject).end(JSON.stringify(command));
  });
}
