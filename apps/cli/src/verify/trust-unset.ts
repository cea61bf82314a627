import { TouchmarkError } from "@touchmark/core";
import { describeEvidence, type EvidenceDescription } from "@touchmark/engine";
import type { Host } from "@touchmark/plugin";
import { counted } from "../render/counted.ts";
import { safe } from "../render/terminal.ts";

/** What a first piece of evidence wants to be believed by. */
function trustFor(first: EvidenceDescription | undefined): string {
  if (first?.format === "cloud-build") return "--cloud-build --source OWNER/REPO";
  return first?.signer.kind === "certificate"
    ? "--signer-identity WORKFLOW_OF_THE_SIGNER --signer-issuer URL"
    : "--key PUBLIC_KEY_OF_THE_SIGNER";
}

/** Nobody said whom to believe: what the evidence says of itself, unchecked, and the line to type. */
export async function trustUnset(options: Parameters<typeof describeEvidence>[0], host: Host): Promise<TouchmarkError> {
  const { targets } = options;
  const found = await describeEvidence(options, host);
  const said = found.slice(0, 4).map((one) => {
    const source =
      one.source === null ? "" : `, built from ${one.source}${one.commit === null ? "" : ` ${one.commit}`}`;
    const signer =
      one.signer.kind === "key"
        ? `a key${one.signer.hint === null ? "" : ` (hint ${one.signer.hint})`}`
        : "a certificate";
    return `${one.name}: ${counted(one.subjects, "subject")}, builder ${one.builder ?? "not said"}${source}, signed with ${signer}`;
  });
  const target = targets
    .map((one) => (/^[\w@%+=:,./-]+$/.test(one) ? one : `'${one.replaceAll("'", `'\\''`)}'`))
    .join(" ");
  return new TouchmarkError("TRUST_UNSET", "nobody said whom to believe, so nothing was judged", {
    expected: `touchmark verify ${safe(target)} ${trustFor(found[0])}`,
    actual:
      said.length === 0
        ? "nobody, and no evidence was found"
        : `nobody; the evidence says of itself (not checked): ${said.join("; ")}`,
  });
}
