import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestLog, type TrustedRoot, trustedRoot } from "../../../packages/testkit/src/sigstore/index.ts";
import { addressOf, PORTS } from "./addresses.ts";
import { ISSUERS } from "./claims.ts";
import type { TrustDomain } from "./trust-domain.ts";

export interface TrustFiles {
  /** https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_trustroot.proto, as all three. */
  readonly trustedRootFile: string;
  /** Names the newest log alone. */
  readonly signingConfigFile: string;
  readonly clientTrustConfigFile: string;
  /** Names the older log alone; null where it does not run. */
  readonly rekorV1SigningConfigFile: string | null;
}

/** @param rekorV1 - trusted beside the newer log, where it runs. */
export async function writeTrustFiles(
  folder: string,
  domain: TrustDomain,
  rekorV1: TestLog | null,
): Promise<TrustFiles> {
  const root = rootOf(domain, rekorV1);
  const config = signingConfig(addressOf(PORTS.rekor), 2);
  const mediaType = "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json";
  const write = async (name: string, content: unknown) => {
    const file = join(folder, `${name}.json`);
    await writeFile(file, JSON.stringify(content, null, 2));
    return file;
  };
  return {
    trustedRootFile: await write("trusted_root", root),
    signingConfigFile: await write("signing_config", config),
    clientTrustConfigFile: await write("client_trust_config", { mediaType, trustedRoot: root, signingConfig: config }),
    rekorV1SigningConfigFile:
      rekorV1 === null ? null : await write("signing_config_rekor_v1", signingConfig(rekorV1.baseUrl, 1)),
  };
}

function rootOf({ fulcio, timestamps, ctLog, rekor }: TrustDomain, rekorV1: TestLog | null): TrustedRoot {
  return trustedRoot({
    logs: [rekor, ...(rekorV1 === null ? [] : [rekorV1])],
    ctLogs: [{ key: ctLog, baseUrl: addressOf(PORTS.ctLog) }],
    certificateAuthorities: [{ authority: fulcio, uri: addressOf(PORTS.fulcio) }],
    timestampAuthorities: [{ authority: timestamps, uri: addressOf(PORTS.timestamps) }],
  });
}

function signingConfig(rekorUrl: string, rekorVersion: number): unknown {
  const service = (url: string, majorApiVersion: number) => {
    return { url, majorApiVersion, validFor: { start: "2020-01-01T00:00:00Z" }, operator: "sigstore.test" };
  };
  return {
    mediaType: "application/vnd.dev.sigstore.signingconfig.v0.2+json",
    caUrls: [service(addressOf(PORTS.fulcio), 1)],
    oidcUrls: [service(ISSUERS.login, 1)],
    rekorTlogUrls: [service(rekorUrl, rekorVersion)],
    rekorTlogConfig: { selector: "ANY" },
    tsaUrls: [service(`${addressOf(PORTS.timestamps)}/api/v1/timestamp`, 1)],
    tsaConfig: { selector: "ANY" },
  };
}
