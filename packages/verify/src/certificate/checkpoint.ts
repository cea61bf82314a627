import { MAX_CHECKPOINT_SIGNATURES } from "./limits.ts";
import type { LogProof } from "./log-entry.ts";
import { refused } from "./refused.ts";

/**
 * Checks what Sigstore's verifier leaves open about a checkpoint (a signed note of a log, which it verifies): that it is
 * the one of this log, by name, and says what the proof says.
 *
 * @param host - of the log's base URL, with or without port.
 * @throws TouchmarkError `LOG_ENTRY_INVALID`.
 * @see https://github.com/C2SP/C2SP/blob/main/tlog-checkpoint.md
 */
export function checkCheckpoint(proof: LogProof, hosts: readonly string[]): void {
  const [origin = "", size = "", root = "", ...rest] = proof.checkpoint.split("\n");
  // The note ends with an empty line; before it, extension lines may follow. Behind it stand the signatures.
  if (!rest.includes("")) throw malformed("no end of the note");
  const signatures = rest.filter((line) => line.startsWith("\u2014 ")).length;
  if (signatures > MAX_CHECKPOINT_SIGNATURES) {
    throw refused("LOG_ENTRY_INVALID", "a checkpoint has too many signatures", {
      expected: `at most ${MAX_CHECKPOINT_SIGNATURES}`,
      actual: `${signatures}`,
    });
  }
  // Rekor v1 appends the tree's number: "rekor.sigstore.dev - 1193050959916656506".
  const name = /^(\S+)(?: - \d{1,20})?$/.exec(origin)?.[1] ?? "";
  if (!hosts.includes(name)) {
    throw refused("LOG_ENTRY_INVALID", "a checkpoint is of another log", {
      expected: hosts.join(" or "),
      actual: JSON.stringify(origin.slice(0, 120)),
    });
  }
  if (!/^(?:0|[1-9]\d{0,15})$/.test(size) || size !== proof.treeSize) throw malformed("another tree size");
  if (root !== proof.rootHash.toString("base64")) throw malformed("another root hash");
}

function malformed(actual: string) {
  return refused("LOG_ENTRY_INVALID", "a checkpoint does not say what its proof says", {
    expected: "the proof's tree size and root hash",
    actual,
  });
}
