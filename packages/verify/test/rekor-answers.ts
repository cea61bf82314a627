import { type LogEntry, pemOf, type SignedBundle } from "@touchmark/testkit/sigstore";

/** An entry as Rekor v1's API answers it. */
export function answerOf(entry: LogEntry) {
  const hex = (base64: string) => Buffer.from(base64, "base64").toString("hex");
  const proof = entry.inclusionProof;
  return {
    body: entry.canonicalizedBody,
    integratedTime: Number(entry.integratedTime),
    logID: hex(entry.logId.keyId),
    logIndex: Number(entry.logIndex),
    attestation: { data: "" },
    verification: {
      signedEntryTimestamp: entry.inclusionPromise?.signedEntryTimestamp ?? "",
      ...(proof === undefined
        ? {}
        : {
            inclusionProof: {
              checkpoint: proof.checkpoint.envelope,
              hashes: proof.hashes.map(hex),
              logIndex: Number(proof.logIndex),
              rootHash: hex(proof.rootHash),
              treeSize: Number(proof.treeSize),
            },
          }),
    },
  };
}

/** The envelope as slsa-github-generator wrote it before 2.1.0, and its log entry. */
export function takenApart({ bundle, leaf }: SignedBundle) {
  const { dsseEnvelope, verificationMaterial } = bundle;
  const [logged] = verificationMaterial.tlogEntries;
  if (dsseEnvelope === undefined || logged === undefined) throw new TypeError("not as asked for");
  const { payload, payloadType, signatures } = dsseEnvelope;
  return {
    envelope: {
      payloadType,
      payload,
      signatures: signatures.map(({ sig }) => ({ keyid: "", sig, cert: pemOf(leaf) })),
    },
    entry: answerOf(logged),
  };
}
