import { existsSync } from "node:fs";
import path from "node:path";
import { TouchmarkError } from "@touchmark/core";
import { type CheckReport, policyOf, type SummaryScope, signSummaries, summarize } from "@touchmark/engine";
import { expectedPackage } from "@touchmark/verify";
import type { Context } from "../context.ts";
import { hostFor } from "../host-for.ts";
import { counted } from "../render/counted.ts";
import { safe } from "../render/terminal.ts";
import { VERSION } from "../version.ts";
import { type SummaryOutFlags, summaryFlag } from "./summary-flags.ts";
import { openSummarySigner, verifierOf } from "./summary-signer.ts";

/** What else `verify` was asked, which belongs to what the summary is about. */
interface Asked extends SummaryOutFlags {
  readonly package?: string;
  readonly complete?: boolean;
  readonly anyName?: boolean;
  readonly recursive?: boolean;
  readonly ignore?: readonly string[];
  readonly offline?: boolean;
}

/** Where summaries of what is verified go. */
export interface SummariesOut {
  /** Signs, checks and writes; before the verdict is printed, since a verdict that is said to be stored must be. */
  write(report: CheckReport): Promise<void>;
}

/**
 * Opens who signs, before anything is hashed: a wrong passphrase should not cost that time.
 *
 * @throws TouchmarkError `USAGE` for flags that say too little or contradict each other; `OUTPUT_CONFLICT` where the file is
 * there already; as `openSigner` and `keylessOf`.
 */
export async function openSummaries(context: Context, asked: Asked): Promise<SummariesOut> {
  const { vsaOut: file, vsaVerifierId: id } = asked;
  if (file === undefined || id === undefined) {
    throw usage(
      "a verification summary is written to a file, by a verifier that names itself",
      "--vsa-out FILE and --vsa-verifier-id URI",
      summaryFlag(asked) ?? "neither",
    );
  }
  const verifierId = uriOf(id, "--vsa-verifier-id");
  const scope = scopeOf(asked);
  const policyUri = asked.vsaPolicyUri === undefined ? null : uriOf(asked.vsaPolicyUri, "--vsa-policy-uri");
  const target = path.resolve(context.cwd, file);
  requireNew(target, file);
  const { signing, hosts } = await openSummarySigner(context, asked);
  return {
    async write(report) {
      const plan = {
        scope,
        verifier: { id: verifierId, version: { touchmark: VERSION } },
        timeVerified: `${new Date().toISOString().slice(0, 19)}Z`,
        policy: policyOf(report.inputs, expectationsOf(asked), policyUri),
      };
      const { statements, unknown, exceptions, unread } = summarize(report, plan);
      const { terminal } = context;
      const left = unknown + exceptions + unread;
      if (left > 0) {
        terminal.note(
          `no summary is about ${counted(left, "artifact")}: ${unknown} unknown, ${exceptions} excepted, ${unread} unreadable`,
        );
      }
      if (statements.length === 0) {
        terminal.note(`${safe(file)} was not written: there is nothing that a summary could say`);
        return;
      }
      const host = hostFor(context, { network: { kind: "services", hosts } });
      try {
        const { signer, run } = signing;
        const trust = await verifierOf(signing, host);
        const bundles = await signSummaries(statements, { signer, run, trust }, host);
        const bytes = Buffer.concat(bundles.flatMap((bundle) => [bundle, LINE_END]));
        requireNew(target, file);
        await host.writeFiles(path.dirname(target), [{ name: path.basename(target), bytes }]);
        for (const note of await signing.notes(host)) terminal.note(note);
      } finally {
        await host.close();
      }
      const failed = statements.filter(({ predicate }) => predicate["verificationResult"] === "FAILED").length;
      terminal.note(
        `wrote ${safe(file)}: ${statements.length === 1 ? "1 summary" : `${statements.length} summaries`}${failed === 0 ? "" : `, ${failed} of them FAILED`}`,
      );
    },
  };
}

const LINE_END = Buffer.from("\n");

function scopeOf({ vsaRelease, vsaResourcePrefix, package: purl }: Asked): SummaryScope {
  const given = [
    ...(vsaRelease === undefined ? [] : ["--vsa-release"]),
    ...(vsaResourcePrefix === undefined ? [] : ["--vsa-resource-prefix"]),
  ];
  if (given.length > 1) throw usage("artifacts are verified as one thing", given.join(" or "), "both");
  if (vsaRelease !== undefined) return { kind: "release", resourceUri: uriOf(vsaRelease, "--vsa-release") };
  if (vsaResourcePrefix !== undefined) {
    return { kind: "artifacts", prefix: uriOf(vsaResourcePrefix, "--vsa-resource-prefix") };
  }
  return purl === undefined ? { kind: "artifacts", prefix: null } : { kind: "package", purl: expectedPackage(purl) };
}

function expectationsOf({ complete, anyName, recursive, package: purl, ignore }: Asked) {
  return {
    complete: complete === true,
    anyName: anyName === true,
    recursive: recursive === true,
    package: purl === undefined ? null : expectedPackage(purl),
    ignore: ignore ?? [],
  };
}

/** Longer ones this verifier would not read. Unit: characters. */
const MAX_URI = 2_048;

function uriOf(text: string, flag: string): string {
  if (text.length <= MAX_URI && /^[A-Za-z][A-Za-z0-9+.-]*:[\x21-\x7e]+$/.test(text)) return text;
  throw usage(`${flag} is not a URI`, "https://verifier.example.com/v1, pkg:generic/widgets@1.0.0", text.slice(0, 100));
}

/** What is there could be the summary of an earlier run, which must not be taken for one of this. */
function requireNew(target: string, shown: string): void {
  if (!existsSync(target)) return;
  throw new TouchmarkError("OUTPUT_CONFLICT", `${shown} is there already`, {
    expected: "the name of a new file",
    actual: "one that exists",
  });
}

function usage(message: string, expected: string, actual: string): TouchmarkError {
  return new TouchmarkError("USAGE", message, { expected, actual });
}
