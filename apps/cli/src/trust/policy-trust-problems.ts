import { createHash } from "node:crypto";
import path from "node:path";
import { MAX_SMALL_FILE_BYTES } from "@touchmark/core";
import {
  type PolicyDocument,
  type PolicyProblem,
  type TrustList,
  type TrustSource,
  trustDocument,
  trustList,
} from "@touchmark/policy";
import { readYamlText } from "../config/yaml-text.ts";
import type { Context } from "../context.ts";
import { readInput } from "../read-input.ts";
import { requireUsable } from "../verify/trust-of-entries.ts";
import { firstProblem } from "./first-problem.ts";

/** A problem with the file that it is in. */
export interface FiledProblem extends PolicyProblem {
  /** As the user named it, or as the policy does, from where the user is. */
  readonly file: string;
}

/** A list of whom to believe, not understood yet. */
interface WrittenTrust extends Required<TrustSource> {
  read(source: TrustSource): TrustList;
}

/**
 * The first thing that is wrong with whom a policy believes: in its own entries, or in the trust file that it names, and with
 * the keys and roots that either names.
 */
export async function policyTrustProblems(
  context: Context,
  document: PolicyDocument,
): Promise<readonly FiledProblem[]> {
  const { trust, label, placeOf } = document;
  if (trust === null) return [];
  const named = typeof trust === "string" ? besidePolicy(label, trust) : null;
  let written: WrittenTrust;
  try {
    written = named === null ? inline(document) : await trustFile(context, named);
  } catch (error) {
    const at = ["trust"];
    return [{ ...firstProblem(error, { label, place: placeOf(at), prefix: "`trust`: " }), path: at, file: label }];
  }
  const folder = path.dirname(path.resolve(context.cwd, written.label));
  const prefix = named === null ? "`trust`: " : "";
  let at: readonly PropertyKey[] = ["trust"];
  const remember = (keys: readonly PropertyKey[]) => {
    at = keys;
    return written.placeOf(keys);
  };
  try {
    const list = written.read({ ...written, placeOf: remember });
    at = ["trust"]; // what is wrong with keys and roots is said with its entry's place
    await requireUsable(context, { list, folder });
    return [];
  } catch (error) {
    const where = { label: written.label, place: written.placeOf(at), prefix };
    return [{ ...firstProblem(error, where), path: at, file: written.label }];
  }
}

function inline({ trust, label, digest, placeOf }: PolicyDocument): WrittenTrust {
  return { label, digest, placeOf, read: (source) => trustList(trust, source, ["trust"]) };
}

function besidePolicy(policy: string, trust: string): string {
  return path.isAbsolute(trust) ? trust : path.join(path.dirname(policy), trust);
}

async function trustFile({ cwd }: Context, label: string): Promise<WrittenTrust> {
  const bytes = await readInput(cwd, label, MAX_SMALL_FILE_BYTES);
  const { data, placeOf } = await readYamlText(bytes, label, "TRUST_INVALID");
  const digest = createHash("sha256").update(bytes).digest("hex");
  return { label, digest, placeOf, read: (source) => trustDocument(data, source) };
}
