import path from "node:path";
import { MAX_SMALL_FILE_BYTES, TouchmarkError } from "@touchmark/core";
import { writeNewFiles } from "@touchmark/host-node";
import { generateKeyPair, type KeyAlgorithm, publicHalf } from "@touchmark/signer-key";
import type { Context } from "../context.ts";
import { askPassphrase, type PassphraseOptions, readPassphrase } from "../passphrase.ts";
import { readInput } from "../read-input.ts";
import { type CommonOptions, safe } from "../render/terminal.ts";

interface GenerateOptions extends CommonOptions, PassphraseOptions {
  readonly out?: string;
  readonly algorithm: KeyAlgorithm;
}

/** `touchmark keys generate`: touchmark.key (0600) and touchmark.pub; never overwrites. */
export async function keysGenerate(
  context: Context,
  _positional: readonly string[],
  options: GenerateOptions,
): Promise<number> {
  const passphrase = await readPassphrase(context, options);
  const folder = options.out ?? ".";
  const pair = generateKeyPair({ algorithm: options.algorithm, passphrase });
  const files = [
    { name: "touchmark.key", bytes: pair.privatePem, mode: 0o600 },
    { name: "touchmark.pub", bytes: pair.publicPem, mode: 0o644 },
  ];
  await writeNewFiles(path.resolve(context.cwd, folder), files, (name) => {
    throw new TouchmarkError("KEY_EXISTS", `${path.join(folder, name)} is there already`, {
      expected: "a folder without touchmark.key and touchmark.pub",
      actual: `${name} exists`,
    });
  });
  const [privateFile, publicFile] = files.map((file) => path.join(folder, file.name));
  if (context.terminal.json) {
    context.terminal.result(
      JSON.stringify({ private: privateFile, public: publicFile, encrypted: passphrase !== null }, null, 2),
    );
    return 0;
  }
  context.terminal.result(
    `wrote ${safe(privateFile ?? "")} (${passphrase === null ? "not encrypted" : "encrypted"}, keep it secret) and ${safe(publicFile ?? "")} (give it to those who verify)`,
  );
  return 0;
}

/** `touchmark keys public KEY`: the public half, as PEM. */
export async function keysPublic(
  context: Context,
  positional: readonly string[],
  options: CommonOptions & PassphraseOptions,
): Promise<number> {
  const [file = ""] = positional;
  const pem = await readInput(context.cwd, file, MAX_SMALL_FILE_BYTES);
  const given = await readPassphrase(context, options);
  const publicPem = new TextDecoder().decode(await publicHalfOf(context, file, pem, given));
  if (context.terminal.json) context.terminal.result(JSON.stringify({ public: publicPem }, null, 2));
  else context.terminal.result(publicPem.trimEnd());
  return 0;
}

async function publicHalfOf(
  context: Context,
  file: string,
  pem: Uint8Array,
  passphrase: string | null,
): Promise<Uint8Array> {
  try {
    return publicHalf(pem, passphrase);
  } catch (error) {
    if (!(error instanceof TouchmarkError) || error.code !== "PASSPHRASE_MISSING") throw error;
    const answer = await askPassphrase(context, `Passphrase of ${file}`);
    if (answer === null) throw error;
    return publicHalf(pem, answer);
  }
}
