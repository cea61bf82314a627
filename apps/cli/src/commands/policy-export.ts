import path from "node:path";
import { type ExportedSigner, type ExportTool, exportPolicy, type TrustEntry } from "@touchmark/policy";
import type { Context } from "../context.ts";
import { type CommonOptions, safe } from "../render/terminal.ts";
import { POLICY_EXPORT_REPORT, type PolicyExportReport } from "../reports/policy-export.ts";
import { openPolicy } from "../verify/policy.ts";
import { type OpenedTrust, readBeside } from "../verify/trust-list.ts";

interface ExportOptions extends CommonOptions {
  readonly to: ExportTool;
}

/** `touchmark policy export`: YAML for another tool, and what that cannot say, as comments and on standard error. */
export async function policyExport(
  context: Context,
  positional: readonly string[],
  { to }: ExportOptions,
): Promise<number> {
  const [file = ""] = positional;
  const place = { file: path.resolve(context.cwd, file), label: file };
  const { document, trust, compiled } = await openPolicy(context, { place, key: null }, []);
  const unsaid: string[] = [];
  const signers = trust === null ? [] : await signersIn(trust, unsaid);
  if (trust === null) unsaid.push("whom to believe, which stands in no `trust` of the policy");
  const { documents, lost } = exportPolicy(document, signers, to);
  const all = [...unsaid, ...lost];
  const { terminal } = context;
  if (terminal.json) {
    const report: PolicyExportReport = { schema: POLICY_EXPORT_REPORT, to, documents: [...documents], lost: all };
    terminal.resultDocument(report);
    return 0;
  }
  const { stringify } = await import("../config/yaml.ts");
  terminal.result(`# Made by touchmark policy export from ${safe(file)}, sha256:${compiled.digest}`);
  terminal.result("# What is lost:");
  for (const what of all) {
    terminal.result(`# - ${safe(what)}`);
    terminal.note(`lost: ${safe(what)}`);
  }
  for (const one of documents) terminal.result(`---\n${stringify(one).trimEnd()}`);
  return 0;
}

async function signersIn({ list, folder }: OpenedTrust, unsaid: string[]): Promise<readonly ExportedSigner[]> {
  const signers: ExportedSigner[] = [];
  for (const entry of list.entries) {
    const signer = entry.kind === "builder" ? await signerOf(entry, folder) : null;
    if (signer === null) unsaid.push(`"${entry.name}", whom only Touchmark can believe`);
    else signers.push(signer);
    for (const what of limitsOf(entry)) unsaid.push(`"${entry.name}": ${what}`);
  }
  return signers;
}

async function signerOf(
  entry: Extract<TrustEntry, { readonly kind: "builder" }>,
  folder: OpenedTrust["folder"],
): Promise<ExportedSigner | null> {
  const { signer, name, maxLevel } = entry;
  const own = { name, maxLevel };
  switch (signer.kind) {
    case "key":
      return { ...own, kind: "key", pem: new TextDecoder().decode(await readBeside(entry, folder, signer.path)) };
    case "identity":
      return { ...own, kind: "identity", issuer: signer.issuer, subject: signer.identity };
    case "pattern":
      return { ...own, kind: "pattern", issuer: signer.issuer, subjectRegExp: `^(?:${signer.pattern})$` };
    case "workflow": {
      const workflow = signer.workflow.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
      return { ...own, kind: "pattern", issuer: signer.issuer, subjectRegExp: `^${workflow}@refs/tags/.+$` };
    }
    case "own-workflow":
      return { ...own, kind: "pattern", issuer: signer.issuer, subjectRegExp: null };
    case "cloud-build":
      return null;
  }
}

/** What an entry demands beside its signer. */
function limitsOf(entry: TrustEntry): readonly string[] {
  if (entry.kind !== "builder") return [];
  return [
    ...(entry.builders === "same-as-signer" ? [] : ["which builder it signs for"]),
    ...(entry.runners === null ? [] : ["on which runners"]),
    ...(entry.source === null ? [] : ["for which source"]),
    ...(entry.from === null && entry.until === null ? [] : ["for which time"]),
    ...(entry.signer.kind === "workflow" ? ["at which of its tags and commits"] : []),
    ...(entry.roots === null ? [] : ["by which roots"]),
  ];
}
