import { goProgram } from "../../peers/go-programs.mjs";
import { pythonProgram } from "../../peers/python-programs.mjs";
import { type Ended, runProgram } from "../../touchmark-process.ts";
import type { Sigstore } from "../sigstore.ts";
import { ISSUERS } from "./claims.ts";

/** What a verifier is told to expect. */
interface Expected {
  readonly identity: string;
  readonly issuer?: string;
}

/** Other projects' programs at one local Sigstore; what they verify, they verify outside of its network. */
export interface PeerCommands {
  /** Into the newest log, unless another signing config is given. */
  readonly cosignAttest: (
    file: string,
    predicate: string,
    bundle: string,
    token: string,
    signingConfig?: string,
  ) => Promise<Ended>;
  readonly cosignVerify: (file: string, bundle: string, expected: Expected) => Promise<Ended>;
  /** Of a file that was signed as it is. */
  readonly cosignVerifyFile: (file: string, bundle: string, expected: Expected) => Promise<Ended>;
  readonly pythonAttest: (file: string, predicate: string, bundle: string, token: string) => Promise<Ended>;
  readonly pythonVerify: (file: string, bundle: string, expected: Expected) => Promise<Ended>;
}

/** @param cwd - for all of them, and HOME. */
export function peerCommands(sigstore: Sigstore, cwd: string): PeerCommands {
  const { trustedRootFile, signingConfigFile, clientTrustConfigFile } = sigstore;
  const cosign = goProgram("cosign") ?? "";
  const [python = "", ...module]: string[] = pythonProgram("sigstore-python") ?? [];
  const type = ["--type", "slsaprovenance1"];
  const trust = [...module, "--trust-config", clientTrustConfigFile];
  const trusted = ({ identity, issuer = ISSUERS.github }: Expected) => [
    ...["--trusted-root", trustedRootFile, "--use-signed-timestamps"],
    ...["--certificate-identity", identity, "--certificate-oidc-issuer", issuer],
  ];
  return {
    cosignAttest: (file, predicate, bundle, token, signingConfig = signingConfigFile) => {
      const instance = ["--signing-config", signingConfig, "--trusted-root", trustedRootFile];
      const files = ["--predicate", predicate, "--bundle", bundle, "--yes", file];
      return sigstore.inside(cosign, ["attest-blob", "--identity-token", token, ...instance, ...type, ...files], {
        cwd,
      });
    },
    cosignVerify: (file, bundle, expected) =>
      runProgram(cosign, ["verify-blob-attestation", "--bundle", bundle, ...trusted(expected), ...type, file], { cwd }),
    cosignVerifyFile: (file, bundle, expected) =>
      runProgram(cosign, ["verify-blob", "--bundle", bundle, ...trusted(expected), file], { cwd }),
    pythonAttest: (file, predicate, bundle, token) => {
      const what = ["--predicate", predicate, "--predicate-type", "https://slsa.dev/provenance/v1", "--bundle", bundle];
      return sigstore.inside(python, [...trust, "attest", "--identity-token", token, ...what, file], { cwd });
    },
    pythonVerify: (file, bundle, { identity, issuer = ISSUERS.github }) => {
      const who = ["--cert-identity", identity, "--cert-oidc-issuer", issuer];
      return runProgram(python, [...trust, "verify", "identity", "--offline", "--bundle", bundle, ...who, file], {
        cwd,
      });
    },
  };
}
