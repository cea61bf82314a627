import {
  ACCEPTABLE_ALGORITHMS,
  type BuildClaim,
  type Checkout,
  checkParts,
  combine,
  type ExpectedPart,
  generate,
  MAX_EVIDENCE_BYTES,
  PEER_MAX_SUBJECTS,
  parseSubjectsFile,
  type Statement,
  type Subject,
  type SubjectsFile,
  splitStatement,
  stableText,
  TouchmarkError,
} from "@touchmark/core";
import { type Host, type PlatformRun, stoppableHost } from "@touchmark/plugin";
import { collect, type Source } from "./collect.ts";

/** Everything that goes into the statements of one release. */
export interface Plan {
  readonly sources: readonly Source[];
  /** Paths of subjects files that other jobs wrote. */
  readonly subjectsFiles: readonly string[];
  /** Parts that the configuration expects; null where there is no configuration. */
  readonly expectedParts: readonly ExpectedPart[] | null;
  /** Further repositories whose checkouts may be part of the build. */
  readonly declaredRepositories: readonly string[];
  /** The checkout in which this runs, read while the sources are collected; null outside a repository. */
  readonly checkout: Promise<Checkout | null>;
  readonly run: PlatformRun;
  /** The lowest SLSA Build level that the release may have; null where nothing is required. */
  readonly requiredLevel: 1 | 2 | 3 | null;
  readonly maxSubjects: number | null;
  readonly perSubject: boolean;
  /** Subjects that have no digest but `narSha256` get a statement of their own. */
  readonly splitDirectories: boolean;
}

/** What would be signed, and what people should know about it. */
export interface Prepared {
  readonly claim: BuildClaim;
  readonly outputs: SubjectsFile;
  readonly statements: readonly Statement[];
  /** Sentences for people: limits of other tools, snapshots, dirty checkouts. */
  readonly notes: readonly string[];
}

/**
 * Collects, combines and generates; signs nothing and writes nothing.
 *
 * @throws TouchmarkError of the adapters, of `combine` and of `generate`; `PART_MISSING` and its kin; `PLATFORM_LEVEL_TOO_LOW`;
 * `ORIGIN_MISMATCH` for parts that another run than this one collected.
 */
export async function prepare(plan: Plan, host: Host): Promise<Prepared> {
  checkLevel(plan);
  const { outputs, claim } = await gatherAndClaim(plan, host);
  const whole = generate(claim, outputs, { declaredRepositories: plan.declaredRepositories });
  const limit = plan.perSubject ? 1 : (plan.maxSubjects ?? whole.subject.length);
  const statements = (plan.splitDirectories ? apart(whole) : [whole]).flatMap((one) => splitStatement(one, limit));
  return { claim, outputs, statements, notes: notesOn(outputs, statements) };
}

/**
 * A platform that asks somebody for its claim is asked while the outputs are collected; one that asks nobody says what is so
 * after it. What is wrong with the outputs comes first, and then nothing is waited for.
 */
async function gatherAndClaim(plan: Plan, host: Host): Promise<Pick<Prepared, "outputs" | "claim">> {
  const { run, expectedParts } = plan;
  const stop = new AbortController();
  const early = run.contacts.length > 0 ? run.claim(stoppableHost(host, stop.signal)) : null;
  early?.catch(() => undefined); // told below, unless something else is
  try {
    const outputs = await gather(plan, host);
    await checkOrigin(outputs, run, host);
    if (expectedParts !== null) checkParts(outputs, expectedParts);
    return { outputs, claim: await (early ?? run.claim(host)) };
  } catch (error) {
    stop.abort();
    await early?.catch(() => undefined);
    throw error;
  }
}

/** Collects every source and reads every subjects file, folded into one. */
export async function gather(
  plan: Pick<Plan, "sources" | "subjectsFiles" | "checkout" | "run">,
  host: Host,
): Promise<SubjectsFile> {
  const surroundings = { origin: await plan.run.origin(host), checkout: plan.checkout };
  const files: SubjectsFile[] = [];
  for (const source of plan.sources) files.push(await collect(source, surroundings, host));
  for (const path of plan.subjectsFiles) {
    files.push(parseSubjectsFile(await host.readBytes(path, { max: MAX_EVIDENCE_BYTES }), path));
  }
  const [only, second] = files;
  // What was collected or parsed is in order already, and combining it with nothing gives it again.
  return only !== undefined && second === undefined ? only : combine(files);
}

function checkLevel(plan: Plan): void {
  const { requiredLevel, run } = plan;
  if (requiredLevel === null || run.level.build >= requiredLevel) return;
  throw new TouchmarkError(
    "PLATFORM_LEVEL_TOO_LOW",
    `the platform ${run.platform} cannot give the level that is required`,
    {
      expected: `SLSA Build L${requiredLevel}`,
      actual: `L${run.level.build}: ${run.level.reason}`,
    },
  );
}

/**
 * A run speaks for what was made in it. A platform without runs (somebody's own machine) says nothing about any, so it may
 * sign what another collected.
 */
async function checkOrigin(outputs: SubjectsFile, run: PlatformRun, host: Host): Promise<void> {
  const own = await run.origin(host);
  const [part] = outputs.parts;
  if (own === null || part === undefined || stableText(part.origin) === stableText(own)) return;
  throw new TouchmarkError("ORIGIN_MISMATCH", `${part.artifact} was not collected in the run that signs it`, {
    expected: `${own.repository} ${own.commit} run ${own.runId}`,
    actual:
      part.origin === null
        ? "no run (a local build)"
        : `${part.origin.repository} ${part.origin.commit} run ${part.origin.runId}`,
  });
}

/** Files, packages and images first; then directories, where there are both. */
function apart(whole: Statement): readonly Statement[] {
  const isDirectory = ({ digest }: Subject) => !ACCEPTABLE_ALGORITHMS.some((name) => Object.hasOwn(digest, name));
  const groups = [whole.subject.filter((one) => !isDirectory(one)), whole.subject.filter(isDirectory)];
  return groups.filter((subject) => subject.length > 0).map((subject) => ({ ...whole, subject }));
}

const SIGSTORE_PYTHON_DIGESTS = new Set(["sha256", "sha384", "sha512", "sha3_256", "sha3_384", "sha3_512"]);

function notesOn(outputs: SubjectsFile, statements: readonly Statement[]): readonly string[] {
  const notes: string[] = [];
  const largest = Math.max(...statements.map((statement) => statement.subject.length));
  if (largest > PEER_MAX_SUBJECTS) {
    notes.push(
      `${largest} subjects in one statement: cosign and GitHub refuse more than ${PEER_MAX_SUBJECTS}; --max-subjects ${PEER_MAX_SUBJECTS} splits it.`,
    );
  }
  // sigstore-python 4.5 refuses a whole statement for one such subject.
  const isUnusual = ({ digest }: Statement["subject"][number]) =>
    Object.keys(digest).some((name) => !SIGSTORE_PYTHON_DIGESTS.has(name));
  const mixed = statements.find(({ subject }) => subject.some(isUnusual) && !subject.every(isUnusual));
  const unusual = mixed?.subject.find(isUnusual);
  if (unusual !== undefined) {
    notes.push(
      `sigstore-python refuses the statement: "${unusual.name}" has a digest that it does not know${
        Object.hasOwn(unusual.digest, "narSha256") ? "; --split-directories gives directories their own" : ""
      }.`,
    );
  }
  if (outputs.byproducts.some((byproduct) => byproduct.annotations?.["goreleaser.snapshot"] === true)) {
    notes.push("GoReleaser made a snapshot: its version is not that of a release.");
  }
  if (outputs.parts.some((part) => part.checkouts.some((checkout) => checkout.dirty))) {
    notes.push("The checkout has changes that are not committed; the statement says so.");
  }
  const declared = outputs.subjects.filter((subject) => subject.declared).length;
  if (declared > 0)
    notes.push(
      `${declared === 1 ? "1 subject was" : `${declared} subjects were`} only declared by a list: the bytes were not here to hash.`,
    );
  return notes;
}
