import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fakeTimeLibrary } from "../peers/debian-programs.mjs";
import { goProgram } from "../peers/go-programs.mjs";
import { type Ended, type RunOptions, runProgram } from "../touchmark-process.ts";
import { logTail, type RunningServer, startServer } from "./server-process.ts";
import { addressOf, PORTS, type ServerName, TOKEN_HOST } from "./sigstore/addresses.ts";
import type { FaultWindow, SigstoreFault } from "./sigstore/faults.ts";
import { type Claims, idToken, type TokenTimes } from "./sigstore/id-token.ts";
import { REQUEST_TOKEN } from "./sigstore/issuer-answers.ts";
import { startLoginServer } from "./sigstore/login-server-process.ts";
import { hasNetwork, inNetworkOf } from "./sigstore/network.ts";
import { fulcio, type RealServer, rekor, type ServerProgram, timestamps } from "./sigstore/real-servers.ts";
import { type RekorV1, startRekorV1 } from "./sigstore/rekor-v1.ts";
import { startStandIns } from "./sigstore/stand-in-process.ts";
import type { GotAnswer, SeenRequest, SentRequest } from "./sigstore/stand-ins.ts";
import { makeTrustDomain, type TrustDomain } from "./sigstore/trust-domain.ts";
import { type TrustFiles, writeTrustFiles } from "./sigstore/trust-files.ts";

const READY_MS = 30_000;
const POLL_MS = 20;

export interface InsideOptions extends RunOptions {
  /**
   * How far the program's clock is ahead, in seconds; negative: behind. Only for programs that ask the C library, which
   * those of Go do not.
   */
  readonly clockAhead?: number;
}

interface SigstoreOptions {
  readonly rekorV1?: boolean;
  /** Also a server where people log in, at `ISSUERS.login`. */
  readonly login?: boolean;
}

/** A whole Sigstore in a network of its own: only programs run by `inside` reach it, and nothing else. */
export interface Sigstore extends TrustFiles {
  readonly fulcioUrl: string;
  readonly rekorUrl: string;
  /** Without the path. */
  readonly timestampsUrl: string;
  /** Null: not asked for. */
  readonly rekorV1Url: string | null;
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
  readonly down: (server: RealServer) => Promise<void>;
  readonly up: (server: RealServer) => Promise<void>;
  readonly log: (server: RealServer) => Promise<string>;
  readonly stop: () => Promise<void>;
}

const PROGRAMS = ["fulcio", "rekor-server-posix", "timestamp-server"];

/** False where this machine cannot have it: no Go, or no right to make a network. Tests that need it are then skipped by name. */
export function hasSigstore(): boolean {
  return hasNetwork() && PROGRAMS.every((program) => goProgram(program) !== null);
}

/** @param options.rekorV1 - Rekor v1 beside the newer one, where `hasRekorV1`; it takes two seconds more to start. */
export async function startSigstore(folder: string, options: SigstoreOptions = {}): Promise<Sigstore> {
  await mkdir(folder, { recursive: true });
  const domain = await makeTrustDomain(join(folder, "keys"));
  const standIns = await startStandIns(folder, domain);
  const programs: Partial<Record<RealServer, ServerProgram>> = {
    fulcio: await fulcio(folder, domain),
    rekor: rekor(folder, domain),
    timestamps: timestamps(domain),
  };
  const running = new Map<RealServer, RunningServer>();
  let rekorV1: RekorV1 | null = null;
  let login: RunningServer | null = null;
  const certificates = { SSL_CERT_FILE: domain.files.tlsRoot, NODE_EXTRA_CA_CERTS: domain.files.tlsRoot };

  const send: Sigstore["send"] = async (one) => {
    return (await standIns.send({ do: "send", headers: {}, body: "", ...one })) as GotAnswer | null;
  };
  const up = async (name: RealServer) => {
    const { program, args, health, leftover } = programs[name] ?? notStarted(name);
    if (leftover !== undefined) await rm(leftover, { force: true });
    const command = inNetworkOf(standIns.pid, folder, [goProgram(program) ?? "", ...args]);
    const server = await startServer({ name, folder, command, env: certificates, ready: /./ });
    running.set(name, server);
    const deadline = Date.now() + READY_MS;
    while ((await send({ method: "GET", port: PORTS.real[name], path: health }))?.status !== 200) {
      if (Date.now() > deadline) throw new Error(`${name} does not answer:\n${await logTail(server.log)}`);
      await sleep(POLL_MS);
    }
  };
  const down = async (name: RealServer) => {
    const server = running.get(name) ?? notStarted(name);
    running.delete(name);
    await server.stop();
  };
  const stop = async () => {
    await Promise.all([...running.keys()].map(down));
    await rekorV1?.stop();
    await login?.stop();
    await standIns.stop();
  };
  try {
    await Promise.all((["fulcio", "rekor", "timestamps"] as const).map(up));
    if (options.login === true) login = await startLoginServer(folder, standIns.pid);
    if (options.rekorV1 === true) {
      rekorV1 = await startRekorV1(folder, standIns.pid, domain);
      programs.rekorV1 = rekorV1.server;
      // After the timestamp authority: both want one port, and only Rekor goes on without.
      await up("rekorV1");
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    ...(await writeTrustFiles(folder, domain, rekorV1?.log ?? null)),
    fulcioUrl: addressOf(PORTS.fulcio),
    rekorUrl: addressOf(PORTS.rekor),
    timestampsUrl: addressOf(PORTS.timestamps),
    rekorV1Url: rekorV1?.log.baseUrl ?? null,
    domain,
    token: (claims, times) => idToken(domain.tokens.privateKey, claims, times),
    tokenEnvironment: (claims) => ({
      ACTIONS_ID_TOKEN_REQUEST_URL: `https://${TOKEN_HOST}/token?claims=${encodeURIComponent(JSON.stringify(claims))}`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: REQUEST_TOKEN,
    }),
    inside: (program, args, options) => {
      const [enter, ...rest] = inNetworkOf(standIns.pid, options.cwd, [program, ...args]);
      return runProgram(enter, rest, { ...options, env: { ...certificates, ...clock(options), ...options.env } });
    },
    fail: async (server, fault, window = {}) => {
      await standIns.send({ do: "fail", server, fault, window });
    },
    mend: async () => {
      await standIns.send({ do: "mend" });
    },
    send,
    requests: async () => (await standIns.send({ do: "requests" })) as SeenRequest[],
    down,
    up,
    log: async (name) => (await running.get(name)?.log()) ?? "",
    stop,
  };
}

function notStarted(name: RealServer): never {
  throw new Error(`${name} does not run`);
}

function clock({ clockAhead }: InsideOptions): Readonly<Record<string, string>> {
  if (clockAhead === undefined) return {};
  const offset = `${clockAhead < 0 ? "" : "+"}${clockAhead}s`;
  return { LD_PRELOAD: fakeTimeLibrary() ?? "", FAKETIME: offset, FAKETIME_DONT_FAKE_MONOTONIC: "1" };
}
