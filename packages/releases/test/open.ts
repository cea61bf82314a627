import { createHash } from "node:crypto";
import { downloadBudget } from "../src/download-budget.ts";
import { contactsOf, type Endpoints, homeOf, PUBLIC_ENDPOINTS } from "../src/endpoints.ts";
import { openRelease } from "../src/open-release.ts";
import { parseReleaseTarget } from "../src/parse-target.ts";
import type { Asset, AssetSink, Release } from "../src/release.ts";
import { type Answer, type AnsweringHost, answeringHost } from "./answering-host.ts";

export interface Opened extends AnsweringHost {
  readonly release: Release;
}

/** Opens a target against a list of answers. */
export async function open(
  text: string,
  answers: Readonly<Record<string, Answer | readonly Answer[]>>,
  { token = null, endpoints = {}, max }: { token?: string | null; endpoints?: Partial<Endpoints>; max?: number } = {},
): Promise<Opened> {
  const answering = answeringHost(answers);
  const target = parseReleaseTarget(text);
  const all = { ...PUBLIC_ENDPOINTS, ...endpoints };
  const options = {
    home: homeOf(target, all),
    token,
    contacts: contactsOf(target, all),
    budget: downloadBudget(max),
  };
  return { ...answering, release: await openRelease(target, options, answering.host) };
}

/** What an asset's bytes are once they are brought. */
export async function bytesOf(asset: Asset | undefined): Promise<string> {
  let text = "";
  const sink: AssetSink = {
    restart: async () => {
      text = "";
    },
    write: async (chunk) => {
      text += Buffer.from(chunk).toString("latin1");
    },
  };
  await asset?.save(sink);
  return text;
}

export async function evidenceOf({ release }: Opened): Promise<readonly { name: string; text: string }[]> {
  const saved = [];
  for (const asset of release.assets) {
    saved.push(await asset.save({ restart: async () => undefined, write: async () => undefined }));
  }
  const found = [];
  for await (const { name, bytes } of release.evidence(saved))
    found.push({ name, text: Buffer.from(bytes).toString() });
  return found;
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
