import {
  MAX_EVIDENCE_BYTES,
  parseBundleFile,
  parseStatement,
  type Subject,
  showDigest,
  TouchmarkError,
} from "@touchmark/core";
import type { SignedEnvelope } from "@touchmark/plugin";
import { filesStore, releaseStem } from "../builtins.ts";
import { loadConfig } from "../config/load.ts";
import type { Context } from "../context.ts";
import { readInput } from "../read-input.ts";
import { receiptLines } from "../render/attest-summary.ts";
import { counted } from "../render/counted.ts";
import { type CommonOptions, safe } from "../render/terminal.ts";
import { DEFAULT_FOLDER, openHost } from "../workbench.ts";

interface PublishOptions extends CommonOptions {
  readonly config?: string | false;
  readonly out?: string;
  readonly name?: string;
}

/** `touchmark publish BUNDLE…`: puts evidence that exists where it belongs; needs no key and never signs. */
export async function publishCommand(
  context: Context,
  positional: readonly string[],
  options: PublishOptions,
): Promise<number> {
  const envelopes: SignedEnvelope[] = [];
  for (const file of positional) envelopes.push(...(await readEnvelopes(context, file)));
  const loaded = await loadConfig({ cwd: context.cwd, named: options.config ?? null, userCode: false });
  const folder = options.out ?? loaded?.config.publish?.files?.folder ?? DEFAULT_FOLDER;
  const name = releaseStem({
    name: options.name ?? null,
    releaseName: loaded?.config.release?.name ?? null,
    subjects: envelopes.flatMap((envelope) => envelope.subjects),
  });
  const host = openHost(context, [folder], false);
  try {
    const publisher = filesStore({ folder, name, perSubject: envelopes.every((one) => one.subjects.length === 1) });
    const receipts = await publisher.publish(envelopes, host);
    if (context.terminal.json) {
      context.terminal.result(JSON.stringify({ release: name, receipts }, null, 2));
      return 0;
    }
    for (const line of receiptLines(receipts)) context.terminal.note(line);
    context.terminal.result(
      `${context.terminal.paint("green", "PUBLISHED")}  ${safe(name)}: ${counted(envelopes.length, "bundle")}; nothing was signed`,
    );
    return 0;
  } finally {
    await host.close();
  }
}

async function readEnvelopes(context: Context, file: string): Promise<readonly SignedEnvelope[]> {
  const lines = parseBundleFile(await readInput(context.cwd, file, MAX_EVIDENCE_BYTES));
  return lines.map(({ line, bundle, bytes }) => {
    if (bundle instanceof TouchmarkError) {
      throw new TouchmarkError("INPUT_INVALID", `${file} line ${line} is not a bundle`, {
        expected: bundle.expected,
        actual: bundle.actual ?? bundle.message,
        cause: bundle,
      });
    }
    return { bundle: oneLine(bytes), subjects: subjectsIn(bundle.payload) };
  });
}

/** A bundle that was written over several lines becomes one, so that it fits a JSON Lines file; its payload is unchanged. */
function oneLine(bytes: Uint8Array): Uint8Array {
  const text = new TextDecoder().decode(bytes).trim();
  return new TextEncoder().encode(text.includes("\n") ? JSON.stringify(JSON.parse(text)) : text);
}

function subjectsIn(payload: Uint8Array): readonly Subject[] {
  return parseStatement(payload).subject.map((subject) => ({
    name: subject.name ?? showDigest(subject.digest) ?? "unnamed",
    digest: subject.digest,
  }));
}
