import { listed } from "../document/fields.ts";
import type { PolicyDocument } from "../document/policy-document.ts";
import {
  type ExportedPolicy,
  type ExportedSigner,
  type ImageRule,
  imagePatterns,
  signersFor,
  unsaidIn,
} from "./exported.ts";
import { kyvernoPolicy } from "./kyverno.ts";
import { clusterImagePolicy } from "./policy-controller.ts";

export type ExportTool = "kyverno" | "policy-controller";

/**
 * Writes a policy for another tool, as far as that can say it: images and their provenance, who signs, from which source and by
 * which build type.
 */
export function exportPolicy(
  { file, label }: PolicyDocument,
  signers: readonly ExportedSigner[],
  tool: ExportTool,
): ExportedPolicy {
  const lost: string[] = [];
  const rules: ImageRule[] = [];
  for (const [index, rule] of file.artifacts.entries()) {
    const number = index + 1;
    const images = imagePatterns(rule);
    const told = signersFor(rule, signers);
    if (images.length === 0) {
      lost.push(`rule ${number} is about no image`);
      continue;
    }
    if (images.length < listed(rule.match).length) lost.push(`rule ${number} is about files or packages too`);
    if (told.length === 0) {
      lost.push(`rule ${number}: nobody whom the policy believes can be named, so that it is left out`);
      continue;
    }
    lost.push(...unsaidIn(rule).map((what) => `rule ${number}, ${what}`));
    const others = (rule.require ?? []).filter((kind) => kind !== "provenance");
    if (others.length > 0) lost.push(`rule ${number}, \`require\`: ${others.join(", ")}`);
    rules.push({ number, rule, images, signers: told });
  }
  if (file.expires !== undefined) lost.push(`that the policy ends on ${file.expires}`);
  if (file.release !== undefined) lost.push("`release`: which release is meant");
  if (file.deny !== undefined) lost.push("`deny`: what must not be used, whoever signed it");
  if (file.exceptions !== undefined)
    lost.push("`exceptions`: what is let through without evidence; it is refused there");
  lost.push("that an image which no rule is about is refused");
  const name = nameOf(label);
  const documents =
    tool === "kyverno" ? [kyvernoPolicy(name, rules)] : rules.map((rule) => clusterImagePolicy(name, rule));
  return { documents, lost: [...lost, ...LOST_BY[tool]] };
}

const LOST_BY = {
  kyverno: [
    "that the first rule which matches decides: Kyverno applies each of them",
    "that * ends at a slash: in Kyverno it does not, so that each pattern takes in more images",
  ],
  "policy-controller": ["that the first rule which matches decides: policy-controller applies each of them"],
} as const;

/** As Kubernetes takes it: RFC 1123. */
function nameOf(label: string): string {
  const base = label.slice(label.lastIndexOf("/") + 1).replace(/\.(?:ya?ml|json)$/, "");
  return (
    base
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, "-")
      .replaceAll(/^-+|-+$/g, "")
      .slice(0, 50) || "touchmark"
  );
}
