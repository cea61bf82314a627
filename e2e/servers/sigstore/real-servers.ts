import { join } from "node:path";
import { addressOf, PORTS } from "./addresses.ts";
import { writeFulcioConfiguration } from "./fulcio-configuration.ts";
import type { TrustDomain } from "./trust-domain.ts";

/** The real servers, which a test may stop and start again; `rekorV1` where it was asked for. */
export type RealServer = "fulcio" | "rekor" | "timestamps" | "rekorV1";

export interface ServerProgram {
  readonly program: string;
  readonly args: readonly string[];
  /** Answers 200 once the server does. */
  readonly health: string;
  /** Fatal when it is there at the start. */
  readonly leftover?: string;
}

/** https://github.com/sigstore/fulcio; the socket cannot be switched off. */
export async function fulcio(folder: string, { files }: TrustDomain): Promise<ServerProgram> {
  const [configuration, socket] = [join(folder, "fulcio.yaml"), join(folder, "fulcio.sock")];
  await writeFulcioConfiguration(configuration);
  const { fulcio: port, fulcioGrpc, fulcioMetrics } = PORTS.real;
  return {
    program: "fulcio",
    health: "/healthz",
    leftover: socket,
    args: [
      "serve",
      ...["--host=127.0.0.1", `--port=${port}`, "--grpc-host=127.0.0.1", `--grpc-port=${fulcioGrpc}`],
      ...[`--metrics-port=${fulcioMetrics}`, `--legacy-unix-domain-socket=${socket}`, `--config-path=${configuration}`],
      ...["--ca=fileca", `--fileca-cert=${files.fulcioChain}`, `--fileca-key=${files.fulcioKey}`],
      // The key has no password; the flag must be there all the same.
      ...["--fileca-key-passwd=unused", "--fileca-watch=false"],
      ...[`--ct-log-url=${addressOf(PORTS.ctLog)}`, `--ct-log-public-key-path=${files.ctLogPublicKey}`],
    ],
  };
}

/** https://github.com/sigstore/rekor-tiles */
export function rekor(folder: string, { files }: TrustDomain): ServerProgram {
  const { rekor: port, rekorGrpc, rekorMetrics } = PORTS.real;
  return {
    program: "rekor-server-posix",
    health: "/healthz",
    args: [
      "serve",
      ...["--http-address=127.0.0.1", `--http-port=${port}`, `--http-metrics-port=${rekorMetrics}`],
      ...["--grpc-address=127.0.0.1", `--grpc-port=${rekorGrpc}`, "--hostname=127.0.0.1"],
      ...[`--storage-dir=${join(folder, "rekor")}`, `--signer-filepath=${files.rekorKey}`],
      // Signing waits for a checkpoint; the defaults are for a busy log.
      ...["--checkpoint-interval=500ms", "--batch-max-age=100ms"],
    ],
  };
}

/** https://github.com/sigstore/timestamp-authority; takes port 2112 of every interface too. */
export function timestamps({ files }: TrustDomain): ServerProgram {
  return {
    program: "timestamp-server",
    health: "/ping",
    args: [
      "serve",
      ...["--host=127.0.0.1", `--port=${PORTS.real.timestamps}`, "--timestamp-signer=file"],
      ...[`--file-signer-key-path=${files.timestampsKey}`, `--certificate-chain-path=${files.timestampsChain}`],
      "--disable-ntp-monitoring",
    ],
  };
}
