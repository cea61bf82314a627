import { isJsonObject } from "@touchmark/core";
import { releasedCommits } from "../presets/released-commits.ts";
import type { TrustSigner } from "./entry.ts";
import { OwnWorkflowSigner, SIGNERS } from "./schema.ts";
import { tagRange } from "./tag-range.ts";
import { readPart, type TrustSource, unreadable } from "./unreadable.ts";

/**
 * Reads who signs: the first key that says so decides which form is meant.
 *
 * @throws TouchmarkError `TRUST_INVALID`.
 */
export function readSigner(data: unknown, source: TrustSource, keys: readonly PropertyKey[]): TrustSigner {
  const given = isJsonObject(data) ? data : {};
  const form = FORMS.find((name) => Object.hasOwn(given, name));
  switch (form) {
    case "key":
      return { kind: "key", path: readPart(SIGNERS.key, data, source, keys).key };
    case "cloud-build":
      readPart(SIGNERS["cloud-build"], data, source, keys);
      return { kind: "cloud-build" };
    case "identity": {
      const { issuer, identity } = readPart(SIGNERS.identity, data, source, keys);
      return { kind: "identity", issuer, identity };
    }
    case "identity-pattern": {
      const signer = readPart(SIGNERS["identity-pattern"], data, source, keys);
      return { kind: "pattern", issuer: signer.issuer, pattern: readPattern(signer["identity-pattern"], source, keys) };
    }
    case "workflow":
      if (given["workflow"] !== "any-of-source") return readWorkflow(data, source, keys);
      return { kind: "own-workflow", issuer: readPart(OwnWorkflowSigner, data, source, keys).issuer };
    case undefined:
      throw unreadable(source, keys, {
        message: "nobody is named as the signer",
        expected: FORMS.join(", "),
        actual: Object.keys(given).join(", ") || "nothing",
      });
  }
}

const FORMS = Object.keys(SIGNERS) as (keyof typeof SIGNERS)[];

function readWorkflow(data: unknown, source: TrustSource, keys: readonly PropertyKey[]): TrustSigner {
  const { issuer, workflow: written, at } = readPart(SIGNERS.workflow, data, source, keys);
  const workflow = written.startsWith("https://") ? written : `https://${written}`;
  const tags = at.tags === undefined ? null : tagRange(at.tags);
  const commits = at.commits === "released" ? releasedCommits(workflow) : (at.commits ?? []);
  if (tags === null && commits.length === 0) {
    throw unreadable(source, [...keys, "at", "commits"], {
      message: "no released commit of this workflow is known here",
      expected: "`tags`, or the commits themselves",
      actual: `${workflow}: released`,
    });
  }
  return { kind: "workflow", issuer, workflow, tags, commits };
}

/** Whether it is slow, or accepts anybody, is asked by whoever makes trust of it. */
function readPattern(text: string, source: TrustSource, keys: readonly PropertyKey[]): string {
  try {
    new RegExp(text, "u");
    return text;
  } catch (cause) {
    throw unreadable(source, [...keys, "identity-pattern"], {
      message: "the pattern is not a regular expression",
      expected: "one for the whole name",
      actual: (cause as Error).message,
      cause,
    });
  }
}
