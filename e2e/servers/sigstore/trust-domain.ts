import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type Chain,
  intermediateAuthority,
  newTestKey,
  pemOf,
  privatePem,
  publicPem,
  rootAuthority,
  type TestKey,
  type TestLog,
  timestampAuthority,
  tlsServer,
} from "../../../packages/testkit/src/sigstore/index.ts";
import { addressOf, HOSTS, PORTS, REKOR_V1_HOST } from "./addresses.ts";

/** The keys and authorities of one local Sigstore, and the files that its servers read. */
export interface TrustDomain {
  readonly fulcio: Chain;
  readonly timestamps: Chain;
  readonly ctLog: TestKey;
  readonly rekor: TestLog;
  /** Without its tree, which the database numbers. */
  readonly rekorV1: TestLog;
  /** Signs ID tokens. */
  readonly tokens: TestKey;
  readonly files: {
    readonly fulcioChain: string;
    readonly fulcioKey: string;
    readonly timestampsChain: string;
    readonly timestampsKey: string;
    readonly rekorKey: string;
    readonly rekorV1Key: string;
    readonly ctLogKey: string;
    readonly ctLogPublicKey: string;
    readonly tokensKey: string;
    readonly tlsChain: string;
    readonly tlsKey: string;
    /** What a program in the network must trust to speak to the issuers. */
    readonly tlsRoot: string;
  };
}

export async function makeTrustDomain(folder: string): Promise<TrustDomain> {
  await mkdir(folder, { recursive: true });
  const fulcio = intermediateAuthority("fulcio intermediate", rootAuthority("fulcio root"));
  const timestamps = timestampAuthority("timestamps", rootAuthority("timestamps root"));
  const tlsRoot = rootAuthority("hosts root");
  const tls = tlsServer(Object.keys(HOSTS), tlsRoot);
  const [ctLog, tokens] = [newTestKey(), newTestKey("RSA")];
  const rekor: TestLog = { version: 2, key: newTestKey("ed25519"), baseUrl: addressOf(PORTS.rekor) };
  const rekorV1: TestLog = { version: 1, key: newTestKey(), baseUrl: `http://${REKOR_V1_HOST}:${PORTS.rekorV1}` };
  const contents = {
    fulcioChain: pemOf(...fulcio.chain),
    fulcioKey: privatePem(fulcio.key),
    timestampsChain: pemOf(...timestamps.chain),
    timestampsKey: privatePem(timestamps.key),
    rekorKey: privatePem(rekor.key),
    rekorV1Key: privatePem(rekorV1.key),
    ctLogKey: privatePem(ctLog),
    ctLogPublicKey: publicPem(ctLog),
    tokensKey: privatePem(tokens),
    tlsChain: pemOf(...tls.chain),
    tlsKey: privatePem(tls.key),
    tlsRoot: pemOf(...tlsRoot.chain),
  };
  const files = Object.fromEntries(Object.keys(contents).map((name) => [name, join(folder, `${name}.pem`)]));
  for (const [name, content] of Object.entries(contents)) await writeFile(files[name] ?? "", content, { mode: 0o600 });
  return { fulcio, timestamps, ctLog, rekor, rekorV1, tokens, files: files as TrustDomain["files"] };
}
