import { TouchmarkError } from "@touchmark/core";
import { attest, type Plan, type Prepared, prepare } from "@touchmark/engine";
import type { PlatformRun, Publisher, Receipt } from "@touchmark/plugin";
import type { Trust } from "@touchmark/verify";
import { filesStore, releaseStem } from "../builtin-services.ts";
import type { Context } from "../context.ts";
import { type HandedOptions, handedIdentity } from "../handed-identity.ts";
import { type Keyless, type KeylessOptions, keylessContacts, keylessOf, openKeyless } from "../keyless.ts";
import {
  evidenceFiles,
  type PushOptions,
  type PushPlan,
  planPush,
  registryPusher,
  signaturesFile,
  signImages,
} from "../push.ts";
import { type PlannedList, planList, type ReleaseOptions, wantsList } from "../release-list.ts";
import { claimLines, partLines, receiptLines, signerIn, verifyFlags } from "../render/attest-summary.ts";
import { counted } from "../render/counted.ts";
import { type CommonOptions, safe } from "../render/terminal.ts";
import { ATTEST_REPORT, type DryRunReport, type SignedReport } from "../reports/attest.ts";
import { openSigner, runOfKey, type Signing, type SigningOptions } from "../signing.ts";
import { type InputOptions, openWorkbench, type Workbench } from "../workbench.ts";

interface AttestOptions
  extends InputOptions,
    SigningOptions,
    KeylessOptions,
    HandedOptions,
    PushOptions,
    ReleaseOptions,
    CommonOptions {
  readonly dryRun?: boolean;
  readonly name?: string;
  readonly perSubject?: boolean;
  readonly splitDirectories?: boolean;
  readonly maxSubjects?: string;
}

/** `touchmark attest`: collect, state, sign, verify what was signed, and write it. */
export async function attestCommand(
  context: Context,
  _positional: readonly string[],
  options: AttestOptions,
): Promise<number> {
  const dryRun = options.dryRun === true;
  // Code of others never runs beside a key, and a dry run holds none; but scripts would make other tarballs than `attest`.
  const chosen: { keyless: Keyless | null } = { keyless: null };
  const opened = await openWorkbench(
    context,
    options,
    { artifacts: [], part: null },
    {
      plugins: dryRun,
      scripts: false,
      token: async (config) => {
        chosen.keyless = await keylessOf(context, options, config);
        return handedIdentity(context, options, chosen.keyless);
      },
      contacts: async (run) => {
        refuseIdleToken(options, run, chosen.keyless);
        return [...run.contacts, ...keylessContacts(chosen.keyless)];
      },
    },
  );
  const { keyless } = chosen;
  const bench = keyless === null ? { ...opened, run: runOfKey(opened.run) } : opened;
  try {
    // The signer is opened first: a wrong passphrase should not cost the time of hashing a release.
    const signing = dryRun ? null : await openEither(context, options, opened, keyless);
    const stated = await prepare(planOf(bench, options), bench.host);
    const signerNotes = signing === null ? [] : await signing.notes(bench.host);
    const prepared = { ...stated, notes: [...stated.notes, ...packNotes(bench), ...signerNotes] };
    const { statements } = prepared;
    const subjects = statements.flatMap((statement) => statement.subject);
    const push = planPush(options, bench.config?.publish?.registry, subjects);
    const stem = stemOf(prepared, options, bench);
    const list = await listOf(context, options, bench, { prepared, stem });
    if (signing === null) return showDryRun(context, prepared, bench, { push, list });
    const publisher = filesStore({ folder: bench.outputFolder, name: stem, perSubject: perSubject(options, bench) });
    const pushers = push === null ? [] : await pushersOf(push, context, signing, bench, stem);
    const trust = [await signing.trustOf(prepared.claim, bench.host)];
    const receipts = await attest(
      {
        statements,
        signer: signing.signer,
        run: bench.run,
        publishers: [publisher],
        pushers,
        trust,
        ...(list === null ? {} : { release: list }),
      },
      bench.host,
    );
    return showAttested(context, prepared, bench, { receipts, stem, push, trust, list });
  } finally {
    await bench.host.close();
  }
}

/** On somebody's own machine a token signs, and does nothing else. */
function refuseIdleToken({ identityToken }: AttestOptions, run: PlatformRun, keyless: Keyless | null): void {
  if (identityToken === undefined || keyless !== null || run.platform !== "local") return;
  throw new TouchmarkError("USAGE", "a key signs, and the identity token says nothing", {
    expected: "--identity-token alone, or beside --platform NAME for what that states",
    actual: "both, on no platform",
  });
}

function openEither(
  context: Context,
  options: AttestOptions,
  { config, run }: Workbench,
  keyless: Keyless | null,
): Promise<Signing> | Signing {
  return keyless === null ? openSigner(context, options, config, run) : openKeyless(context, keyless, run);
}

/** Images are signed here, before anything is written: a signer that fails then leaves nothing half done. */
async function pushersOf(
  push: PushPlan,
  context: Context,
  signing: Signing,
  bench: Workbench,
  stem: string,
): Promise<readonly Publisher[]> {
  const folder = bench.outputFolder;
  const signatures = push.cosignSignature ? await signImages(push.images, signing, bench.run, bench.host) : [];
  const files = evidenceFiles(folder, stem, signatures.length > 0);
  return [
    ...(signatures.length > 0 ? [signaturesFile(folder, stem, signatures)] : []),
    registryPusher(context, { attTag: push.attTag, signatures, files }),
  ];
}

function planOf(bench: Workbench, options: AttestOptions): Plan {
  return {
    sources: bench.sources,
    subjectsFiles: options.subjects ?? [],
    expectedParts: bench.expectedParts,
    declaredRepositories: bench.config?.release?.repositories ?? [],
    checkout: bench.checkout,
    run: bench.run,
    requiredLevel: bench.config?.require?.level ?? null,
    maxSubjects: maxSubjects(options) ?? bench.config?.publish?.files?.["max-subjects"] ?? null,
    perSubject: perSubject(options, bench),
    splitDirectories: options.splitDirectories ?? bench.config?.publish?.files?.["split-directories"] ?? false,
  };
}

function perSubject(options: AttestOptions, bench: Workbench): boolean {
  return options.perSubject ?? bench.config?.publish?.files?.["per-subject"] ?? false;
}

function maxSubjects(options: AttestOptions): number | null {
  const text = options.maxSubjects;
  if (text === undefined) return null;
  if (/^[1-9]\d{0,5}$/.test(text) && Number(text) <= 100_000) return Number(text);
  throw new TouchmarkError("USAGE", "--max-subjects is not a number of subjects", {
    expected: "1 to 100000",
    actual: text,
  });
}

function stemOf(prepared: Prepared, options: AttestOptions, bench: Workbench): string {
  return releaseStem({
    name: options.name ?? null,
    releaseName: bench.config?.release?.name ?? null,
    subjects: prepared.statements.flatMap((statement) => statement.subject),
  });
}

/** The list of the release, where one is wanted. */
async function listOf(
  context: Context,
  options: AttestOptions,
  { config, outputFolder: folder }: Workbench,
  made: { readonly prepared: Prepared; readonly stem: string },
): Promise<PlannedList | null> {
  return wantsList(options, config) ? planList(context, options, config, { ...made, folder }) : null;
}

function showDryRun(
  context: Context,
  prepared: Prepared,
  bench: Workbench,
  { push, list }: { readonly push: PushPlan | null; readonly list: PlannedList | null },
): number {
  const { terminal } = context;
  const images = (push?.images ?? []).map(({ name, digest }) => `${name}@${digest}`);
  if (terminal.json) {
    const { statements, notes, outputs } = prepared;
    const document: DryRunReport = {
      schema: ATTEST_REPORT,
      dryRun: true,
      statements: statements.map((statement) => ({ ...statement })),
      parts: outputs.parts.map((part) => ({ ...part })),
      roots: [...bench.roots],
      pushes: [...images],
      list: list?.purl ?? null,
      notes: [...notes],
    };
    terminal.resultDocument(document);
    return 0;
  }
  terminal.result("Dry run: nothing is signed, and no evidence is written.");
  for (const line of [...partLines(prepared.outputs), ...claimLines(prepared, bench.run)]) terminal.result(line);
  terminal.result(`  statements    ${prepared.statements.length}`);
  if (list !== null) terminal.result(`  list of       ${safe(list.purl)}`);
  if (bench.roots.length > 0) terminal.result(`  may read      ${bench.roots.map(safe).join(", ")}`);
  for (const image of images) terminal.result(`  pushes to     ${safe(image)}`);
  for (const note of prepared.notes) terminal.note(`note: ${note}`);
  terminal.note(
    "Next: touchmark attest with the same arguments and --key FILE  (touchmark attest --dry-run --json shows the statement)",
  );
  return 0;
}

function showAttested(
  context: Context,
  prepared: Prepared,
  bench: Workbench,
  done: {
    readonly receipts: readonly Receipt[];
    readonly stem: string;
    readonly push: PushPlan | null;
    readonly trust: readonly Trust[];
    readonly list: PlannedList | null;
  },
): number {
  const { terminal } = context;
  const { receipts, stem, push, list } = done;
  const signer = done.trust.map(signerIn).find((one) => one !== null) ?? null;
  const subjects = prepared.outputs.subjects.length;
  if (terminal.json) {
    const document: SignedReport = {
      schema: ATTEST_REPORT,
      dryRun: false,
      release: stem,
      subjects,
      statements: prepared.statements.length,
      builder: prepared.claim.builder.id,
      signer,
      list: list?.purl ?? null,
      receipts: [...receipts],
      notes: [...prepared.notes],
    };
    terminal.resultDocument(document);
    return 0;
  }
  for (const line of [...partLines(prepared.outputs), ...claimLines(prepared, bench.run), ...receiptLines(receipts)]) {
    terminal.note(line);
  }
  for (const note of prepared.notes) terminal.note(`note: ${note}`);
  if (list !== null) terminal.note(`  list of       ${safe(list.purl)}`);
  if (signer !== null) terminal.note(`  verify with   ${safe(verifyFlags(signer))}`);
  const bundle = receipts.find((receipt) => receipt.subject === null)?.uri ?? "";
  terminal.result(
    `${terminal.paint("green", "SIGNED")}  ${safe(stem)}: ${counted(subjects, "subject")} in ${counted(prepared.statements.length, "statement")}, verified again from ${safe(bundle)}${push === null ? "" : `, attached to ${counted(push.images.length, "image")}`}`,
  );
  return 0;
}

/** `npm-pack+run` writes tarballs, in a dry run too, and leaves scripts out. */
function packNotes(bench: Workbench): readonly string[] {
  if (!bench.sources.some((source) => source.options["run"] === true)) return [];
  return ["+run packed with scripts ignored: what prepack or prepare would build is not in the tarball."];
}
