import { TouchmarkError } from "@touchmark/core";
import type { Receipt, WritableHost } from "@touchmark/plugin";

/** A file of evidence, before it is written. */
export interface OutputFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly subject: string | null;
}

/** Writes all files or none, and says which were there already, byte for byte. */
export async function writeOutput(
  folder: string,
  files: readonly OutputFile[],
  host: WritableHost,
): Promise<readonly Receipt[]> {
  const receipts: Receipt[] = [];
  for (const file of files) {
    const uri = pathIn(folder, file.name);
    receipts.push({ subject: file.subject, uri, existed: await holds(host, uri, file.bytes) });
  }
  await host.writeFiles(folder, files);
  return receipts;
}

/** JSON Lines: a bundle with a line end inside would be read as two broken ones. */
export function asLine(bundle: Uint8Array): Uint8Array {
  if (bundle.byteLength === 0 || bundle.includes(0x0a)) {
    throw new TouchmarkError("INPUT_INVALID", "a bundle is not one line of JSON", {
      expected: "one line without its end",
      actual: bundle.byteLength === 0 ? "nothing" : "several lines",
    });
  }
  return Buffer.concat([bundle, Buffer.from("\n")]);
}

async function holds(host: WritableHost, path: string, bytes: Uint8Array): Promise<boolean> {
  if ((await host.kind(path)) !== "file") return false;
  const { size } = await host.file(path);
  if (size !== bytes.byteLength) return false;
  const before = await host.readBytes(path, { max: bytes.byteLength });
  return Buffer.from(before.buffer, before.byteOffset, before.byteLength).equals(bytes);
}

function pathIn(folder: string, name: string): string {
  const parent = folder.replace(/\/+$/, "");
  if (parent === "") return folder === "" ? name : `/${name}`;
  return parent === "." ? name : `${parent}/${name}`;
}
