import {
  type BundleLine,
  MAX_EVIDENCE_BYTES,
  MAX_SMALL_FILE_BYTES,
  parseBundleFile,
  parseStatement,
  type Subject,
  showDigest,
  TouchmarkError,
} from "@touchmark/core";
import { type ImageSignature, parseImageSignatures, SIMPLE_SIGNING } from "@touchmark/oci";
import type { Publisher, Receipt, SignedEnvelope } from "@touchmark/plugin";
import { filesStore, imagesIn, releaseStem } from "../builtin-services.ts";
import { loadConfig } from "../config/load.ts";
import type { Context } from "../context.ts";
import { registryPusher, signaturesFile } from "../push.ts";
import { readInput } from "../read-input.ts";
import { receiptLines } from "../render/attest-summary.ts";
import { counted } from "../render/counted.ts";
import { type CommonOptions, safe } from "../render/terminal.ts";
import { DEFAULT_FOLDER, openHost } from "../workbench.ts";

interface PublishOptions extends CommonOptions {
  readonly config?: string | false;
  readonly out?: string;
  readonly name?: string;
  readonly to?: readonly string[];
  readonly attTag?: boolean;
}

/** What the files that were given hold. */
interface Evidence {
  readonly envelopes: SignedEnvelope[];
  readonly signatures: ImageSignature[];
}

/** `touchmark publish BUNDLE…`: puts evidence that exists where it belongs; needs no key and never signs. */
export async function publishCommand(
  context: Context,
  positional: readonly string[],
  options: PublishOptions,
): Promise<number> {
  const places = placesOf(options);
  const evidence: Evidence = { envelopes: [], signatures: [] };
  for (const file of positional) await readEvidence(context, file, evidence);
  const { envelopes, signatures } = evidence;
  const loaded = await loadConfig({ cwd: context.cwd, named: options.config ?? null, userCode: false });
  const publish = loaded?.config.publish;
  const folder = options.out ?? publish?.files?.folder ?? DEFAULT_FOLDER;
  const name = releaseStem({
    name: options.name ?? null,
    releaseName: loaded?.config.release?.name ?? null,
    subjects: envelopes.flatMap((envelope) => envelope.subjects),
  });
  const publishersFor = (place: Place): readonly Publisher[] => {
    switch (place) {
      case "files":
        return [
          filesStore({ folder, name, perSubject: envelopes.every((one) => one.subjects.length === 1) }),
          ...(signatures.length > 0 ? [signaturesFile(folder, name, signatures)] : []),
        ];
      case "oci": {
        const attTag = options.attTag ?? publish?.registry?.["att-tag"] ?? false;
        return [registryPusher(context, { attTag, signatures, files: positional })];
      }
    }
  };
  const host = openHost(context, [folder], false);
  try {
    const receipts: Receipt[] = [];
    for (const place of places) {
      for (const publisher of publishersFor(place)) receipts.push(...(await publisher.publish(envelopes, host)));
    }
    if (context.terminal.json) {
      context.terminal.result(JSON.stringify({ release: name, receipts }, null, 2));
      return 0;
    }
    for (const line of receiptLines(receipts)) context.terminal.note(line);
    context.terminal.result(
      `${context.terminal.paint("green", "PUBLISHED")}  ${places.includes("files") ? `${safe(name)}: ` : ""}${counted(envelopes.length, "bundle")}${places.includes("oci") ? `, attached to ${counted(imagesIn(envelopes.flatMap(({ subjects }) => subjects)).length, "image")}` : ""}; nothing was signed`,
    );
    return 0;
  } finally {
    await host.close();
  }
}

const PLACES = ["files", "oci"] as const;
type Place = (typeof PLACES)[number];

/** In the order of {@link PLACES}, each once: files first, so that they are there whatever a registry says. */
function placesOf(options: PublishOptions): readonly Place[] {
  const wanted = options.to ?? ["files"];
  const unknown = wanted.find((place) => !(PLACES as readonly string[]).includes(place));
  if (unknown !== undefined || (options.attTag === true && !wanted.includes("oci"))) {
    throw new TouchmarkError("USAGE", unknown === undefined ? "--att-tag is about --to oci" : "--to names no place", {
      expected: unknown === undefined ? "--to oci beside it" : PLACES.join(" or "),
      actual: unknown ?? wanted.join(", "),
    });
  }
  return PLACES.filter((place) => wanted.includes(place));
}

/** Adds what one file holds: bundles, or signatures of images as `attest --cosign-signature` keeps them. */
async function readEvidence(context: Context, file: string, evidence: Evidence): Promise<void> {
  const content = await readInput(context.cwd, file, MAX_EVIDENCE_BYTES);
  const lines = parseBundleFile(content);
  const [first] = lines;
  if (first !== undefined && isImageSignature(first.bytes)) {
    evidence.signatures.push(...parseImageSignatures(content, file));
    return;
  }
  evidence.envelopes.push(...envelopesIn(file, lines));
}

function isImageSignature(line: Uint8Array): boolean {
  return line.byteLength <= MAX_SMALL_FILE_BYTES && new TextDecoder().decode(line).includes(`"${SIMPLE_SIGNING}"`);
}

function envelopesIn(file: string, lines: readonly BundleLine[]): readonly SignedEnvelope[] {
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
  return parseStatement(payload).subject.map(({ name, digest, uri, mediaType, annotations }) => ({
    name: name ?? showDigest(digest) ?? "unnamed",
    digest,
    uri,
    mediaType,
    annotations,
  }));
}
