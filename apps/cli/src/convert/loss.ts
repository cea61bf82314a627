import { TouchmarkError } from "@touchmark/core";

/** What a form of evidence may have no place for, and what that means to whoever gets it. */
export const LOSSES = {
  certificate: "who signed: a verifier would have to know the key already",
  "certificate-chain": "the certificates above the signer's: a verifier must have them, as trusted roots do",
  "log-entries": "that a log has the signature, and when: what needs a log is refused",
  "log-proofs": "that the log has the entry in its tree: its promise alone is left",
  "logged-envelope":
    "the bytes of the envelope that the log hashed: cosign refuses the entry, others do not compare them",
  timestamps: "when it was signed, as an authority says: without another time a certificate is refused",
} as const;

export type Loss = keyof typeof LOSSES;

/** In the order of {@link LOSSES}, each once. */
export function sortedLosses(losses: Iterable<Loss>): readonly Loss[] {
  const found = new Set(losses);
  return (Object.keys(LOSSES) as Loss[]).filter((loss) => found.has(loss));
}

/** @throws TouchmarkError `USAGE` for what is no name of a loss. */
export function lossesNamed(names: readonly string[]): readonly Loss[] {
  return names.map((name) => {
    if (Object.hasOwn(LOSSES, name)) return name as Loss;
    throw new TouchmarkError("USAGE", "--lossy names nothing that a conversion could lose", {
      expected: Object.keys(LOSSES).join(", "),
      actual: name,
    });
  });
}
