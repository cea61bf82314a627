import { TouchmarkError } from "@touchmark/core";
import { describeEvidence, type EvidenceDescription } from "@touchmark/engine";
import type { Host } from "@touchmark/plugin";
import { PRESETS, presetId, presetList } from "@touchmark/policy";
import { counted } from "../render/counted.ts";
import { shellWord } from "../render/shell-word.ts";
import { safe } from "../render/terminal.ts";

/** What a first piece of evidence wants to be believed by. */
function trustFor(first: EvidenceDescription | undefined): string {
  if (first?.format === "cloud-build") return "--cloud-build --source OWNER/REPO";
  if (first?.predicateType?.startsWith("https://slsa.dev/verification_summary/") === true)
    return "--trust FILE_THAT_NAMES_THE_VERIFIER --accept-vsa";
  if (first?.signer.kind !== "certificate") return "--key PUBLIC_KEY_OF_THE_SIGNER";
  const preset = first.certificate === null ? null : presetWith(first.certificate);
  return preset === null
    ? "--signer-identity WORKFLOW_OF_THE_SIGNER --signer-issuer URL"
    : `--trust preset:${preset} --source OWNER/REPO`;
}

/** The preset that has a workflow of this name, which still has to be named and judged; null where none has. */
function presetWith({ identity, issuer }: NonNullable<EvidenceDescription["certificate"]>): string | null {
  const found = PRESETS.map(presetId).find((id) =>
    presetList(`preset:${id}`).entries.some(
      ({ signer }) =>
        signer.kind === "workflow" && signer.issuer === issuer && identity.startsWith(`${signer.workflow}@`),
    ),
  );
  return found ?? null;
}

function signerOf({ signer, certificate }: EvidenceDescription): string {
  if (signer.kind === "key") return `a key${signer.hint === null ? "" : ` (hint ${signer.hint})`}`;
  return certificate === null
    ? "a certificate"
    : `a certificate for ${certificate.identity}, issuer ${certificate.issuer}`;
}

/** Nobody said whom to believe: looks at what the evidence says of itself. */
export async function trustUnset(options: Parameters<typeof describeEvidence>[0], host: Host): Promise<TouchmarkError> {
  return unbelieved(await describeEvidence(options, host), options.targets);
}

/** What the evidence says of itself, unchecked, and the line to type. */
export function unbelieved(found: readonly EvidenceDescription[], targets: readonly string[]): TouchmarkError {
  const said = found.slice(0, 4).map((one) => {
    const source =
      one.source === null ? "" : `, built from ${one.source}${one.commit === null ? "" : ` ${one.commit}`}`;
    return `${one.name}: ${counted(one.subjects, "subject")}, builder ${one.builder ?? "not said"}${source}, signed with ${signerOf(one)}`;
  });
  const target = targets.map(shellWord).join(" ");
  return new TouchmarkError("TRUST_UNSET", "nobody said whom to believe, so nothing was judged", {
    expected: `touchmark verify ${safe(target)} ${trustFor(found[0])}`,
    actual:
      said.length === 0
        ? "nobody, and no evidence was found"
        : `nobody; the evidence says of itself (not checked): ${said.join("; ")}`,
  });
}
