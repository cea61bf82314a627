// `node signing-job.mjs ORDER`, inside the test's own network: a CI job that states one file and signs the statement
// without a key, through the packages alone. Prints what it took, or the error's code, and what a message would say.
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { EMPTY_SUBJECTS_FILE, encodeStatement, generate, isTouchmarkError } from "../../../packages/core/src/index.ts";
import { createHost } from "../../../packages/host-node/src/index.ts";
import { detectPlatform, githubActions, gitlab } from "../../../packages/platforms/src/index.ts";
import {
  contactsOf,
  instanceOf,
  type LogMode,
  readSigningConfig,
  type SigningInstance,
  sigstoreSigner,
} from "../../../packages/signer-sigstore/src/index.ts";

export interface SigningOrder {
  readonly file: string;
  readonly sha256: string;
  readonly bundle: string;
  readonly log: LogMode;
  /** A SigningConfig's file, or addresses. */
  readonly signingConfig: string | null;
  readonly fulcio: string;
  readonly rekor: { readonly url: string; readonly version: 1 | 2 } | null;
  readonly timestamps: string | null;
}

const order = JSON.parse(process.argv[2] ?? "") as SigningOrder;
const clock = Date.now;
const instance: SigningInstance =
  order.signingConfig === null ? instanceOf(order) : readSigningConfig(readFileSync(order.signingConfig), clock);
const run = detectPlatform(process.env, [githubActions({ clock }), gitlab({ clock })], null);
const host = createHost({
  workspace: process.cwd(),
  roots: [],
  signal: new AbortController().signal,
  userCode: false,
  env: process.env,
  network: { kind: "services", hosts: [...run.contacts, ...contactsOf(instance)] },
});
const began = performance.now();
try {
  const subjects = [{ name: order.file, digest: { sha256: order.sha256 } }];
  const statement = generate(await run.claim(host), { ...EMPTY_SUBJECTS_FILE, subjects });
  const signer = sigstoreSigner({ instance, log: order.log, acknowledgePrivate: false, clock });
  const bundle = await signer.sign(encodeStatement(statement), run, host);
  writeFileSync(resolve(order.bundle), bundle);
  console.log(`signed in ${Math.round(performance.now() - began)} ms`);
} catch (error) {
  if (!isTouchmarkError(error)) throw error;
  console.log(`${error.code} after ${Math.round(performance.now() - began)} ms`);
  console.log(`${error.message}\n${error.expected}\n${error.actual}`);
  process.exitCode = error.exitStatus;
} finally {
  await host.close();
}
