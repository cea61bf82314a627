import { concat } from "./der.ts";
import { base64, type TestKey } from "./test-key.ts";

/** Who signs a log's tree heads. */
export interface CheckpointSigner {
  readonly key: TestKey;
  /** The first four bytes of it are the hint before a signature. */
  readonly logId: Uint8Array;
}

export interface Checkpoint {
  /** First line: the log's name, and in Rekor v1 the number of its tree. */
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
  /** Further lines of the body. */
  readonly extensions?: readonly string[];
}

/** The body of a checkpoint: https://github.com/C2SP/C2SP/blob/main/tlog-checkpoint.md */
export function checkpointBody({ origin, size, root, extensions = [] }: Checkpoint): string {
  return [origin, size, base64(root), ...extensions].map((line) => `${line}\n`).join("");
}

/** One line of a signed note: https://github.com/C2SP/C2SP/blob/main/signed-note.md */
export function signatureLine(name: string, { key, logId }: CheckpointSigner, body: string): string {
  const signature = key.sign(new TextEncoder().encode(body));
  return `— ${name} ${base64(concat(logId.subarray(0, 4), signature))}\n`;
}

/** @param name - in the signature line; the origin's first word when absent. */
export function signedCheckpoint(checkpoint: Checkpoint, signer: CheckpointSigner, name?: string): string {
  const body = checkpointBody(checkpoint);
  return `${body}\n${signatureLine(name ?? checkpoint.origin.split(" ")[0] ?? "", signer, body)}`;
}
