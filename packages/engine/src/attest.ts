import {
  encodeStatement,
  isTouchmarkError,
  MAX_EVIDENCE_BYTES,
  type Statement,
  type Subject,
  showDigest,
  TouchmarkError,
} from "@touchmark/core";
import type { PlatformRun, Publisher, Receipt, SignedEnvelope, Signer, WritableHost } from "@touchmark/plugin";
import type { Trust } from "@touchmark/verify";
import { check } from "./check.ts";
import { sha256Hex } from "./collect.ts";
import { holdOutput } from "./held-output.ts";

export interface AttestOptions {
  readonly statements: readonly Statement[];
  readonly signer: Signer;
  readonly run: PlatformRun;
  /** Those that write files here: what they write is verified before it is there. */
  readonly publishers: readonly Publisher[];
  /** Those that send it away, in this order, once what lies here was found good. */
  readonly pushers: readonly Publisher[];
  /** The public half, by which the result is verified again as a consumer would. */
  readonly trust: readonly Trust[];
  /** Also list everything, the evidence included. Absent: no list. */
  readonly release?: ReleasePlan;
}

/** How a release is listed, once its evidence is written. */
export interface ReleasePlan {
  /** The statement about all of the release: what was stated, and these files of evidence. */
  state(evidence: readonly Subject[]): Statement;
  readonly publisher: Publisher;
}

/**
 * Signs every statement, verifies what publishers would write as a consumer would, and only then writes it and sends it
 * anywhere: evidence that does not hold is seen by nobody, and what went out can seldom be taken back.
 *
 * @returns the receipts, once every subject was found covered by what was written.
 * @throws TouchmarkError of the signer, the publishers and the pushers; `SELF_CHECK_FAILED` when the evidence does not
 * verify, and then nothing is written.
 */
export async function attest(options: AttestOptions, disk: WritableHost): Promise<readonly Receipt[]> {
  const envelopes = await signAll(options, disk);
  const output = holdOutput(disk);
  const { host } = output;
  const receipts: Receipt[] = [];
  for (const publisher of options.publishers) receipts.push(...(await publisher.publish(envelopes, host)));
  const lines = new Set(envelopes.map(({ bundle }) => sha256Hex(bundle)));
  // Without pushers the bundles, which are large, are of no further use.
  if (options.pushers.length === 0) envelopes.length = 0;
  if (options.release === undefined) {
    await checkOwnWork(options, await filesToCheck(receipts, lines, host), host);
  } else {
    receipts.push(...(await listRelease(options, options.release, receipts, host)));
    await checkOwnWork(
      options,
      receipts.map(({ uri }) => uri),
      host,
    );
  }
  await output.write();
  for (const pusher of options.pushers) receipts.push(...(await pusher.publish(envelopes, disk)));
  return receipts;
}

async function signAll(options: AttestOptions, host: WritableHost): Promise<SignedEnvelope[]> {
  const envelopes: SignedEnvelope[] = [];
  for (const statement of options.statements) envelopes.push(await signed(statement, options, host));
  return envelopes;
}

async function signed(
  statement: Statement,
  { signer, run }: AttestOptions,
  host: WritableHost,
): Promise<SignedEnvelope> {
  const bundle = await signer.sign(encodeStatement(statement), run, host);
  checkSize(bundle);
  return { bundle, subjects: statement.subject };
}

/** Lists the release with the evidence as it will lie on the disk. */
async function listRelease(
  options: AttestOptions,
  { state, publisher }: ReleasePlan,
  receipts: readonly Receipt[],
  host: WritableHost,
): Promise<readonly Receipt[]> {
  const files = [];
  for (const { uri } of receipts) files.push(await host.file(uri));
  const digests = await host.digest(files, ["sha256"]);
  const evidence = files.map(({ name }, index) => ({ name, digest: digests[index] ?? {} }));
  return publisher.publish([await signed(state(evidence), options, host)], host);
}

/** Evidence that no verifier would read must not be published. */
function checkSize(bundle: Uint8Array): void {
  if (bundle.byteLength <= MAX_EVIDENCE_BYTES) return;
  throw new TouchmarkError("LIMIT_EXCEEDED", "the bundle is larger than verifiers read", {
    expected: `at most ${MAX_EVIDENCE_BYTES} bytes; --max-subjects splits the statement`,
    actual: `${bundle.byteLength} bytes`,
  });
}

/**
 * The files that have to be verified. Where one holds every signed bundle, byte for byte, another that holds nothing but
 * bundles out of it says nothing new; a file with anything else in it is verified too.
 */
async function filesToCheck(
  receipts: readonly Receipt[],
  signed: ReadonlySet<string>,
  host: WritableHost,
): Promise<readonly string[]> {
  const files = receipts.filter((receipt) => receipt.subject === null).map((receipt) => receipt.uri);
  let whole: string | null = null;
  const others: string[] = [];
  for (const file of files) {
    const lines = await lineDigests(file, host);
    const isOurs = lines.size > 0 && [...lines].every((line) => signed.has(line));
    if (isOurs && lines.size === signed.size && whole === null) whole = file;
    else if (!isOurs) others.push(file);
  }
  // A statement that was split can lie in several files, each of which holds a part: together they cover everything.
  return whole === null ? files : [whole, ...others];
}

/** None for a file that cannot be read: verifying it says why. */
async function lineDigests(file: string, host: WritableHost): Promise<ReadonlySet<string>> {
  const digests = new Set<string>();
  let bytes: Uint8Array;
  try {
    bytes = await host.readBytes(file, { max: MAX_EVIDENCE_BYTES });
  } catch (error) {
    if (isTouchmarkError(error)) return digests;
    throw error;
  }
  for (let start = 0; start < bytes.byteLength; ) {
    const found = bytes.indexOf(0x0a, start);
    const end = found === -1 ? bytes.byteLength : found;
    digests.add(sha256Hex(bytes.subarray(start, end)));
    start = end + 1;
  }
  return digests;
}

async function checkOwnWork(options: AttestOptions, files: readonly string[], host: WritableHost): Promise<void> {
  if (files.length === 0) return;
  const digests = options.statements
    .flatMap((statement) => statement.subject)
    .map((subject) => showDigest(subject.digest))
    .filter((digest) => digest !== null);
  const report = await check(
    {
      targets: [...new Set(digests)],
      bundles: files,
      trust: options.trust,
      complete: true,
      ...(options.release === undefined ? {} : { release: { version: null } }),
      anyName: false,
      recursive: false,
      fetchers: [],
      ignore: [],
    },
    host,
  );
  // A finding about any of the files is one that a consumer would meet too.
  if (report.result === "verified" && report.findings.length === 0) return;
  const finding = report.artifacts.flatMap((artifact) => artifact.findings)[0] ?? report.findings[0];
  throw new TouchmarkError("SELF_CHECK_FAILED", `${files[0]} would not verify`, {
    expected: "evidence that covers every subject",
    actual: finding === undefined ? report.result : `${finding.code}: ${finding.message}`,
  });
}
